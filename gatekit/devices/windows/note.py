"""What the last run of playbooks/windows.yml has to say: ``build/<site>/windows.json``.

Written by the question to the ESXi host when no Windows can be asked, else by the role windows_maintenance with what it
read back.
"""

from __future__ import annotations

from gatekit.model import Frozen, Text

NOTE_FILE = "windows.json"


class ReadBack(Frozen):
    """What roles/windows_maintenance/files/read_back.ps1 reads; other means than those that set it."""

    system: str
    time_source: str
    listening_tcp: tuple[int, ...]
    defender_real_time: bool
    defender_definitions: str  # YYYY-MM-DD, or none
    smb1: bool
    enabled_accounts: tuple[str, ...]


class WindowsNote(Frozen):
    """The last run's word: ``reason`` why Windows was not touched, else what it was brought to and read back."""

    reason: Text | None = None
    baseline_sha256: str = ""
    read_back: ReadBack | None = None
