"""The play that makes the medium of the unattended install: from site file and vault to ISO, and its removal."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.sites import ROOT, example_folder
from tests.unit.gatekit.install.esxi import stand_in

pytestmark = pytest.mark.peer

PASSWORD = "a-root-password-of-the-test"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A hospital with the stand-in ISO beside its site file, and a vault with root's password."""
    folder = tmp_path / "inventories" / "pattern4"
    shutil.copytree(example_folder("pattern4"), folder)
    shutil.copy(ROOT / "inventories" / "data_centre.yml", folder.parent)
    iso = stand_in.installer_iso(tmp_path, "esxi.iso").rename(folder / "esxi.iso")
    document = yaml.safe_load((folder / "site.yml").read_text())
    document["appliance"]["esxi_installer"] = {
        "iso": {"path": "esxi.iso", "sha256": hashlib.sha256(iso.read_bytes()).hexdigest()},
        "nic1_mac": "aa:bb:cc:00:11:22",
    }
    write(folder, document)
    (folder / "group_vars" / "all").mkdir(parents=True, exist_ok=True)
    vault = {"vault": {"esxi_password": PASSWORD}, "gatekit_build": str(tmp_path / "build")}
    (folder / "group_vars" / "all" / "vault.yml").write_text(yaml.safe_dump(vault))
    return folder


def write(folder: Path, document: object) -> None:
    (folder / "site.yml").write_text(json.dumps(document, default=str))


def play(site: Path, *words: str) -> str:
    """Run the play and return what it said, with its exit status at the end."""
    command = ["ansible-playbook", "-i", str(site), "playbooks/esxi_install_medium.yml", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return f"{done.stdout}{done.stderr}\nrc={done.returncode}"


def test_ap_1_the_medium_is_made_once_found_again_and_removed(site: Path, tmp_path: Path) -> None:
    folder = tmp_path / "build" / "esxi_install_medium"
    said = [play(site, "--check"), play(site, "--diff"), play(site, "--diff")]
    assert [text.rpartition("rc=")[2] for text in said] == ["0"] * 3, said
    made = hashlib.sha256((folder / "installer.iso").read_bytes()).hexdigest()
    said.append(play(site, "-e", "esxi_install_medium_state=absent"))
    record = json.loads((tmp_path / "build" / "esxi_install_medium.json").read_text())
    assert not folder.exists()
    assert (record["iso_sha256"], record["present"], record["host_name"]) == (
        made, False, "gw-kita-esx.idlink.example.jp",
    )  # fmt: skip
    assert ["changed=1" in text for text in said] == [True, True, False, True], said
    assert PASSWORD not in "".join(said)


def test_a_live_site_is_refused_and_nothing_is_written(site: Path, tmp_path: Path) -> None:
    document = json.loads((site / "site.yml").read_text())
    document["hospital"]["stage"] = "live"
    document["esxi"] |= {"licence": "vsphere_standard"}  # no live site runs on an evaluation
    write(site, document)
    said = play(site)
    assert "GW146" in said
    assert said.endswith("rc=2")
    assert not (tmp_path / "build").exists()
