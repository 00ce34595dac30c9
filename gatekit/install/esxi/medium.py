"""One site's install medium: an ISO and a tree for a USB stick in a private folder, and the record that stays.

The folder (mode 0700) holds the hash of root's password, so it is removed after the install; the record beside
it says which medium was made, of what, and whether it is still there.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from gatekit.errors import IntentError
from gatekit.install.esxi.boot_configuration import GET_ISO, require_installer, with_kickstart
from gatekit.install.esxi.disc import boot_records, extract, extract_tree, files_of, remaster
from gatekit.install.esxi.installation import INSTALLER, Installation
from gatekit.install.esxi.kickstart import kickstart
from gatekit.install.esxi.password_hash import fresh_salt, salt_of, sha512_crypt
from gatekit.model import Frozen
from gatekit.whole_file import write_atomically

__all__ = ["Medium", "MediumChange", "Record", "make_medium", "plan_medium", "remove_medium"]

KICKSTART = "/KS.CFG"
BOOT_CONFIGURATIONS = ("/BOOT.CFG", "/EFI/BOOT/BOOT.CFG")  # BIOS, UEFI
ISO, USB, RECORD = "installer.iso", "usb", "esxi_install_medium.json"


class Record(Frozen):
    """build/<site>/esxi_install_medium.json: what was made, without a secret."""

    site: str
    host_name: str
    made_on: date
    esxi: str  # version of the installer, e.g. 8.0.3
    source_sha256: str
    iso_sha256: str
    present: bool  # False once the medium was removed


@dataclass(frozen=True, slots=True)
class Medium:
    """What is wanted: for which host, from which ISO (already judged by its sha256), in which folder."""

    installation: Installation
    source: Path
    source_sha256: str
    folder: Path
    root_password: str = field(repr=False)

    @property
    def record(self) -> Path:
        """Return where the record lies: beside the folder, since it outlives it."""
        return self.folder.parent / RECORD


@dataclass(frozen=True, slots=True)
class MediumChange:
    """Whether there is something to do, and what a person sees before and after."""

    changed: bool
    before: dict[str, str]
    after: dict[str, str]


def plan_medium(wanted: Medium) -> MediumChange:
    """Return whether the medium has to be made: none is there, or one for other facts, another ISO or password.

    Raises:
        IntentError: GW104 or GW147 from the password's hash.
    """
    found = read_record(wanted.record)
    if found is not None and _is_there(wanted, found):
        facts = _facts(found.source_sha256, found.host_name)
        return MediumChange(changed=False, before=facts, after=facts)
    before = _facts(found.source_sha256, found.host_name) if found is not None and found.present else {}
    return MediumChange(True, before, _facts(wanted.source_sha256, wanted.installation.host_name))


def make_medium(wanted: Medium, made_on: date) -> Record:
    """Make folder and record anew, whole or not at all, and return the record.

    The ISO is read back: both configurations, the script, and how it boots.

    Raises:
        IntentError: GW145 not an ESXi installer or below 8.0; GW147 xorriso or OpenSSL failed, or the copy
            does not boot as the operator's ISO does.
    """
    script = kickstart(wanted.installation, sha512_crypt(wanted.root_password, fresh_salt()), made_on).encode()
    wanted.folder.parent.mkdir(parents=True, exist_ok=True)
    # mkdtemp makes it 0700, so nobody else can look in at any time
    with tempfile.TemporaryDirectory(prefix=".esxi-medium-", dir=wanted.folder.parent) as scratch:
        work, made = Path(scratch), Path(scratch, "made")
        made.mkdir(mode=0o700)
        stock, version = _stock_configurations(wanted.source, work)
        _make_iso(wanted.source, made / ISO, _answers(stock, script, "cdrom"), work)
        _make_usb_tree(wanted.source, made / USB, _answers(stock, script, "usb"))
        with (made / ISO).open("rb") as file:
            iso_sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        _drop(wanted.folder)
        made.rename(wanted.folder)
    record = Record(
        site=wanted.installation.site,
        host_name=wanted.installation.host_name,
        made_on=made_on,
        esxi=version,
        source_sha256=wanted.source_sha256,
        iso_sha256=iso_sha256,
        present=True,
    )
    _write_record(wanted.record, record)
    return record


def remove_medium(folder: Path, *, predict: bool = False) -> bool:
    """Remove the medium after the install and note it; return whether there was one."""
    path = folder.parent / RECORD
    record = read_record(path)
    there = folder.exists() or (record is not None and record.present)
    if there and not predict:
        _drop(folder)
        if record is not None:
            _write_record(path, record.model_copy(update={"present": False}))
    return there


def read_record(path: Path) -> Record | None:
    """Return the record, None when there is none that can be read."""
    try:
        return Record.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def _facts(source_sha256: str, host_name: str) -> dict[str, str]:
    return {"installer_sha256": source_sha256, "installs": host_name}


def _is_there(wanted: Medium, found: Record) -> bool:
    """Return whether the folder holds exactly what would be made now, but for the salt and the day."""
    iso, script = wanted.folder / ISO, wanted.folder / USB / KICKSTART.lstrip("/")
    if not found.present or found.source_sha256 != wanted.source_sha256 or not iso.is_file() or not script.is_file():
        return False
    text = script.read_text(encoding="ascii")
    salt = salt_of(text)
    if salt is None or text != kickstart(wanted.installation, sha512_crypt(wanted.root_password, salt), found.made_on):
        return False
    with iso.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == found.iso_sha256


def _stock_configurations(source: Path, work: Path) -> tuple[dict[str, bytes], str]:
    """Return both boot.cfg of the operator's ISO, by their names on it, and the version it installs."""
    names = {name.upper(): name for name in files_of(source)}
    missing = [path for path in BOOT_CONFIGURATIONS if path not in names]
    if missing:
        raise IntentError("GW145", f"{INSTALLER}.iso", f"no {missing[0]}", GET_ISO)
    copies = {names[path]: work / f"stock{index}" for index, path in enumerate(BOOT_CONFIGURATIONS)}
    extract(source, copies)
    stock = {path: copy.read_bytes() for path, copy in copies.items()}
    versions = [require_installer(content, f"{INSTALLER}.iso {path}") for path, content in stock.items()]
    return stock, ".".join(map(str, versions[0]))


