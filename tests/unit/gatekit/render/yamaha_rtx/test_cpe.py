"""The RTX's configuration of each example that may have one."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network

import pytest

from gatekit.errors import RenderError
from gatekit.plan.network_device import CpePart, CpePlan
from gatekit.portable.secrets import reveal
from gatekit.render.yamaha_rtx.cpe import cpe_config
from gatekit.render.yamaha_rtx.filters import FilterBook, binding
from gatekit.simulators.yamaha_rtx.configuration import Configuration
from gatekit.simulators.yamaha_rtx.device import load
from tests.sites import parts_of, vendor_plan

PATTERNS = ("pattern1", "pattern2", "pattern3")


def part(name: str = "pattern1", role: str = "main") -> CpePart:
    found = parts_of(vendor_plan("yamaha_rtx", name))[f"cpe_{role}"]
    assert isinstance(found, CpePart)
    return found


def plain(line: str) -> str:
    return reveal("test", line, {"cpe_password": "Cpe-Word-1", "vpn_psk": "Psk-Word-1"})


def changed(one: CpePart, **fields) -> CpePart:
    plan: CpePlan = one.plan.model_copy(update=fields)
    return CpePart(plan, one.unit)


@pytest.mark.parametrize("name", PATTERNS)
def test_the_same_plan_gives_the_same_text(name):
    assert cpe_config(part(name)) == cpe_config(part(name))


def test_main_and_spare_differ_in_the_prompt_alone():
    main, spare = (cpe_config(part(role=role)).splitlines() for role in ("main", "spare"))
    assert set(main) ^ set(spare) == {"console prompt cpe-higashi-a", "console prompt cpe-higashi-b"}


@pytest.mark.parametrize("name", PATTERNS)
def test_secrets_stand_by_name(name):
    text = cpe_config(part(name))
    assert [line.strip() for line in text.splitlines() if "<secret " in line] == [
        "administrator password <secret cpe_password>",
        "login user gwops <secret cpe_password>",
        "ipsec ike pre-shared-key 1 text <secret vpn_psk>",
    ]


@pytest.mark.parametrize("name", PATTERNS)
def test_the_simulated_router_takes_every_line_and_hides_none_as_a_default(name):
    text = cpe_config(part(name))
    taken = Configuration()
    load(taken, text, reveal=plain)
    wanted = [line for line in text.splitlines() if not line.startswith("tunnel select")]
    assert len(taken.lines) == len(wanted)


def test_without_hikari_denwa_the_address_is_made_of_the_lines_advertisement():
    text = cpe_config(part("pattern1"))
    assert "\nipv6 lan2 address ra-prefix@lan2::10/64\n" in text
    assert "\nipv6 lan2 dhcp service client ir=on\n" in text
    assert "  ipsec ike local address 1 ipv6 prefix ra-prefix@lan2::10/64 on lan2\n" in text
    assert "ipv6 route" not in text


def test_with_hikari_denwa_it_is_made_of_the_delegated_prefix():
    text = cpe_config(part("pattern2"))
    assert "\nipv6 lan1 address dhcp-prefix@lan2::10/64\n" in text
    assert "\nipv6 lan2 dhcp service client\n" in text
    assert "\nipv6 route default gateway dhcp lan2\n" in text
    assert "  ipsec ike local address 1 ipv6 prefix dhcp-prefix@lan2::10/64 on lan1\n" in text


def ipv6_list(text: str) -> list[str]:
    bound = next(line for line in text.splitlines() if line.startswith("ipv6 lan2 secure filter in "))
    bodies = dict(
        line.removeprefix("ipv6 filter ").split(" ", 1) for line in text.splitlines() if "ipv6 filter" in line
    )
    return [bodies[number] for number in bound.split()[5:]]


def test_nw_6_the_line_lets_in_the_peer_and_what_ipv6_needs_and_nothing_else():
    assert ipv6_list(cpe_config(part("pattern1"))) == [
        "pass 2001:db8:dc::10 * udp * 500,4500",
        "pass 2001:db8:dc::10 * esp * *",
        "pass * * icmp-nd * *",
        "pass * * icmp6 1-4 *",
        "pass * * udp * 546",
        "reject-log * * * * *",
    ]


def test_vpn_1_only_a_line_with_other_services_has_ipv4_and_translates():
    with_services, without = cpe_config(part("pattern1")), cpe_config(part("pattern3"))
    for line in ("ip lan2 address dhcp", "ip lan2 nat descriptor 1", "ip route default gateway dhcp lan2"):
        assert f"\n{line}\n" in with_services
        assert line not in without


def test_level_high_is_refused_with_the_fix():
    one = part()
    suite = one.plan.tunnel.suite.model_copy(
        update={"level": "HIGH", "encryption": "aes256-gcm16", "integrity": "none", "prf": "sha384", "dh_group": 20}
    )
    with pytest.raises(RenderError) as refused:
        cpe_config(changed(one, tunnel=one.plan.tunnel.model_copy(update={"suite": suite})))
    assert refused.value.facts == (
        "GW302",
        "cpe.tunnel.suite",
        "HIGH, group 20",
        "Write crypto: BASE in the site file: an RTX has AES-256-CBC, SHA-256 and group 14 at most.",
    )


def test_a_port_of_another_maker_is_refused():
    one = part()
    with pytest.raises(RenderError) as refused:
        cpe_config(changed(one, wan=one.plan.wan.model_copy(update={"port": "GigaEthernet0.0"})))
    assert refused.value.facts == (
        "GW302",
        "vpn.cpe.ports.wan",
        "GigaEthernet0.0",
        "Name the interface as the RTX does: lan1, lan2.",
    )


def test_an_ipv4_underlay_is_refused():
    one = part()
    with pytest.raises(RenderError) as refused:
        cpe_config(changed(one, tunnel=one.plan.tunnel.model_copy(update={"underlay": "ipv4"})))
    assert refused.value.facts[:3] == ("GW302", "cpe.tunnel.underlay", "ipv4")


def test_services_in_clear_without_ipv4_on_the_line_are_refused():
    one = part()
    with pytest.raises(RenderError) as refused:
        cpe_config(changed(one, wan=one.plan.wan.model_copy(update={"ipv4": False})))
    assert refused.value.facts[:3] == ("GW302", "cpe.wan.ipv4", "other.regional_portal")


def test_a_life_that_the_router_does_not_take_is_refused():
    one = part()
    with pytest.raises(RenderError) as refused:
        cpe_config(changed(one, tunnel=one.plan.tunnel.model_copy(update={"child_rekey_s": 60})))
    assert refused.value.facts[:3] == ("GW302", "cpe.tunnel.child_rekey_s", 60)


def test_more_filters_than_a_list_takes_are_refused():
    with pytest.raises(RenderError) as refused:
        binding("ip lan1 secure filter in", range(129), [1])
    assert refused.value.facts[:3] == ("GW302", "cpe.ip lan1 secure filter in", 130)


def test_a_filters_number_follows_from_its_text_alone():
    first, second = FilterBook(), FilterBook()
    second.ip("pass * * udp * 1")
    assert first.ip("reject * * * * *") == second.ip("reject * * * * *")


def test_filters_whose_numbers_meet_get_different_ones(monkeypatch):
    monkeypatch.setattr("gatekit.render.yamaha_rtx.filters.crc32", lambda _: 7)
    book = FilterBook()
    assert [book.ip("pass a"), book.ip("pass b"), book.ip("pass a")] == [100_007, 100_008, 100_007]


def test_another_flow_renumbers_no_other_filter():
    one = part()
    extra = one.plan.flows[-1].model_copy(update={"id": "other.more", "ports": (8443,)})
    before, after = cpe_config(one), cpe_config(changed(one, flows=(*one.plan.flows, extra)))
    filters = [
        {line for line in text.splitlines() if " filter " in line and "secure" not in line} for text in (before, after)
    ]
    assert filters[0] <= filters[1]
    assert len(filters[1] - filters[0]) == 1


def test_logins_are_bounded_by_first_and_last_address():
    assert "\nsshd host 10.161.1.30 10.161.1.250 10.200.9.0-10.200.9.255\n" in cpe_config(part())
    assert IPv4Address("10.200.9.255") in IPv4Network("10.200.9.0/24")
