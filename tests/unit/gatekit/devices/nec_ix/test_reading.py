"""The reader against the plan, and against every way to make a configuration wrong."""

from __future__ import annotations

import pytest

from gatekit.devices.change.meaning import meaning_of
from gatekit.devices.nec_ix import PLATFORM
from gatekit.devices.nec_ix.text import settled
from gatekit.errors import DeviceError
from gatekit.plan.network_device import CpePart
from tests.sites import vendor_plan
from tests.unit.gatekit.simulators.nec_ix.boxes import SOMEBODY_ELSES, part, rendered, settled_box, typed


@pytest.mark.parametrize("pattern", ["pattern2", "pattern3"])
def test_what_is_rendered_means_what_is_planned(pattern: str) -> None:
    assert PLATFORM.meaning(rendered(part(pattern)), part(pattern)) == meaning_of(part(pattern))


@pytest.mark.parametrize("pattern", ["pattern2", "pattern3"])
def test_what_the_box_shows_means_what_is_planned(pattern: str) -> None:
    shown = typed(rendered(part(pattern)) + SOMEBODY_ELSES).text(keys_in_clear=False)
    assert PLATFORM.meaning(settled(shown), part(pattern)) == meaning_of(part(pattern))


def test_a_key_in_clear_and_a_masked_one_read_alike() -> None:
    shown = [settled(settled_box(keys_in_clear=clear).running_text()) for clear in (True, False)]
    assert shown[0] == shown[1]
    assert "ikev2 authentication psk id fqdn dc-cn.idlink.example.jp key <hidden>\n" in shown[0]


def test_nw_6_the_line_may_not_ask_though_neighbour_discovery_passes() -> None:
    line = [permit for permit in PLATFORM.meaning(rendered(), part()).permits if permit.source.version == 6]
    assert {(permit.protocol.value, permit.port) for permit in line} == {("udp", 500), ("udp", 4500), ("esp", None)}


def test_an_unknown_line_is_named_without_its_secret() -> None:
    wrong = (
        rendered()
        .replace("key char <secret vpn_psk>", "key char tell-nobody", 1)
        .replace("id fqdn dc-cn", "id ipv9 dc-cn", 1)
    )
    with pytest.raises(DeviceError) as refused:
        PLATFORM.meaning(settled(wrong), part())
    assert refused.value.facts[:2] == ("GW427", "cpe.configuration")
    assert "tell-nobody" not in str(refused.value)


def test_the_order_of_a_list_that_refuses_and_permits_is_kept() -> None:
    mixed = "ip access-list x permit ip src any dest 10.0.0.0/8\nip access-list x deny ip src any dest any\n"
    assert settled(mixed) == mixed
    assert settled("ip route 10.2.0.0/16 10.0.0.1\nip route 10.1.0.0/16 10.0.0.1\n").startswith("ip route 10.1.")


def test_vpn_1_both_units_of_a_pair_mean_what_is_planned() -> None:
    plan = vendor_plan("nec_ix", "pattern1").cpe
    assert plan is not None
    alone = plan.model_copy(update={"wan": plan.wan.model_copy(update={"ipv4": False})})  # no other services
    for unit in alone.units:
        wanted = CpePart(alone, unit)
        assert PLATFORM.meaning(PLATFORM.render(wanted), wanted) == meaning_of(wanted)
