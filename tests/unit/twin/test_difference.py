"""The difference between what is there and what is wanted, as a table."""

from __future__ import annotations

import pytest

from twin.difference import (
    Difference,
    SeenContainer,
    SeenNetwork,
    containers_to_change,
    networks_to_change,
)

WANTED = {"firewall": "aaaa", "viewer": "bbbb"}
GUESTS = frozenset({"vm1"})


def seen(host: str, spec: str, state: str = "running") -> SeenContainer:
    return SeenContainer(f"gatekit-x-{host}", "x", host, spec, state)


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        pytest.param([], Difference((), (), ("firewall", "viewer")), id="nothing-there"),
        pytest.param([seen("firewall", "aaaa"), seen("viewer", "bbbb")], Difference((), (), ()), id="all-right"),
        pytest.param(
            [seen("firewall", "aaaa", "exited"), seen("viewer", "bbbb")],
            Difference((), ("firewall",), ()),
            id="killed-is-started-again",
        ),
        pytest.param(
            [seen("firewall", "aaaa", "created"), seen("viewer", "bbbb")],
            Difference(("gatekit-x-firewall",), (), ("firewall",)),
            id="interrupted-create-is-made-anew",
        ),
        pytest.param(
            [seen("firewall", "old"), seen("viewer", "bbbb")],
            Difference(("gatekit-x-firewall",), (), ("firewall",)),
            id="other-digest-is-made-anew",
        ),
        pytest.param(
            [seen("firewall", "aaaa"), seen("viewer", "bbbb"), seen("printer", "cccc")],
            Difference(("gatekit-x-printer",), (), ()),
            id="host-that-left-the-plan-goes",
        ),
        pytest.param(
            [seen("firewall", "aaaa"), seen("viewer", "bbbb"), seen("vm1", "", "exited")],
            Difference((), (), ()),
            id="vms-are-the-simulators",
        ),
    ],
)
def test_containers(there: list[SeenContainer], expected: Difference) -> None:
    assert containers_to_change(WANTED, there, GUESTS) == expected


def test_a_difference_has_no_truth_value() -> None:
    with pytest.raises(TypeError):
        bool(Difference((), (), ()))


def test_a_network_with_another_range_or_bridge_is_made_anew() -> None:
    wanted = {"n-dmz": ("10.0.0.0/24", "10.0.0.250"), "n-wan": ("10.0.1.0/24", "10.0.1.254")}
    there = [
        SeenNetwork("n-dmz", "x", ("10.0.0.0/24",), "10.0.0.250", "podman1"),
        SeenNetwork("n-wan", "x", ("10.0.1.0/24",), "10.0.1.1", "podman2"),
        SeenNetwork("n-old", "x", ("10.0.2.0/24",), "10.0.2.1", "podman3"),
    ]
    assert networks_to_change(wanted, there) == (("n-old", "n-wan"), ("n-wan",))
