"""From the maker's box into our account's reach, on every CPE product that the engine changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gatekit.devices.change.engine import change_device
from gatekit.devices.change.meaning import meaning_of
from gatekit.devices.change.model import Ending
from gatekit.devices.change.record import DeviceRecord
from gatekit.devices.change.request import ChangeRequest
from gatekit.devices.commissioning.commission import bring_into_reach, restart
from gatekit.devices.commissioning.factory import Condition
from gatekit.errors import DeviceError, IntentError
from gatekit.simulators.nec_ix import Configuration
from tests.unit.gatekit.devices.commissioning.bench import (
    FOREIGN,
    PRODUCTS,
    SECRETS,
    Bench,
    bench_of,
    give_configuration,
    part_of,
)

pytestmark = pytest.mark.peer
every_product = pytest.mark.parametrize("product", PRODUCTS)


def planned(bench: Bench, *, check: bool = False) -> Ending:
    """Let the one change engine bring the whole plan to a unit in reach."""
    access = bench.access
    request = ChangeRequest(
        platform=access.platform,
        login=replace(access.login, known_hosts=access.folder.known_hosts),
        part=bench.part,
        secrets=SECRETS,
        plan_sha256="0" * 64,
        undo_after_s=3600,
        interruption_allowed=True,
        check=check,
    )
    return change_device(request, DeviceRecord(bench.folder.path / "devices", "cpe_main", "Key-4711")).ending


@every_product
def test_vpn_2_a_factory_fresh_unit_comes_to_the_plan_and_stays_there_without_power(product, tmp_path):
    with bench_of(part_of(product), tmp_path) as bench:
        done = bring_into_reach(bench.access)
        assert (done.changed, done.found) == (True, Condition.FACTORY)
        assert done.unit is not None
        assert done.unit.serial == bench.part.unit.serial
        assert done.host_key == bench.folder.host_key
        assert planned(bench) is Ending.CONFIRMED
        restart(bench.access)
        assert planned(bench, check=True) is Ending.UNCHANGED
        meaning = bench.access.platform.meaning(bench.look(bench.box.running_text), bench.part)
        assert meaning == meaning_of(bench.part)
        kept = "".join(path.read_text() for path in bench.folder.path.rglob("*") if path.is_file())
        assert not [name for name, value in SECRETS.items() if value in kept + repr(done) + repr(bench.access)]


@every_product
def test_a_unit_in_reach_is_left_alone_and_its_console_is_not_asked(product, tmp_path):
    with bench_of(part_of(product), tmp_path) as bench:
        bring_into_reach(bench.access)
        before = bench.look(bench.box.running_text)
        again = bring_into_reach(bench.reached(bench.part, with_console=False))
        assert (again.changed, again.found) == (False, None)
        assert bench.look(bench.box.running_text) == before


@every_product
def test_a_look_at_a_fresh_unit_configures_and_pins_nothing(product, tmp_path):
    with bench_of(part_of(product), tmp_path) as bench:
        seen = bring_into_reach(bench.access, check=True)
        assert (seen.changed, seen.found) == (True, Condition.FACTORY)
        assert not bench.folder.path.exists()
        assert bench.part.unit.host_name not in bench.look(bench.box.running_text)


@every_product
def test_a_unit_with_another_serial_number_is_not_touched(product, tmp_path):
    with bench_of(part_of(product), tmp_path) as bench:
        with pytest.raises(DeviceError) as refused:
            bring_into_reach(bench.reached(bench.part, serial="CPE-9999"))
        assert (refused.value.code, refused.value.path) == ("GW409", "cpe.serial")
        assert bench.part.unit.serial in str(refused.value)
        assert bench.part.unit.host_name not in bench.look(bench.box.running_text)


@every_product
def test_a_password_that_the_unit_would_garble_is_refused_before_its_console_is_opened(product, tmp_path):
    with bench_of(part_of(product), tmp_path) as bench:
        access = bench.access
        assert access.console is not None
        nobody_there = replace(access.console.login, port=1)  # opening it would end otherwise
        garbled = replace(access.console, login=nobody_there, secrets={**SECRETS, "cpe_password": "Aa1-bad?word-9"})
        with pytest.raises(IntentError) as refused:
            bring_into_reach(replace(access, console=garbled))
        assert refused.value.facts[:2] == ("GW108", "vault.cpe_password")
        assert bench.part.unit.host_name not in bench.look(bench.box.running_text)


@every_product
@pytest.mark.parametrize("agreed", ["", "CPE-9999"])
def test_somebody_elses_configuration_stays_without_consent_to_this_units_wipe(product, agreed, tmp_path):
    with bench_of(part_of(product), tmp_path) as bench:
        bench.look(lambda: give_configuration(bench.box, product, FOREIGN[product]))
        with pytest.raises(DeviceError) as refused:
            bring_into_reach(bench.access, erase_serial=agreed)
        assert (refused.value.code, refused.value.path) == ("GW409", "cpe.configuration")
        assert "other-site" in bench.look(bench.box.running_text)


@every_product
def test_with_consent_somebody_elses_configuration_is_wiped_whole_before_ours_is_typed(product, tmp_path):
    with bench_of(part_of(product), tmp_path) as bench:
        bench.look(lambda: give_configuration(bench.box, product, FOREIGN[product]))
        done = bring_into_reach(bench.access, erase_serial=bench.part.unit.serial)
        assert done.found is Condition.FOREIGN
        text = bench.look(bench.box.running_text)
        assert "other-site" not in text
        assert "10.9.0.0" not in text
        assert bench.part.unit.host_name in text


def test_a_unit_with_accounts_that_are_not_ours_is_not_entered(tmp_path):
    with bench_of(part_of("nec_ix"), tmp_path) as bench:
        theirs = Configuration().load("username colleague password plain 1 other-pass-88 administrator\n")
        bench.look(lambda: setattr(bench.box, "startup", theirs))
        bench.look(bench.box.boot)
        bench.simulator.power_cycle(1.0)
        with pytest.raises(DeviceError) as refused:
            bring_into_reach(bench.access)
        assert (refused.value.code, refused.value.path) == ("GW401", "console.login")


def test_without_a_console_a_fresh_unit_cannot_be_reached(tmp_path):
    with bench_of(part_of("nec_ix"), tmp_path) as bench:
        with pytest.raises(DeviceError) as refused:
            bring_into_reach(bench.reached(bench.part, with_console=False))
        assert refused.value.code == "GW402"
        assert "console_host" in refused.value.fix


@every_product
def test_an_attempt_that_was_cut_off_half_way_is_taken_up_again(product, tmp_path):
    """Our host name is on it, the host key is not pinned: the console finds a unit of ours."""
    with bench_of(part_of(product), tmp_path) as bench:
        bring_into_reach(bench.access)
        bench.folder.forget_key()
        done = bring_into_reach(bench.access)
        assert (done.changed, done.found) == (True, Condition.OURS)
        assert done.host_key == bench.folder.host_key
