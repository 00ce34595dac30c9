"""Addresses that are not free are refused by name, before anything is made."""

from __future__ import annotations

from ipaddress import IPv4Network

import pytest

from gatekit.errors import TwinError
from tests.sites import example_plan
from twin.difference import SeenNetwork
from twin.layout import topology
from twin.machine import UsedRange, other_twin, refuse_other_twin, refuse_used_ranges

TWIN = topology("pattern4", example_plan("pattern4"))
OWN = SeenNetwork("gatekit-pattern4-dmz", "pattern4", ("10.161.4.0/24",), "10.161.4.250", "podman1")
OTHER = SeenNetwork("gatekit-kita-dmz", "kita", ("10.161.4.0/24",), "10.161.4.250", "podman2")
FAR = SeenNetwork("gatekit-far-dmz", "far", ("10.168.0.0/24",), "10.168.0.250", "podman3")
FOREIGN = SeenNetwork("somebodys", "", ("192.168.20.128/25",), "192.168.20.129", "podman4")


def test_a_twin_with_the_same_addresses_is_named() -> None:
    assert other_twin(TWIN, [OWN, FAR, OTHER]) == "kita"
    with pytest.raises(TwinError) as refused:
        refuse_other_twin(TWIN, [OTHER])
    fix = "Take it down (python -m twin down kita) or take over (python -m twin up pattern4 --replace)."
    assert refused.value.facts == ("GW701", "twin.pattern4", "kita", fix)


def test_a_twin_elsewhere_and_our_own_are_no_hindrance() -> None:
    assert other_twin(TWIN, [OWN, FAR]) is None
    refuse_used_ranges(TWIN, [UsedRange(IPv4Network("10.161.4.0/24"), "interface podman1")], [OWN, FAR])


@pytest.mark.parametrize(
    ("ranges", "networks", "path", "value"),
    [
        pytest.param(
            [UsedRange(IPv4Network("10.200.4.0/22"), "interface eth0")],
            [],
            "twin.pattern4.data_centre 10.200.0.0/16",
            "10.200.4.0/22 (interface eth0)",
            id="own-interface",
        ),
        pytest.param(
            [], [FOREIGN], "twin.pattern4.his 192.168.20.0/24", "192.168.20.128/25 (podman network somebodys)",
            id="network-of-somebody-else",
        ),
    ],
)  # fmt: skip
def test_a_used_range_is_refused_with_both_names(
    ranges: list[UsedRange], networks: list[SeenNetwork], path: str, value: str
) -> None:
    with pytest.raises(TwinError) as refused:
        refuse_used_ranges(TWIN, ranges, networks)
    fix = "Run the twin on a machine that does not use this range, or take that network away."
    assert refused.value.facts == ("GW702", path, value, fix)
