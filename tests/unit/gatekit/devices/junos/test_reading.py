from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from gatekit.devices.change.meaning import Meaning, meaning_of
from gatekit.devices.junos import PLATFORM
from gatekit.errors import DeviceError, RenderError
from gatekit.plan import make_plan
from gatekit.plan.network_device import FirewallPlan
from tests.sites import PATTERNS, generated_intent, parts_of, vendor_plan
from tests.unit.gatekit.simulators.junos.boxes import as_planned, firewall, l3_switch, srx, without


@pytest.mark.parametrize("name", PATTERNS)
def test_what_is_rendered_means_what_is_planned(name: str) -> None:
    part = firewall(name)
    assert PLATFORM.meaning(PLATFORM.render(part), part) == meaning_of(part)


@pytest.mark.parametrize("name", PATTERNS)
def test_what_the_box_shows_of_it_means_the_same(name: str) -> None:
    part = firewall(name)
    assert PLATFORM.meaning(srx(as_planned(part)).running_text(), part) == meaning_of(part)


def test_what_is_rendered_for_the_switch_means_our_route() -> None:
    part = l3_switch()
    assert PLATFORM.meaning(PLATFORM.render(part), part) == meaning_of(part)


@pytest.mark.parametrize("number", range(8))
def test_generated_hospitals_mean_what_is_planned(number: int) -> None:
    part = make_plan(generated_intent(number)).firewall
    ports = ("ge-0/0/0", "ge-0/0/1", "ge-0/0/2")
    rows = tuple(row.model_copy(update={"port": port}) for row, port in zip(part.interfaces, ports, strict=True))
    part = part.model_copy(update={"interfaces": rows, "product": "juniper_srx"})
    assert PLATFORM.meaning(PLATFORM.render(part), part) == meaning_of(part)


def test_base_means_base() -> None:
    part = firewall()
    assert part.tunnel is not None
    base = {"level": "BASE", "encryption": "aes256-cbc", "integrity": "sha256", "prf": "sha256", "dh_group": 19}
    tunnel = part.tunnel.model_copy(update={"suite": part.tunnel.suite.model_copy(update=base)})
    part = part.model_copy(update={"tunnel": tunnel})
    assert PLATFORM.meaning(PLATFORM.render(part), part) == meaning_of(part)


def _meaning(text: str, part: FirewallPlan) -> Meaning | str:
    try:
        return PLATFORM.meaning(text, part)
    except DeviceError as err:
        return err.code


