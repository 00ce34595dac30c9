"""The network we would assign, and the transit network that follows from it."""

from __future__ import annotations

from ipaddress import IPv4Network
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from gatekit.catalogue.appliance import appliance
from gatekit.intent.rules.networks import first_free_dmz, transit_network

NETWORKS = st.builds(
    lambda number, length: IPv4Network((number, length), strict=False),
    st.integers(0x0A000000, 0x0AFFFFFF),
    st.integers(9, 30),
)


@given(taken=st.lists(NETWORKS, max_size=8))
def test_nw_2_first_free_dmz_overlaps_nothing_and_neither_does_its_transit_network(taken: list[IPv4Network]) -> None:
    free = first_free_dmz(taken)
    if free is None:
        pool = appliance().dmz_pool
        assert any(network.overlaps(pool.first) or network.overlaps(pool.last) for network in taken)
        return
    assert free.prefixlen == 24
    assert appliance().dmz_pool.holds(free)
    assert not any(network.overlaps(free) or network.overlaps(transit_network(free)) for network in taken)


def test_nw_2_there_is_no_free_dmz_when_the_hospital_uses_all_of_10() -> None:
    assert first_free_dmz([IPv4Network("10.0.0.0/8")]) is None


def test_nw_1_every_dmz_of_a_16_has_a_transit_network_of_its_own_outside_every_dmz() -> None:
    dmzs = [IPv4Network(f"10.161.{third}.0/24") for third in range(appliance().transit_third_octet)]
    transits = [transit_network(dmz) for dmz in dmzs]
    assert all(transit.subnet_of(IPv4Network("10.161.252.0/22")) for transit in transits)
    assert not any(one.overlaps(other) for one, other in combinations(transits, 2))
