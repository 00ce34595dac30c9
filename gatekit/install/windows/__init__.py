"""Windows on VM3 from Microsoft's media: the ISO with our answers to Setup."""

from gatekit.install.windows.answer_iso import answer_iso, read_back

__all__ = ["answer_iso", "read_back"]
