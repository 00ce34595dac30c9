"""What the controller keeps of one CPE unit: build/<site>/units/<serial>/, its host key and what was done with it.

The host key is learnt once, when our account first answers on the unit whose serial number the console has just
shown; from then on it is pinned. A wipe takes it away with the key itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gatekit.errors import IntentError

UNITS = "units"
KNOWN_HOSTS, HOST_KEY = "known_hosts", "ssh_host_key.pub"
_SERIAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


class UnitFolder:
    """The files of one unit; ``serial`` as the site file and the maker's label have it."""

    def __init__(self, build: Path, serial: str) -> None:
        if not _SERIAL.fullmatch(serial):
            raise IntentError("GW104", "unit.serial", serial, "Give the serial number as it stands on the label.")
        self.path, self.serial = build / UNITS / serial, serial

    @property
    def known_hosts(self) -> Path:
        """Return the file with the unit's pinned key; there only once it was reached."""
        return self.path / KNOWN_HOSTS

    @property
    def host_key(self) -> str:
        """Return the pinned public key, or an empty text."""
        path = self.path / HOST_KEY
        return path.read_text(encoding="ascii").strip() if path.is_file() else ""

    def pin(self, host_key: str, host: str, port: int) -> None:
        """Keep a key that was just learnt."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        addressed = host if port == 22 else f"[{host}]:{port}"
        (self.path / HOST_KEY).write_text(f"{host_key}\n", encoding="ascii")
        self.known_hosts.write_text(f"{addressed} {host_key}\n", encoding="ascii")

    def forget_key(self) -> None:
        """Forget the key of a unit that no longer has it."""
        for name in (HOST_KEY, KNOWN_HOSTS):
            (self.path / name).unlink(missing_ok=True)


def pinned_at_first_contact(name: str, facts: Mapping[str, Any]) -> str:
    """Return the host key that commissioning pinned for an inventory's CPE, or an empty text.

    ``facts``: the host's variables, with ``cpe_plan`` and ``gatekit_build``.
    """
    if "cpe_plan" not in facts:
        return ""
    role = "spare" if name == "cpe_spare" else "main"
    serial = next(unit["serial"] for unit in facts["cpe_plan"]["units"] if unit["role"] == role)
    return UnitFolder(Path(facts["gatekit_build"]), serial).host_key
