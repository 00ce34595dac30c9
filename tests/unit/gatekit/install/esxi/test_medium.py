"""The medium is made from a stand-in ISO of VMware's layout, read back, found unchanged, and removed."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from gatekit.errors import IntentError, IntentRefused
from gatekit.install.esxi import disc, installation, installer_iso, make_medium, medium, plan_medium, remove_medium
from gatekit.install.esxi.disc import boot_records, extract_tree
from gatekit.install.esxi.medium import Medium, read_record
from gatekit.intent.load import Intent
from gatekit.intent.operation import Artefact
from gatekit.intent.systems import EsxiInstaller
from gatekit.plan.make import make_plan
from tests.sites import data_centre, example_folder
from tests.unit.gatekit.install.esxi import stand_in
from tests.unit.gatekit.install.esxi.test_kickstart import HOST

pytestmark = pytest.mark.peer  # xorriso and openssl are run
PASSWORD = "a-root-password-of-the-test"
DAY = date(2026, 11, 23)
ANSWERED = {"KS.CFG", "BOOT.CFG", "EFI/BOOT/BOOT.CFG"}


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stand_in.installer_iso(tmp_path_factory.mktemp("stock"))


@pytest.fixture
def wanted(stock: Path, tmp_path: Path) -> Medium:
    sha256 = hashlib.sha256(stock.read_bytes()).hexdigest()
    return Medium(HOST, stock, sha256, tmp_path / "kita" / "esxi_install_medium", PASSWORD)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def unpacked(image: Path, folder: Path) -> dict[str, bytes]:
    extract_tree(image, folder)
    return contents(folder)


def test_ap_1_the_iso_answers_by_itself_and_boots_as_the_stock_iso_does(wanted: Medium, tmp_path: Path) -> None:
    record = make_medium(wanted, DAY)
    iso = wanted.folder / "installer.iso"
    before, after = unpacked(wanted.source, tmp_path / "before"), unpacked(iso, tmp_path / "after")
    assert boot_records(iso) == boot_records(wanted.source)
    assert [line for line in boot_records(iso) if "boot img" in line] == [
        "El Torito boot img: 1 BIOS y none 0x0000 0x00 4",
        "El Torito boot img: 2 UEFI y none 0x0000 0x00 2736",
    ]
    # the catalogue and the table that isolinux finds itself by hold block addresses
    moved = ANSWERED | {"BOOT.CAT", "ISOLINUX.BIN"}
    assert set(after) - set(before) == {"KS.CFG"}
    assert {path for path in before if after[path] != before[path]} <= moved
    assert after["BOOT.CFG"].count(b"\r\n") == before["BOOT.CFG"].count(b"\r\n")
    assert b"ks=cdrom:/KS.CFG" in after["EFI/BOOT/BOOT.CFG"]
    assert record.iso_sha256 == hashlib.sha256(iso.read_bytes()).hexdigest()
    assert (record.esxi, record.source_sha256, record.present) == ("8.0.3", wanted.source_sha256, True)


def test_the_tree_for_a_usb_stick_holds_the_same_with_its_own_place_of_the_script(
    wanted: Medium, tmp_path: Path
) -> None:
    make_medium(wanted, DAY)
    usb, stock = contents(wanted.folder / "usb"), unpacked(wanted.source, tmp_path / "stock")
    assert b"ks=usb:/KS.CFG systemMediaSize=min\r\n" in usb["BOOT.CFG"]
    assert b"ks=usb:/KS.CFG systemMediaSize=min\r\n" in usb["EFI/BOOT/BOOT.CFG"]
    assert {path: usb[path] for path in set(stock) - ANSWERED} == {path: stock[path] for path in set(stock) - ANSWERED}


def test_the_password_is_in_no_file_and_the_folder_is_the_owners_alone(wanted: Medium) -> None:
    make_medium(wanted, DAY)
    base = wanted.folder.parent
    assert wanted.folder.stat().st_mode & 0o777 == 0o700
    assert {path.name for path in base.iterdir()} == {"esxi_install_medium", "esxi_install_medium.json"}
    assert PASSWORD.encode() not in b"".join(contents(base).values())
    assert b"$6$" not in wanted.record.read_bytes()
    assert PASSWORD not in repr(wanted)


def test_the_password_is_never_an_argument_of_a_program(wanted: Medium, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[list[str]] = []
    real = subprocess.run

    def noting(command: list[str], **options: object) -> object:
        calls.append(command)
        return real(command, **options)  # type: ignore[call-overload]  # the options are passed on as they came

    monkeypatch.setattr(subprocess, "run", noting)
    make_medium(wanted, DAY)
    assert {Path(command[0]).name for command in calls} == {"xorriso", "openssl"}
    assert not [command for command in calls if any(PASSWORD in word for word in command)]


def test_a_second_run_finds_nothing_to_do_though_the_salt_is_random(wanted: Medium) -> None:
    assert plan_medium(wanted).changed
    make_medium(wanted, DAY)
    again = plan_medium(wanted)
    assert (again.changed, again.before) == (False, again.after)


def _damaged(wanted: Medium) -> Iterator[Medium]:
    yield replace(wanted, root_password="another-password")
    yield replace(wanted, source_sha256="0" * 64)
    yield replace(wanted, installation=replace(HOST, vlan=7))
    with (wanted.folder / "installer.iso").open("ab") as file:
        file.write(b"x")
    yield wanted


def test_another_password_iso_or_fact_or_a_damaged_medium_is_made_anew(wanted: Medium) -> None:
    make_medium(wanted, DAY)
    assert [plan_medium(other).changed for other in _damaged(wanted)] == [True] * 4


def test_removing_leaves_the_record_and_nothing_that_answers(wanted: Medium) -> None:
    make_medium(wanted, DAY)
    assert remove_medium(wanted.folder, predict=True)
    assert wanted.folder.exists()
    assert remove_medium(wanted.folder)
    assert not wanted.folder.exists()
    record = read_record(wanted.record)
    assert record is not None
    assert (record.present, len(record.iso_sha256)) == (False, 64)
    assert not remove_medium(wanted.folder)


def test_a_copy_that_would_boot_in_another_way_is_thrown_away(wanted: Medium, monkeypatch: pytest.MonkeyPatch) -> None:
    def without_uefi(source: Path, target: Path, files: dict[str, Path]) -> None:
        words = ["-indev", str(source), "-outdev", str(target), "-boot_image", "any", "discard"]
        mapped = [word for path, content in files.items() for word in ("-map", str(content), path)]
        disc._xorriso(source, *words, *mapped, "-commit")

    monkeypatch.setattr(medium, "remaster", without_uefi)
    with pytest.raises(IntentError) as caught:
        make_medium(wanted, DAY)
    assert caught.value.facts[:3] == ("GW147", "machine.xorriso", "the copy boots in another way")
    assert list(wanted.folder.parent.iterdir()) == []


def test_an_iso_that_is_no_esxi_installer_leaves_nothing_behind(wanted: Medium, tmp_path: Path) -> None:
    other = stand_in.installer_iso(tmp_path, "debian.iso", b"default vmlinuz\n")
    with pytest.raises(IntentError) as caught:
        make_medium(replace(wanted, source=other), DAY)
    assert caught.value.facts[:3] == ("GW145", "appliance.esxi_installer.iso /BOOT.CFG", "not an ESXi installer")
    assert list(wanted.folder.parent.iterdir()) == []


def test_an_iso_with_small_names_is_answered_under_its_own_names(wanted: Medium, tmp_path: Path) -> None:
    small = stand_in.installer_iso(tmp_path, "rock-ridge.iso", small_names=True)
    make_medium(replace(wanted, source=small), DAY)
    inside = unpacked(wanted.folder / "installer.iso", tmp_path / "after")
    assert b"ks=cdrom:/KS.CFG" in inside["boot.cfg"]
    assert b"ks=cdrom:/KS.CFG" in inside["efi/boot/boot.cfg"]
    assert "BOOT.CFG" not in inside
    assert "KS.CFG" in inside


def test_a_file_that_is_no_iso_is_refused(wanted: Medium, tmp_path: Path) -> None:
    (tmp_path / "noise.iso").write_bytes(b"noise" * 10_000)
    with pytest.raises(IntentError) as caught:
        make_medium(replace(wanted, source=tmp_path / "noise.iso"), DAY)
    assert caught.value.code in {"GW145", "GW147"}


# ---------------------------------------------------------------- from the site file
def intent(iso: Path | None, sha256: str = "0" * 64, stage: str = "staging") -> Intent:
    from gatekit.intent.load import load_intent  # noqa: PLC0415 - only these tests read a site

    base = load_intent(example_folder("pattern4"))
    given = iso and EsxiInstaller(iso=Artefact(path=iso.name, sha256=sha256), nic1_mac="aa:bb:cc:00:11:22")
    site = base.site.model_copy(
        update={
            "appliance": base.site.appliance.model_copy(update={"esxi_installer": given}),
            "hospital": base.site.hospital.model_copy(update={"stage": stage}),
        }
    )
    return Intent(site=site, data_centre=data_centre())


def test_ap_1_what_is_installed_follows_from_the_plan(stock: Path) -> None:
    wish = intent(stock)
    assert installation(wish, make_plan(wish).esxi) == replace(HOST, dns_servers=HOST.dns_servers[:1])


def test_a_live_site_is_refused_since_the_install_wipes(stock: Path) -> None:
    wish = intent(stock, stage="live")
    with pytest.raises(IntentRefused) as caught:
        installation(wish, make_plan(wish).esxi)
    assert [error.facts[:3] for error in caught.value] == [("GW146", "hospital.stage", "live")]


def test_another_iso_than_the_site_files_is_refused(stock: Path) -> None:
    with pytest.raises(IntentRefused) as caught:
        installer_iso(intent(stock, "1" * 64), stock.parent)
    assert [error.facts[:3] for error in caught.value] == [("GW142", "appliance.esxi_installer.iso.sha256", "1" * 64)]
    right = hashlib.sha256(stock.read_bytes()).hexdigest()
    assert installer_iso(intent(stock, right), stock.parent) == stock


def test_a_site_without_an_installer_is_told_what_to_write() -> None:
    with pytest.raises(IntentRefused) as caught:
        installer_iso(intent(None), Path())
    assert [error.facts[:2] for error in caught.value] == [("GW103", "appliance.esxi_installer")]
