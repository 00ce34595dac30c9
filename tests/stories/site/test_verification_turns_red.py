"""Break the built twin on purpose, one fault at a time: verification must turn red on the right record.

Every fault is taken back, whatever happens; see ``breaking``.
"""

from __future__ import annotations

import time

import pytest

from gatekit.verify.evidence import read_site
from tests.stories.site.breaking import SITE, Host, fault, green_again, red, verify

TUNNEL_WAIT_S = 60

pytestmark = pytest.mark.story


def test_ap_6_a_port_opened_on_vm2_turns_its_listener_check_red() -> None:
    """The packet filter still holds, so only the socket itself gives it away."""
    vm2 = Host("vm2")
    start = "systemd-run --unit=gatekit-story-listener python3 -m http.server 9999 --directory /usr/share/doc"
    with fault(lambda: vm2(start), lambda: vm2("systemctl stop gatekit-story-listener.service")):
        time.sleep(1)
        status, records = verify("listening.*", "refused.his_terminal.vm2.tcp")
    assert (status, red(records)) == (1, {"listening.vm2"})
    assert "tcp/9999" in records["listening.vm2"]["observed"]["en"]
    green_again("listening.vm2")


def test_ap_6_a_port_let_through_by_filter_and_firewall_turns_the_refusal_red() -> None:
    """An accept on the firewall and on VM2: the reset of a closed port shows that nothing filters it any more."""
    vm2, firewall = Host("vm2"), Host("firewall")
    port = 9999

    def insert(host: Host, chain: str) -> None:
        table = own_table(host)
        host(f"nft insert rule inet {table} {chain} tcp dport {port} counter accept comment gatekit-story")

    def remove(host: Host, chain: str) -> None:
        table = own_table(host)
        for line in host(f"nft -a list chain inet {table} {chain}").splitlines():
            if "gatekit-story" in line:
                host(f"nft delete rule inet {table} {chain} handle {line.rsplit(' ', 1)[1]}")

    def make() -> None:
        insert(firewall, "forward")
        insert(vm2, "input")
        insert(vm2, "output")

    def take_back() -> None:
        remove(firewall, "forward")
        remove(vm2, "input")
        remove(vm2, "output")

    with fault(make, take_back):
        status, records = verify("refused.his_terminal.vm2.tcp", "refused.his_terminal.vm1.tcp")
    assert (status, red(records)) == (1, {"refused.his_terminal.vm2.tcp"})
    assert str(port) in records["refused.his_terminal.vm2.tcp"]["observed"]["en"]
    green_again("refused.his_terminal.vm2.tcp")


def own_table(host: Host) -> str:
    """Return the name of the device's one inet table of ours (gatekit on guests, the firewall has its own)."""
    names = [line.split()[2] for line in host("nft list tables inet").splitlines()]
    assert len(names) == 1, names
    return names[0]


def test_ap_3_a_stopped_squid_turns_service_and_proxy_red() -> None:
    vm2 = Host("vm2")
    with fault(lambda: vm2("systemctl stop squid.service"), lambda: vm2("systemctl start squid.service")):
        status, records = verify("service.squid", "proxy.portal.*", "reach.proxy.terminals.*", "pac.*")
    expected = {"service.squid", "proxy.portal.his_terminal", "reach.proxy.terminals.his_clients.vm2.3128"}
    assert (status, red(records)) == (1, expected)
    green_again("service.squid", "proxy.portal.*")


def test_nw_6_a_wrong_key_turns_the_tunnel_red_and_nothing_leaves_in_clear() -> None:
    """The key is replaced in the running daemon only; the file on disk stays, and reloading it repairs."""
    plan, _, _ = read_site(SITE)
    firewall, name = Host("firewall"), plan.tunnel.name
    wrong = "/run/gatekit-story.conf"
    text = f"secrets {{ ike-{name} {{ id = fqdn:{plan.tunnel.remote.identity}\n secret = not-the-key\n }} }}"

    def make() -> None:
        firewall(f"umask 077; printf '%s\\n' '{text}' > {wrong}")
        firewall(f"swanctl --load-creds --clear --file {wrong}")
        firewall(f"swanctl --terminate --ike {name} --timeout 10")

    def take_back() -> None:
        firewall(f"rm -f {wrong}")
        firewall("swanctl --load-creds --clear")
        firewall(f"swanctl --initiate --child {name} --timeout {TUNNEL_WAIT_S}")

    with fault(make, take_back):
        time.sleep(2)
        status, records = verify("tunnel.*", "reach.dns.appliance.vm2.*")
    expected = {"tunnel.state", "tunnel.algorithms", "tunnel.counters"}
    assert status == 1
    assert expected | {"reach.dns.appliance.vm2.data_centre_services.53"} <= red(records)
    green_again("tunnel.*", "reach.dns.appliance.vm2.*")  # the counters grow with the traffic of the second


def test_nw_4_a_second_route_on_the_switch_turns_its_check_red() -> None:
    plan, _, _ = read_site(SITE)
    switch = Host("l3_switch")
    half = next(plan.firewall.dmz.subnets())
    line = f"ip route {half} {plan.l3_switch.connected[0][9]}"
    with fault(
        lambda: switch(f"vtysh -c 'configure terminal' -c '{line}'"),
        lambda: switch(f"vtysh -c 'configure terminal' -c 'no {line}'"),
    ):
        time.sleep(1)
        status, records = verify("route.l3_switch", "overlap.dmz")
    assert (status, red(records)) == (1, {"route.l3_switch", "overlap.dmz"})
    green_again("route.l3_switch", "overlap.dmz")