def _swap(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert re.search(old, text), old
        return re.sub(old, new, text)

    return change


def _drop(pattern: str) -> Callable[[str], str]:
    return lambda text: without(text, pattern)


def _add(*lines: str) -> Callable[[str], str]:
    return lambda text: text + "".join(f"{line}\n" for line in lines)


SSH_ON_TRUST = "security-zone TRUST interfaces ge-0/0/2.0 host-inbound-traffic system-services ssh"
PROXY = "from-zone TRUST to-zone DMZ policy proxy-settings"
DMZ_UNTRUST = "set security policies from-zone DMZ to-zone UNTRUST policy leak"
MUTATIONS: dict[str, Callable[[str], str]] = {
    "one policy less": _drop(r"policy pacs-store-main "),
    "one way to the firewall less": _drop(r"to-zone junos-host policy maintain-firewall "),
    "half of the way of support to the firewall": _drop(r"from-zone VPN to-zone DMZ policy support-firewall "),
    "one port opened": _add(f"set security policies {PROXY} match application tcp-22"),
    "another port": _swap(r"application tcp-3128 destination-port 3128", "application tcp-3128 destination-port 3129"),
    "a range of ports": _swap(r"destination-port 3128", "destination-port 3128-3130"),
    "a wider source": _swap(r"(address net-172.20.0.0-16) 172.20.0.0/16", r"\1 172.16.0.0/12"),
    "any source": _swap(r"policy link-orders match source-address \S+", "policy link-orders match source-address any"),
    "any application": _swap(r"policy link-emr match application \S+", "policy link-emr match application any"),
    "all of ICMP": _drop(r"icmp-type echo-request"),
    "another service of the firewall": _add(f"set security zones {SSH_ON_TRUST}"),
    "telnet": _add("set system services telnet"),
    "a service of the zone": _add("set security zones security-zone DMZ host-inbound-traffic system-services all"),
    "a service less": _drop(r"security-zone DMZ .* system-services ssh"),
    "root by SSH": _swap("root-login deny", "root-login allow"),
    "no last denial to the firewall": _drop(r"from-zone TRUST to-zone junos-host policy deny-host"),
    "no last denial between zones": _drop(r"global policy deny-rest then deny"),
    "a zone that no denial covers": _drop(r"global policy deny-rest match to-zone TRUST"),
    "permit by default": _swap("deny-all", "permit-all"),
    "a policy out of force": _add("deactivate security policies global policy deny-rest"),
    "weaker IKE cipher": _swap(r"(ike proposal \S+ encryption-algorithm) \S+", r"\1 aes-128-gcm"),
    "weaker ESP cipher": _swap(r"(ipsec proposal \S+ encryption-algorithm) \S+", r"\1 aes-128-cbc"),
    "weaker group": _swap(r"dh-group group20", "dh-group group14"),
    "weaker PRF": _swap(r"authentication-algorithm sha-384", "authentication-algorithm sha-256"),
    "weaker PFS": _swap(r"keys group20", "keys group14"),
    "no PFS": _drop(r"perfect-forward-secrecy"),
    "a second offer": _add("set security ike policy DC proposals IKE-BASE"),
    "IKEv1": _swap(r"version v2-only", "version v1-only"),
    "another peer": _swap(r"gateway DC address 203.0.113.10", "gateway DC address 203.0.113.11"),
    "another identity": _swap(r"local-identity hostname gw-", "local-identity hostname xx-"),
    "other selectors": _swap(r"local-ip 10.161.4.0/24", "local-ip 10.161.0.0/16"),
    "slower dead peer detection": _swap(r"detection interval 10", "detection interval 30"),
    "another MTU": _swap(r"mtu 1374", "mtu 1500"),
    "another MSS": _swap(r"mss 1334", "mss 1460"),
    "another next hop": _swap(r"(route 192.168.30.0/24 next-hop) \S+", r"\1 192.168.10.9"),
    "one route less": _drop(r"route 192.168.30.0/24"),
    "one route more": _add("set routing-options static route 10.0.0.0/8 next-hop 198.51.100.1"),
    "a second next hop": _add("set routing-options static route 0.0.0.0/0 next-hop 198.51.100.2"),
    "a preference": _add("set routing-options static route 10.200.0.0/16 preference 200"),
    "no discard route": _drop(r"route 10.200.0.0/16 discard"),
    "half of the tunnel's route": _drop(r"route 10.200.128.0/17"),
    "the data centre in clear": _swap(r"(route 10.200.0.0/17 next-hop) st0.0", r"\1 198.51.100.1"),
    "no filter on UNTRUST": _drop(r"ge-0/0/0 .* filter output no-clear"),
    "a filter that lets the data centre pass": _swap(r"term data-centre then discard", "term data-centre then accept"),
    "a filter without the data centre": _drop(r"from destination-address 10.200"),
    "a filter with half of it": _swap(r"(from destination-address) 10.200.0.0/16", r"\1 10.200.0.0/17"),
    "a way in clear": _add(
        f"{DMZ_UNTRUST} match source-address host-10.161.4.10",
        f"{DMZ_UNTRUST} match destination-address host-10.200.9.10",
        f"{DMZ_UNTRUST} match application tcp-443",
        f"{DMZ_UNTRUST} then permit",
    ),
    "source translation": _add("set security nat source rule-set x from zone DMZ"),
    "another address": _swap(r"address 10.161.4.254/24", "address 10.161.4.253/24"),
    "another host name": _swap(r"host-name \S+", "host-name x"),
    "another time server": _swap(r"ntp server 10.200.9.10", "ntp server 10.200.9.11"),
    "another log server": _swap(r"(syslog host) 10.200.9.10", r"\1 10.200.9.11"),
    "policies that log elsewhere": _swap(r"(stream data-centre host) 10.200.9.10", r"\1 10.200.9.11"),
    "a port in another zone": _swap(r"(security-zone TRUST interfaces) ge-0/0/2.0", r"\1 ge-0/0/3.0"),
    "an inherited group": _add("set apply-groups node0"),
    "an unknown line": _add("set security alg sip disable"),
}  # fmt: skip


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_changed_text_means_something_else_or_is_not_understood(name: str) -> None:
    part = firewall()
    found = _meaning(MUTATIONS[name](PLATFORM.render(part)), part)
    assert found == "GW427" or (isinstance(found, Meaning) and found != meaning_of(part))


def test_the_order_of_a_filters_terms_counts() -> None:
    part = firewall()
    lines = PLATFORM.render(part).splitlines(keepends=True)
    first = [line for line in lines if "term rest" in line]
    rest = [line for line in lines if "term rest" not in line]
    assert _meaning("".join([*first, *rest]), part) == "GW427"


def test_an_error_names_the_line_and_says_what_to_do() -> None:
    part = firewall()
    with pytest.raises(DeviceError) as caught:
        PLATFORM.meaning(PLATFORM.render(part) + "set security alg sip disable\n", part)
    assert caught.value.facts == (
        "GW427",
        "firewall.configuration",
        "set security alg sip disable",
        "Find out who wrote it and what for; remove it, or teach gatekit its meaning.",
    )


def test_what_is_not_ours_is_not_read() -> None:
    part = firewall()
    foreign = "set snmp location rack-7\nset interfaces ge-0/0/7 unit 0 family inet address 10.9.9.1/24\n"
    assert PLATFORM.meaning(PLATFORM.render(part) + foreign, part) == meaning_of(part)


def test_a_cpe_is_no_part_of_this_platform() -> None:
    part = parts_of(vendor_plan("juniper_srx", "pattern1"))["cpe_main"]
    with pytest.raises(RenderError) as caught:
        PLATFORM.render(part)
    assert caught.value.code == "GW301"
