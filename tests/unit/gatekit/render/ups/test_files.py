"""NUT's configuration and the units of the shutdown."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from gatekit.errors import RenderError
from gatekit.plan.power_failure import ups_role_secrets
from gatekit.plan.ups import UpsPlan
from gatekit.render.ups import ups_role_input
from tests.ups import ups

CA = "-----BEGIN CERTIFICATE-----\n"


def given(machine: str, plan: UpsPlan | None = None, rehearsal: str = "") -> dict[str, Any]:
    return ups_role_input((plan or ups()).model_dump(mode="json"), machine, CA, rehearsal)


def files(machine: str, plan: UpsPlan | None = None, rehearsal: str = "") -> dict[str, dict[str, str]]:
    return {row["path"]: row for row in given(machine, plan, rehearsal)["files"]}


def text(machine: str, path: str, plan: UpsPlan | None = None, rehearsal: str = "") -> str:
    return files(machine, plan, rehearsal)[path]["content"]


def test_ap_5_the_card_is_asked_with_authentication_and_privacy() -> None:
    lines = [line.strip() for line in text("vm2", "/etc/nut/ups.conf").splitlines()]
    for line in (
        "[gwups]",
        "driver = snmp-ups",
        "port = 10.161.4.6:161",
        "snmp_version = v3",
        "secLevel = authPriv",
        "authProtocol = SHA256",
        'privPassword = "<secret ups_snmp_privacy_password>"',
        "offdelay = 285",
    ):
        assert line in lines


def test_ap_5_a_cable_is_found_by_its_ids() -> None:
    found = text("vm2", "/etc/nut/ups.conf", ups("usb"))
    assert "driver = usbhid-ups" in found
    assert "vendorid = 051d" in found
    assert "snmp" not in found
    assert "nut-snmp" not in given("vm2", ups("usb"))["packages"]


def test_a_rehearsal_plays_states_and_asks_no_ups() -> None:
    found = text("vm2", "/etc/nut/ups.conf", rehearsal="ups.status: OL\n")
    assert "driver = dummy-ups" in found
    assert "offdelay" not in found
    assert text("vm2", "/etc/nut/rehearsal.dev", rehearsal="ups.status: OL\n") == "ups.status: OL\n"
    assert files("vm2")["/etc/nut/rehearsal.dev"]["state"] == "absent"


def test_ap_5_too_long_on_battery_ends_as_a_low_battery_does_and_mains_call_it_off() -> None:
    found = text("vm2", "/etc/nut/upssched.conf")
    assert "AT ONBATT * START-TIMER too-long-on-battery 600\n" in found
    assert "AT ONLINE * CANCEL-TIMER too-long-on-battery\n" in found
    assert text("vm2", "/usr/local/lib/gatekit/ups_event").endswith("exec /usr/sbin/upsmon -c fsd\n")


def test_ap_5_the_shutdown_is_a_unit_that_ends_this_machine_whatever_became_of_it() -> None:
    unit = text("vm2", "/etc/systemd/system/gatekit-ups-shutdown.service")
    assert {"SuccessAction=poweroff", "FailureAction=poweroff", "TimeoutStartSec=345"} <= set(unit.splitlines())
    assert "systemctl --no-block start gatekit-ups-shutdown.service" in text("vm2", "/etc/nut/upsmon.conf")


def test_ap_5_vm1_stops_by_itself_when_its_turn_has_come() -> None:
    assert "OnActiveSec=135\n" in text("vm1", "/etc/systemd/system/gatekit-ups-poweroff.timer")
    monitor = text("vm1", "/etc/nut/upsmon.conf")
    assert "systemctl --no-block start gatekit-ups-poweroff.timer" in monitor
    assert re.search(r"^MONITOR gwups@10\.161\.4\.20:3493 1 gwclient .* secondary$", monitor, re.MULTILINE)


def test_ap_5_the_settings_are_the_plans_and_hold_no_secret() -> None:
    settings = json.loads(text("vm2", "/etc/gatekit/ups_shutdown.json"))
    assert settings["host"]["user"] == "gwups"
    assert [(row["name"], row["stop_s"]) for row in settings["machines"]] == [("vm3", 120), ("vm1", 120)]
    assert settings["order_s"] == 15
    assert "<secret" not in json.dumps(settings)
    assert {settings["host"]["password_file"], settings["ups"]["password_file"]} <= set(files("vm2"))


@pytest.mark.parametrize("machine", ["vm1", "vm2"])
def test_a_file_with_a_secret_is_read_by_root_and_nut_alone(machine: str) -> None:
    named = {name for row in files(machine).values() for name in re.findall(r"<secret (\w+)>", row["content"])}
    assert named == set(ups_role_secrets(ups(), machine))
    for row in files(machine).values():
        if "<secret" in row["content"]:
            assert (row["mode"], row["group"]) in {("0640", "nut"), ("0600", "root")}, row["path"]


def test_the_program_lies_there_whole() -> None:
    program = "/usr/local/lib/gatekit/gatekit_ups"
    imports = re.findall(r"^from \.(\w+) import", text("vm2", f"{program}/shutdown.py"), re.MULTILINE)
    assert {f"{program}/{name}.py" for name in imports} <= set(files("vm2"))


def test_units_that_would_undo_ours_are_masked_and_every_file_is_one_that_is_laid_down() -> None:
    units = {row["name"]: row for row in given("vm2")["units"]}
    assert units["nut-driver-enumerator.path"]["enablement"] == "masked"
    read = {path for row in units.values() for path in row.get("reads", ())}
    assert read <= set(files("vm2"))
    assert "nut-driver@gwups.service" in units


def test_a_machine_that_has_nothing_to_do_with_it_is_refused() -> None:
    with pytest.raises(RenderError) as refused:
        given("vm3")
    assert refused.value.facts[:3] == ("GW302", "ups.machine", "vm3")
