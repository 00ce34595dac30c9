"""The module as Ansible runs it: label, refuse, look, wipe, and look again."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout, suppress
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args

from tests.contract.module_runs import LIBRARY, load

MODULE = next(path for path in LIBRARY if path.stem == "linux_cpe_unit")
SITE = {"serial": "CPE-0201", "identity": "gw-minami.idlink.example.jp", "paths": ["/etc/gatekit/firewall.nft"]}
CONF = "connections { dc-main { local { id = fqdn:%s } } }\nsecrets { ike { secret = Psk-Word-8 } }\n"


class Unit:
    """A unit's root, and the module that runs on it without its daemons."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root, self._monkeypatch = root, monkeypatch

    def run(self, state: str, *, check: bool = False, **given: Any) -> dict[str, Any]:
        module, said = load(MODULE), io.StringIO()
        module.ROOT = self.root
        self._monkeypatch.setattr(module.linux_unit, "run", _systemctl_alone)
        self._monkeypatch.setattr(module.linux_unit, "available", lambda _: False)
        arguments = {"state": state, **SITE, **given, "_ansible_check_mode": check}
        with patch_module_args(arguments), redirect_stdout(said), suppress(SystemExit):
            module.main()
        result: dict[str, Any] = json.loads(said.getvalue())
        return result

    def write(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)

    def left(self) -> list[str]:
        return sorted(str(path.relative_to(self.root)) for path in self.root.rglob("*") if path.is_file())


def _systemctl_alone(words: list[str], **_: Any) -> Any:
    from ansible.module_utils.gatekit.commands import Outcome  # noqa: PLC0415 - there once the module was loaded

    assert words[0] == "systemctl", words
    return Outcome(0, "", "")


@pytest.fixture
def unit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Unit:
    return Unit(tmp_path, monkeypatch)


def test_vpn_2_a_fresh_unit_is_labelled_once(unit: Unit) -> None:
    assert unit.run("labelled", check=True)["changed"] is True
    assert unit.left() == []
    first = unit.run("labelled")
    assert (first["changed"], first["found"]) == (True, "factory")
    assert unit.run("labelled")["changed"] is False


def test_vpn_2_another_sites_unit_is_refused_until_its_end_is_agreed_to(unit: Unit) -> None:
    unit.write("etc/swanctl/conf.d/dc.conf", CONF % "gw-kita.example.jp")
    refused = unit.run("labelled")
    assert (refused["code"], refused["path"]) == ("GW409", "cpe.configuration")
    assert "Psk-Word-8" not in json.dumps(refused)
    agreed = unit.run("labelled", erase_serial="CPE-0201")
    assert agreed["found"] == "foreign"
    assert unit.run("wiped")["removed"] == ["etc/swanctl/conf.d/dc.conf", "etc/gatekit"]
    assert unit.left() == []


def test_vpn_3_a_wipe_leaves_nothing_and_a_second_one_finds_nothing(unit: Unit) -> None:
    unit.run("labelled")
    unit.write("etc/swanctl/conf.d/dc.conf", CONF % SITE["identity"])
    unit.write("etc/gatekit/firewall.nft", "table inet gatekit_fw {}\n")
    looked = unit.run("wiped", check=True)
    assert (looked["changed"], looked["left"]) == (True, ["/etc/gatekit/firewall.nft"])
    assert len(unit.left()) == 3
    done = unit.run("wiped")
    assert (done["changed"], done["found"], done["left"]) == (True, "ours", [])
    assert unit.left() == []
    assert unit.run("wiped")["changed"] is False


def test_vpn_3_another_label_is_not_wiped(unit: Unit) -> None:
    unit.run("labelled")
    refused = unit.run("wiped", serial="CPE-0202")
    assert (refused["code"], refused["path"]) == ("GW409", "cpe.serial")
    assert unit.left() == ["etc/gatekit/serial-number"]
