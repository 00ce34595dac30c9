"""A unit that came back forgets everything, and no other unit ever does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gatekit.devices.commissioning.commission import bring_into_reach
from gatekit.devices.commissioning.factory import Condition
from gatekit.devices.commissioning.wipe import wipe
from gatekit.errors import DeviceError
from tests.unit.gatekit.devices.commissioning.bench import (
    PRODUCTS,
    SECRETS,
    Bench,
    bench_of,
    give_configuration,
    part_of,
)

pytestmark = pytest.mark.peer
every_product = pytest.mark.parametrize("product", PRODUCTS)
OLD = "CPE-0077"
SHOWN = {
    "nec_ix": "Router#",
    "yamaha_rtx": "Password:",
    "cisco_iosxe": "Would you like to enter the initial configuration dialog? [yes/no]:",
}
"""What each console shows on a unit that nobody has configured."""


def came_back(bench: Bench, *, line_leads_out: bool = False) -> None:
    """Let the unit be as it was in the rack: the site's whole configuration, saved."""
    access = bench.access
    text = access.platform.render(bench.part)
    bench.look(lambda: give_configuration(bench.box, bench.part.plan.product, text))
    bench.box.line_leads_out = line_leads_out
    bench.box.has_host_key = True


def todays(bench: Bench) -> Bench:
    """The site file names another unit by now."""
    named = part_of(bench.part.plan.product, serial="CPE-0399")
    return replace(bench, part=named)


@every_product
def test_vpn_3_a_returned_unit_is_wiped_and_seen_empty_after_its_restart(product, tmp_path):
    with bench_of(part_of(product, serial=OLD), tmp_path) as old:
        came_back(old)
        bench = todays(old)
        done = wipe(bench.access, agreed_serial=OLD, by="yamada")
        assert (done.serial, done.by, done.changed) == (OLD, "yamada", True)
        assert SHOWN[product] in done.shown
        assert not bench.box.has_host_key
        left = bench.look(bench.box.running_text)
        assert bench.part.unit.host_name not in left
        assert "gwops" not in left
        assert not [name for name, value in SECRETS.items() if value in left + repr(done)]
        assert wipe(bench.access, agreed_serial=OLD, by="yamada").changed is False
        assert bring_into_reach(bench.reached(old.part), check=True).found is Condition.FACTORY


@every_product
def test_a_look_says_that_the_unit_would_be_wiped_and_leaves_it(product, tmp_path):
    with bench_of(part_of(product, serial=OLD), tmp_path) as old:
        came_back(old)
        before = old.look(old.box.startup.copy)
        assert wipe(todays(old).access, agreed_serial=OLD, by="yamada", check=True).changed is True
        assert old.look(lambda: old.box.startup) == before


@every_product
def test_a_unit_whose_tunnel_is_up_is_not_wiped(product, tmp_path):
    with bench_of(part_of(product, serial=OLD), tmp_path) as old:
        came_back(old, line_leads_out=True)
        with pytest.raises(DeviceError) as refused:
            wipe(todays(old).access, agreed_serial=OLD, by="yamada")
        assert (refused.value.code, refused.value.path) == ("GW408", "cpe.tunnel")
        assert old.part.unit.host_name in old.look(old.box.running_text)


@every_product
def test_the_unit_itself_has_to_show_the_serial_number_that_was_agreed_to(product, tmp_path):
    with bench_of(part_of(product, serial=OLD), tmp_path) as old:
        came_back(old)
        old.box.serial = "CPE-0078"  # the wrong one was connected
        with pytest.raises(DeviceError) as refused:
            wipe(todays(old).access, agreed_serial=OLD, by="yamada")
        assert (refused.value.code, refused.value.path) == ("GW409", "cpe.serial")
        assert old.part.unit.host_name in old.look(old.box.running_text)


@pytest.mark.parametrize("agreed", ["", "CPE-0078"])
def test_nothing_is_even_looked_at_without_agreement_to_this_unit(agreed, tmp_path):
    with bench_of(part_of("nec_ix", serial=OLD), tmp_path) as old:
        with pytest.raises(DeviceError) as refused:
            wipe(todays(old).access, agreed_serial=agreed, by="yamada")
        assert (refused.value.code, refused.value.path) == ("GW408", "cpe.wipe")
        assert not old.console.cables


def test_a_unit_that_the_site_file_names_is_in_use(tmp_path):
    with bench_of(part_of("nec_ix", serial=OLD), tmp_path) as bench:
        with pytest.raises(DeviceError) as refused:
            wipe(bench.access, agreed_serial=OLD, by="yamada")
        assert (refused.value.code, refused.value.path) == ("GW408", "cpe.wipe")
        assert "one of this site's units" in str(refused.value)


def test_an_rtx_account_without_the_serial_port_cannot_use_its_console(tmp_path):
    """Why the plan's account has connection=serial,ssh."""
    with bench_of(part_of("yamaha_rtx", serial=OLD), tmp_path) as old:
        text = old.access.platform.render(old.part).replace("connection=serial,ssh", "connection=ssh")
        old.look(lambda: give_configuration(old.box, "yamaha_rtx", text))
        old.simulator.power_cycle(1.0)
        with pytest.raises(DeviceError) as refused:
            wipe(todays(old).access, agreed_serial=OLD, by="yamada")
        assert refused.value.code == "GW401"