def _answers(stock: dict[str, bytes], script: bytes, medium: str) -> dict[str, bytes]:
    """Return path on the medium -> content of what differs from the operator's ISO."""
    place = f"{medium}:{KICKSTART}"
    changed = {path: with_kickstart(content, place, f"{INSTALLER}.iso {path}") for path, content in stock.items()}
    return {KICKSTART: script, **changed}


def _make_iso(source: Path, target: Path, answers: dict[str, bytes], work: Path) -> None:
    given = {}
    for index, (path, content) in enumerate(answers.items()):
        given[path] = work / f"given{index}"
        given[path].write_bytes(content)
    remaster(source, target, given)
    target.chmod(0o600)
    back = {path: work / f"back{index}" for index, path in enumerate(answers)}
    extract(target, back)
    differing = [path for path, copy in back.items() if copy.read_bytes() != answers[path]]
    if differing or boot_records(target) != boot_records(source):
        fix = "The copy was thrown away. Use another version of xorriso (1.5.4 and 1.5.6 are known to work)."
        raise IntentError("GW147", "machine.xorriso", differing or "the copy boots in another way", fix)


def _make_usb_tree(source: Path, target: Path, answers: dict[str, bytes]) -> None:
    """Lay down what is copied onto an empty FAT32 stick; written with dd, its boot.cfg could not be changed."""
    extract_tree(source, target)
    for path, content in answers.items():
        copy = target / path.lstrip("/")
        copy.write_bytes(content)
        copy.chmod(0o600)


def _drop(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def _write_record(path: Path, record: Record) -> None:
    write_atomically(path, (record.model_dump_json(indent=2) + "\n").encode())
