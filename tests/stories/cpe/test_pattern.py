"""A hospital with a CPE, on its twin: built from nothing, proved by packets, and nothing in clear on the line."""

from __future__ import annotations

import json
from ipaddress import IPv6Address
from typing import Any

import pytest

from gatekit.plan.boundary import HospitalFirewallPlan
from gatekit.plan.flow import Zone
from tests.stories.cpe.ike_offer import OFFERS
from tests.stories.cpe.line import Line
from tests.stories.site.job import Job

pytestmark = pytest.mark.story

HARMLESS = {"ike", "icmpv6", "dhcp", "dhcpv6", "ethertype 0x0806"}
"""What the line itself is made of: IKE with ESP in UDP, neighbours and advertisements, addresses, ARP."""


def test_vpn_1_vpn_2_vpn_3_the_site_is_built_and_every_check_of_its_evidence_holds(built: Job, line: Line) -> None:
    evidence = json.loads((built.folder / "evidence.json").read_text(encoding="utf-8"))
    assert evidence["complete"]
    assert [record["id"] for record in evidence["records"] if not record["ok"]] == []
    proved = {record["requirement"] for record in evidence["records"]}
    assert {f"VPN-{line.plan.pattern}", "NW-6", "AP-6"} <= proved


def test_a_second_run_changes_nothing_on_any_host(built: Job, line: Line) -> None:
    if line.plan.pattern != 1:
        pytest.skip("pattern 1 shows it for the same roles and tasks; a minute and a half each")
    run = built.run()
    assert run.status == 0, run.output[-4000:]
    assert "cpe" in run.changed
    assert not any(run.changed.values()), run.output


def test_the_cpe_speaks_from_the_lines_prefix_with_the_planned_end(line: Line) -> None:
    assert line.plan.cpe is not None
    address = IPv6Address(line.wan_address())
    assert address.packed[8:] == line.plan.cpe.wan.interface_id.packed[8:]
    assert f"local-host={address}" in line.sas("cpe").split()


def test_nw_6_only_ike_and_esp_in_udp_pass_the_line_while_the_tunnel_works(line: Line) -> None:
    with line.watched() as seen:
        assert line.on("firewall", *ask_the_data_centre(line)).startswith("answer")
    assert seen["ike"] >= 2
    assert set(seen) <= HARMLESS


def test_nw_6_nothing_leaves_in_clear_when_the_tunnel_is_down(line: Line) -> None:
    """The data centre's device goes away: questions from firewall and CPE, and none of them on the line."""
    line.on("dc_gateway", "systemctl", "stop", "strongswan.service")
    try:
        line.on("cpe", "swanctl", "--terminate", "--ike", line.plan.tunnel.name, "--force", "--timeout", "5")
        with line.watched() as seen:
            for host in ("firewall", "cpe"):
                assert line.on(host, *ask_the_data_centre(line)).startswith("no answer")
    finally:
        line.on("dc_gateway", "systemctl", "start", "strongswan.service")
        line.on("cpe", "systemctl", "restart", "strongswan.service")
    assert set(seen) <= HARMLESS


def test_the_watcher_of_the_line_sees_what_is_in_clear(line: Line) -> None:
    """The fault that the two tests above must turn red on: a packet of VM1 to the data centre, on the bare line."""
    with line.watched() as seen:
        line.on("ngn", "python3", "-c", SEND_PLAIN.format(line.plan.data_centre.services))
    assert not set(seen) <= HARMLESS


SEND_PLAIN = (
    "import socket; s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW); s.bind(('line0', 0)); "
    "ip = bytes((0x45,0,0,28,0,0,0,0,64,17,0,0,10,161,1,10)) + socket.inet_aton('{}') + bytes(8); "
    "s.send(b'\\xff' * 6 + bytes(6) + b'\\x08\\x00' + ip)"
)


@pytest.mark.parametrize("offer", sorted(OFFERS))
def test_the_planned_level_is_chosen_and_any_weaker_offer_refused(line: Line, offer: str) -> None:
    words = (str(line.plan.tunnel.remote.underlay), line.wan_address(), offer)
    answer, _ = line.beside("ngn", "tests.stories.cpe.ike_offer", *words).communicate(timeout=30)
    if offer == line.plan.tunnel.suite.level:
        assert answer.strip() == "chosen"
    else:
        assert answer.strip() in {"refused NO_PROPOSAL_CHOSEN", "refused INVALID_KE_PAYLOAD"}


def test_the_closed_network_has_no_way_to_the_internet(line: Line) -> None:
    """Patterns 2 and 3; in pattern 1 the home gateway is that way, and the CPE's filter holds it shut."""
    public = str(line.plan.data_centre.portal_public)
    assert not reached(line, "cpe" if line.plan.pattern == 1 else "ngn", public, 443)
    assert reached(line, "viewer", public, 443)


def test_vpn_1_the_line_carries_the_other_services_and_nothing_else_of_the_internet(line: Line) -> None:
    others = [flow for flow in line.plan.flows if flow.listener == "other_service"]
    if not others:
        pytest.skip(f"pattern {line.plan.pattern} has a line of its own: other services are pattern 1's")
    for flow in others:
        address = flow.destination.ipv4_networks[0].network_address + 1
        assert reached(line, flow.source.name, str(address), flow.ports[0])
        assert not reached(line, flow.source.name, str(address), flow.ports[0] + 1)
        assert flow.source.zone is Zone.DMZ
    assert not reached(line, "vm1", str(line.plan.data_centre.portal_public), 443)


def test_nw_5_what_the_matrix_permits_passes_the_hospitals_own_firewall_and_the_rest_ends_there(line: Line) -> None:
    """Its rules are those of our request and no other; the site's proof has just sent all of them, and scans."""
    boundary = line.plan.boundary
    if not isinstance(boundary, HospitalFirewallPlan):
        pytest.skip(f"the hospital of pattern {line.plan.pattern} has no firewall of its own at the boundary")
    listing = json.loads(line.on(boundary.name, "nft", "-j", "list", "chain", "inet", "twin", "forward"))["nftables"]
    counted = {row["rule"]["comment"]: _packets(row["rule"]) for row in listing if "comment" in row.get("rule", {})}
    assert counted.keys() == {flow.id for flow in boundary.flows} | {"refused"}
    assert [name for name, packets in counted.items() if not packets] == []


def _packets(rule: dict[str, Any]) -> int:
    return next(part["counter"]["packets"] for part in rule["expr"] if "counter" in part)


def reached(line: Line, host: str, address: str, port: int) -> bool:
    """Return whether a TCP connection from a host of the twin succeeds."""
    code = f"import socket; socket.create_connection(('{address}', {port}), timeout=3); print('reached')"
    return line.on(host, "python3", "-c", code, check=False) == "reached\n"


def ask_the_data_centre(line: Line) -> tuple[str, ...]:
    """Return a command that asks a name of the data centre's DNS, from the address the matrix allows."""
    services, name = line.plan.data_centre.services, line.plan.data_centre.portal_name
    code = f"""
import socket, struct
question = b"ab" + struct.pack("!5H", 0x100, 1, 0, 0, 0)
question += b"".join(bytes([len(part)]) + part.encode() for part in {name!r}.split(".")) + struct.pack("!xHH", 1, 1)
try:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(2)
        asking.connect(("{services}", 53))
        asking.send(question)
        print("answer", len(asking.recv(512)))
except OSError as error:
    print("no answer", error)
"""
    return ("python3", "-c", code)
