"""What a simulated SRX or EX shows, as genie's parsers understand it."""

from __future__ import annotations

from typing import Any

from gatekit.devices.junos.exchange import commits
from gatekit.simulators.junos import JunosDevice
from gatekit.simulators.junos.shows import shown
from tests.evidence.readers import by_genie
from tests.unit.gatekit.simulators.junos.boxes import as_planned, ex, firewall, srx


def read(box: JunosDevice, command: str) -> tuple[str, dict[str, Any]]:
    text = shown(command, box.commits, box.release, box.model)
    assert text is not None
    return text, by_genie("junos", command, text)


def routes(box: JunosDevice) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return network -> (protocol, next hops and interfaces); genie takes the word Discard for a destination."""
    _, found = read(box, "show route")
    (table,) = found["route-information"]["route-table"]
    return {
        row["rt-destination"]: (
            row["rt-entry"]["protocol-name"],
            tuple(hop.get("to", hop["via"]) for hop in row["rt-entry"].get("nh", ())),
        )
        for row in table["rt"]
    }


def test_the_routes_of_the_firewall_are_the_plans() -> None:
    plan = firewall()
    found = routes(srx(as_planned(plan)))
    for route in plan.routes:
        if route.via is not None:
            assert found[str(route.network)] == ("Static", (str(route.via),))
    assert found["10.200.128.0/17"] == ("Static", ("st0.0",))
    assert found["10.200.0.0/16"] == ("Static", ())  # discarded


def test_the_routes_of_the_switch() -> None:
    assert routes(ex())["172.20.0.0/16"] == ("Static", ("192.168.30.2",))


def test_every_policy_of_the_plan_is_counted() -> None:
    text, found = read(srx(as_planned(firewall())), "show security policies hit-count")
    ours = found["security_policy_counts"]["root-logical-system"]
    assert int(ours["total_policies"]) == len(ours["security_policy"]) == text.count("\n") - 4
    assert {"from_zone": "DMZ", "to_zone": "VPN", "name": "proxy-portal"}.items() <= {
        key: value for row in ours["security_policy"] if row["name"] == "proxy-portal" for key, value in row.items()
    }.items()


def test_the_addresses_of_the_ports_are_the_plans() -> None:
    plan = firewall()
    _, found = read(srx(as_planned(plan)), "show interfaces terse")
    for row in plan.interfaces:
        assert list(found[f"{row.port}.0"]["protocol"]["inet"]) == [f"{row.address}/{row.prefix_length}"]


def test_the_release_is_the_one_that_our_reader_finds() -> None:
    box = srx(as_planned(firewall()))
    _, found = read(box, "show version")
    facts = found["software-information"]
    assert (facts["junos-version"], facts["product-model"], facts["host-name"]) == (box.release, box.model, "fw-kita")


def test_our_reader_and_genie_count_the_same_commits() -> None:
    text, found = read(srx(as_planned(firewall())), "show system commit")
    theirs = found["commit-information"]["commit-history"]
    assert [row["sequence-number"] for row in theirs] == [said.split()[0] for said, _ in commits(text)]
