"""A Linux CPE unit: known by its label, refused with another site's tunnel, and empty after its wipe."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekit.portable import linux_unit
from gatekit.portable.commands import Outcome
from gatekit.portable.errors import NodeError
from gatekit.render.linux.cpe_files import cpe_files
from gatekit.render.linux.host_facts import CpeHostFacts
from tests.sites import example_plan

PLAN = example_plan("pattern2").cpe
assert PLAN is not None
IDENTITY = PLAN.tunnel.local.identity
FILES = cpe_files(PLAN, CpeHostFacts(lan="lan0", wan="wan0", tunnel="ipsec0", if_id=None))
WRITTEN = (FILES.rules, *FILES.ways, *FILES.settled)
PATHS = [file.path for file in WRITTEN]
SERIAL = "CPE-0201"


class Node:
    """A unit's root, and the commands that were run on it."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root, self.ran = root, list[str]()
        self.associations = ""
        monkeypatch.setattr(linux_unit, "available", lambda _: True)
        monkeypatch.setattr(linux_unit, "run", self._run)

    def commission(self) -> None:
        for file in WRITTEN:
            path = self.root / file.path.lstrip("/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(file.content.replace("<secret vpn_psk>", "Psk-Word-8"))
        linux_unit.label(self.root, SERIAL)

    def found(self) -> linux_unit.Found:
        return linux_unit.examine(self.root, PATHS)

    def files(self) -> list[str]:
        return [str(path) for path in self.root.rglob("*") if path.is_file()]

    def _run(self, words: list[str]) -> Outcome:
        self.ran.append(" ".join(words))
        return Outcome(0, self.associations if words[0] == "swanctl" else "", "")


@pytest.fixture
def node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Node:
    return Node(tmp_path, monkeypatch)


def test_a_fresh_unit_is_nobodys_and_a_commissioned_one_is_ours(node: Node) -> None:
    assert node.found() == linux_unit.Found("", (), ())
    assert node.found().condition(IDENTITY) == "factory"
    node.commission()
    assert (node.found().serial, node.found().identities) == (SERIAL, (IDENTITY,))
    assert node.found().condition(IDENTITY) == "ours"
    assert node.found().condition("gw-kita.example.jp") == "foreign"


def test_a_label_is_written_once(node: Node) -> None:
    assert linux_unit.label(node.root, SERIAL) is True
    assert linux_unit.label(node.root, SERIAL) is False


def test_a_unit_with_another_label_is_refused(node: Node) -> None:
    node.commission()
    with pytest.raises(NodeError) as refused:
        linux_unit.refuse_another(node.found(), "CPE-0202", IDENTITY, erase_serial="CPE-0202")
    assert refused.value.facts[:2] == ("GW409", "cpe.serial")


@pytest.mark.parametrize(("agreed", "refuses"), [("", True), ("CPE-0202", True), (SERIAL, False)])
def test_vpn_2_another_sites_tunnel_goes_only_with_consent_to_this_unit(node: Node, agreed: str, refuses: bool) -> None:
    node.commission()
    if not refuses:
        linux_unit.refuse_another(node.found(), SERIAL, "gw-kita.example.jp", erase_serial=agreed)
        return
    with pytest.raises(NodeError) as refused:
        linux_unit.refuse_another(node.found(), SERIAL, "gw-kita.example.jp", erase_serial=agreed)
    assert refused.value.facts[:2] == ("GW409", "cpe.configuration")


def test_vpn_3_a_wiped_unit_has_no_file_tunnel_or_label_left(node: Node) -> None:
    node.commission()
    stranger = node.root / "etc/swanctl/conf.d/other.conf"
    stranger.write_text("connections { other { local { id = gw-kita.example.jp } } }\n")
    kept = node.root / "etc/hostname"
    kept.write_text("cpe\n")
    removed = linux_unit.wipe(node.root, PATHS, FILES.units, "inet gatekit_fw")
    assert node.files() == [str(kept)]
    assert "etc/swanctl/conf.d/other.conf" in removed
    assert node.found() == linux_unit.Found("", (), ())
    assert "systemctl disable --now strongswan.service" in node.ran
    assert "systemctl disable --now systemd-networkd.service" not in node.ran
    assert "nft delete table inet gatekit_fw" in node.ran


def test_vpn_3_a_wipe_needs_exactly_this_units_label(node: Node) -> None:
    node.commission()
    linux_unit.refuse_labelled(node.found(), SERIAL)
    with pytest.raises(NodeError) as refused:
        linux_unit.refuse_labelled(node.found(), "CPE-0202")
    assert refused.value.facts[:3] == ("GW409", "cpe.serial", f"serial number {SERIAL}, not CPE-0202")


def test_vpn_3_a_unit_whose_tunnel_is_up_is_in_use(node: Node) -> None:
    linux_unit.refuse_in_use()
    node.associations = "dc-main: #2, ESTABLISHED, IKEv2\n"
    with pytest.raises(NodeError) as refused:
        linux_unit.refuse_in_use()
    assert refused.value.facts[:3] == ("GW408", "cpe.tunnel", "up")
