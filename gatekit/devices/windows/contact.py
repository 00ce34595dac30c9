"""How far VM3's Windows is, from what the ESXi host knows of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gatekit.catalogue.windows import windows
from gatekit.devices.esxi.vm_state import FirstBootState, VmState
from gatekit.model import Text
from gatekit.plan.windows import WindowsPlan

__all__ = ["Contact", "Phase", "contact_of"]

READY = "ok"
"""What gw-bootstrap.ps1 writes when it has done everything."""


class Phase(StrEnum):
    """Where the guest is between an empty VM and a maintained Windows."""

    NO_VM = "no_vm"
    NO_MEDIA = "no_media"
    INSTALLING = "installing"
    FAILED = "failed"
    FIRST_CONTACT = "first_contact"
    MAINTAINED = "maintained"


REASONS = {
    Phase.NO_VM: Text(ja="VM3が起動していない", en="VM3 is not there or not running"),
    Phase.NO_MEDIA: Text(
        ja="Windowsの媒体が指定されていない（windows.installation_media）",
        en="no Windows media is named (windows.installation_media)",
    ),
    Phase.INSTALLING: Text(ja="Windowsのインストール中", en="Windows is being installed"),
    Phase.FAILED: Text(
        ja="初回起動の処理が失敗（C:\\ProgramData\\gw\\bootstrap.json）",
        en="the first boot's script failed (C:\\ProgramData\\gw\\bootstrap.json)",
    ),
}


@dataclass(frozen=True, slots=True)
class Contact:
    """The phase, and of a guest that can be asked the SHA-256 of the certificate it made itself."""

    phase: Phase
    fingerprint: str = ""

    @property
    def reachable(self) -> bool:
        """Return whether Windows can be logged into."""
        return self.phase in {Phase.FIRST_CONTACT, Phase.MAINTAINED}

    @property
    def reason(self) -> Text | None:
        """Return why Windows cannot be logged into; None when it can."""
        return REASONS.get(self.phase)


def contact_of(state: VmState | None, plan: WindowsPlan) -> Contact:
    """Return how far the guest is; what it says of itself came through the host, before any network."""
    facts = windows()
    if state is None or not state.powered_on:
        return Contact(Phase.NO_VM)
    said = state.options.get(facts.guest_state, "")
    fingerprint = state.options.get(facts.guest_certificate, "")
    if state.first_boot is FirstBootState.USED:
        return Contact(Phase.MAINTAINED, fingerprint)
    if said == READY and fingerprint:
        return Contact(Phase.FIRST_CONTACT, fingerprint)
    if said:
        return Contact(Phase.FAILED)
    return Contact(Phase.INSTALLING if plan.installation_media else Phase.NO_MEDIA)
