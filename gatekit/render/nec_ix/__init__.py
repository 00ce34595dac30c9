"""NEC UNIVERGE IX: the CPE of patterns 1 to 3, level BASE."""

from gatekit.render.nec_ix.cpe import cpe_config

__all__ = ["cpe_config"]
