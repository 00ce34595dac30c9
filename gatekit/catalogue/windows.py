"""What is known of Windows on VM3, read once from windows.yml."""

from __future__ import annotations

from functools import cache

from gatekit.catalogue.fact_file import facts_in
from gatekit.model import Frozen


class PartitionSizes(Frozen):
    """MB; the system's partition takes the rest of the disk."""

    efi: int
    reserved: int
    recovery: int


class ImageNames(Frozen):
    """/IMAGE/NAME of one Windows version, with the desktop and without."""

    desktop: str
    core: str


class LanguageFacts(Frozen):
    """Locales by what they govern, the input method, and Setup's keyboard (LayeredDriver)."""

    display: str
    system: str
    user: str
    input: str
    layered_driver: int


class WindowsFacts(Frozen):
    """See windows.yml for the meaning and unit of each."""

    time_zone: str
    location: int
    administrator: str
    computer_name_length: int
    disk_mb: PartitionSizes
    recovery_type: str
    images: dict[str, ImageNames]
    languages: dict[str, LanguageFacts]
    tools_iso: str
    answer_iso: str
    setup_folder: str
    state_folder: str
    first_certificate_days: int
    guest_state: str
    guest_certificate: str


@cache
def windows() -> WindowsFacts:
    """Return the facts of windows.yml."""
    return WindowsFacts.model_validate(facts_in("windows.yml"))
