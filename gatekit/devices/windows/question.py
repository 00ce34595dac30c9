"""One question about VM3's Windows, and the answer the job goes on with."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gatekit.devices.esxi.install_media import is_there, remove_media
from gatekit.devices.esxi.session import Session
from gatekit.devices.esxi.vm_read import vm_refs, vm_states
from gatekit.devices.windows.contact import Contact, contact_of
from gatekit.devices.windows.door import Door, log_in, shown_certificate, trusted_pem
from gatekit.devices.windows.note import NOTE_FILE, WindowsNote
from gatekit.plan.windows import WindowsPlan

__all__ = ["TRUST_FILE", "Answer", "Question", "ask", "clear"]

TRUST_FILE = "vm3.pem"
SETUP, ADMINISTRATOR = "setup", "administrator"


@dataclass(frozen=True, slots=True)
class Question:
    """Where Windows listens, which passwords it may have, and which CA may have signed its certificate."""

    address: str
    passwords: Mapping[str, str] = field(repr=False)  # by ADMINISTRATOR and SETUP
    authority: str


@dataclass(frozen=True, slots=True)
class Answer:
    """How far the guest is, and the files of ``build/<site>`` that say so."""

    contact: Contact
    first_contact: bool
    media: tuple[str, ...]
    files: dict[str, str]

    def as_result(self) -> dict[str, object]:
        """Return it as the module reports it."""
        return {
            "phase": str(self.contact.phase),
            "reachable": self.contact.reachable,
            "first_contact": self.first_contact,
            "media": list(self.media),
        }


def ask(session: Session, plan: WindowsPlan, question: Question) -> Answer:
    """Return how far VM3's Windows is; nothing is sent to it before its certificate is trusted.

    Raises:
        DeviceError: GW401 no password opens, GW402 host or guest do not answer, GW416 another certificate.
    """
    found = vm_states(session, vm_refs(session)).get(plan.vm)
    state = found[1] if found else None
    contact, media = contact_of(state, plan), state.cdroms if state else ()
    if not contact.reachable:
        note = WindowsNote(reason=contact.reason).model_dump_json(indent=1) + "\n"
        return Answer(contact, first_contact=False, media=media, files={NOTE_FILE: note})
    door = Door(question.address, plan.winrm_port)
    pem = trusted_pem(shown_certificate(door), contact.fingerprint, question.authority)
    # the password that stays is tried first: a run that broke off after the change goes on from there
    passwords = {name: question.passwords[name] for name in (ADMINISTRATOR, SETUP) if question.passwords.get(name)}
    with tempfile.TemporaryDirectory(prefix="gatekit-") as folder:
        trusted = Path(folder, TRUST_FILE)
        trusted.write_text(pem, encoding="ascii")
        opened = log_in(door, plan.administrator, trusted, passwords)
    return Answer(contact, first_contact=opened == SETUP, media=media, files={TRUST_FILE: pem})


def clear(session: Session, plan: WindowsPlan, *, write: bool) -> bool:
    """Take the installation media off VM3 and the answers off the datastore; return whether there were any.

    Raises:
        DeviceError: the meaning of the host's fault.
    """
    found = vm_states(session, vm_refs(session)).get(plan.vm)
    if found is None or not (found[1].cdroms or is_there(session, plan.answer_media.path)):
        return False
    if write:
        remove_media(session, found[0], plan.answer_media.path)
    return True
