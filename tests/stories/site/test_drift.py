"""Somebody changes the built site's firewall and switch by hand: drift.yml says it all and touches nothing."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from gatekit.comparison.document import read
from gatekit.comparison.model import Finding
from gatekit.plan.model import Plan
from gatekit.verify.evidence import read_site
from tests.stories.site.breaking import SITE, Host, fault
from tests.stories.site.job import Job
from tests.stories.site.test_verification_turns_red import own_table

pytestmark = pytest.mark.story

DRIFT = ("--tags", "plan,firewall,l3_switch")
PORT = 8081


@pytest.fixture
def plan() -> Plan:
    return read_site(SITE)[0]


@pytest.fixture
def changed_by_hand(plan: Plan) -> Iterator[dict[str, str]]:
    """Change a rule, a route, a tunnel's file and the switch's route; give their traces, and take all back."""
    firewall, switch = Host("firewall"), Host("l3_switch")
    table, tunnel = own_table(firewall), f"/etc/swanctl/conf.d/{plan.tunnel.name}.conf"
    route = plan.firewall.routes[0]
    ours = f"ip route {plan.l3_switch.route.network} {plan.l3_switch.route.via}"
    kernel_route = firewall(f"ip route show {route.network}").strip()

    def handle() -> str:
        (line,) = (line for line in firewall(f"nft -a list chain inet {table} input").splitlines() if str(PORT) in line)
        return line.rsplit(" ", 1)[1]

    def configure(line: str) -> str:
        return switch(f"vtysh -c 'configure terminal' -c {shlex.quote(line)}")

    faults = (
        (
            lambda: firewall(f"nft insert rule inet {table} input tcp dport {PORT} accept"),
            lambda: firewall(f"nft delete rule inet {table} input handle {handle()}"),
        ),
        (
            lambda: firewall(f"ip route del {route.network}"),
            lambda: firewall(f"ip route add {kernel_route}"),
        ),
        (
            lambda: firewall(f"cp -p {tunnel} /run/story.conf && sed -i '$a # by hand' {tunnel}"),
            lambda: firewall(f"mv /run/story.conf {tunnel}"),
        ),
        (lambda: configure(f"no {ours}"), lambda: configure(ours)),
    )
    with ExitStack() as stack:
        for make, take_back in faults:
            stack.enter_context(fault(make, take_back))
        yield {"rule": f"tcp dport {PORT} accept", "route": str(route.network), "file": tunnel, "switch": ours}


def test_every_difference_is_reported_and_nothing_is_changed(built: Job, plan: Plan, changed_by_hand) -> None:
    run = built.run(*DRIFT, playbook="playbooks/drift.yml")
    assert run.status == 2, run.output[-4000:]
    assert "[GW431]" in run.output
    found = {device.name: device for device in read(built.folder, "drift").devices}
    assert found["firewall"].finding is found["l3_switch"].finding is Finding.DIFFERS
    shown = [line for row in found["firewall"].differences for line in (row.where, *row.lines)]
    for trace in (changed_by_hand["rule"], changed_by_hand["route"], changed_by_hand["file"]):
        assert any(trace in line for line in shown), (trace, shown)
    assert found["l3_switch"].steps == (changed_by_hand["switch"],)

    firewall, switch = Host("firewall"), Host("l3_switch")
    assert str(PORT) in firewall(f"nft list chain inet {own_table(firewall)} input")
    assert firewall(f"ip route show {plan.firewall.routes[0].network}") == ""
    assert firewall(f"tail -1 {changed_by_hand['file']}") == "# by hand\n"
    assert changed_by_hand["switch"] not in switch("vtysh -c 'show running-config'")
    assert firewall("systemctl list-timers --all 'gatekit-*-undo.timer' --no-legend") == ""
