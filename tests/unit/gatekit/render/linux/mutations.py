"""What is done to the files of a Linux router (nftables, iproute2, swanctl)."""

from __future__ import annotations

from functools import partial

from gatekit.plan.network_device import CpePart, FirewallPlan
from gatekit.render.linux.cpe_files import cpe_files
from gatekit.render.linux.firewall_files import firewall_files
from gatekit.render.linux.host_facts import CpeHostFacts
from tests.sites import example_plan, parts_of
from tests.unit.gatekit.render.linux.pattern4 import REAL
from tests.unit.gatekit.render.linux.router_text import as_text, noticed
from tests.unit.gatekit.render.mutated import HOP, POLICY, PORT, PROPOSAL, Mutated, drop, sub

CPE_HOST = CpeHostFacts(lan="lan0", wan="wan0", tunnel="xfrm10", if_id=10)
OF_KIND = {
    POLICY: "one rule removed",
    PORT: "one port opened",
    PROPOSAL: "a weaker group",
    HOP: "another next hop",
}


def of(part: FirewallPlan | CpePart, text: str, flow: str, hop: str) -> Mutated:
    """Return the table of one router; ``flow``: one whose rule is removed, ``hop``: a next hop of its routes."""
    changes = {
        "one rule removed": drop(f'counter accept comment "{flow}"'),
        "one port opened": sub(r"tcp dport \{ 22 \}", "tcp dport { 22, 23 }"),
        "one more rule": sub(r'(\n\t\t[^\n]* comment "ping[^\n]*)', r"\1\1"),
        "everything between two zones": sub(r"(\n\t\tct state established[^\n]*)", r'\1\n\t\tiifname "lan0" accept'),
        "a wider source": sub(r"ip saddr \{ 10\.200\.9\.0/24 \}", "ip saddr { 10.200.0.0/16 }"),
        "a weaker group": sub("ecp384", "modp2048"),
        "a second offer": sub(r"(\n\s*proposals = \S+)", r"\1,aes128-sha1-modp1024"),
        "a weaker ESP": sub(r"esp_proposals = \S+", "esp_proposals = aes128-sha1"),
        "another next hop": sub(rf"via {hop} ", "via 192.0.2.99 "),
        "no blackhole": drop("route replace blackhole"),
        "no route into the tunnel": drop(r"route replace \S+ dev xfrm10"),
        "one route more": sub(r"(\nroute replace \S+ via)", r"\nroute replace 10.99.0.0/16 via 192.0.2.99 proto 97\1"),
    }
    return Mutated(text=text, noticed=partial(noticed, part=part), changes=changes, of_kind=OF_KIND)


FIREWALL = example_plan("pattern4").firewall
CPE = parts_of(example_plan("pattern1"))["cpe_main"]
assert isinstance(CPE, CpePart)
MUTATED = {
    "linux firewall": of(FIREWALL, as_text(firewall_files(FIREWALL, REAL)), "maintain.firewall", "192.168.10.1"),
    "linux cpe": of(CPE, as_text(cpe_files(CPE.plan, CPE_HOST)), "maintain.cpe", "10.161.252.6"),
}
