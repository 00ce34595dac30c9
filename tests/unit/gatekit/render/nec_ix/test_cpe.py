"""The IX configuration of every example that an IX can carry, and what it cannot say."""

from __future__ import annotations

import pytest

from gatekit.errors import RenderError
from gatekit.plan.network_device import CpePart, CryptoSuite
from gatekit.render.nec_ix import cpe_config
from tests.sites import parts_of, vendor_plan
from tests.unit.gatekit.simulators.nec_ix.boxes import part, rendered, typed

PATTERNS = ("pattern2", "pattern3")


def with_plan(wanted: CpePart, **fields: object) -> CpePart:
    return CpePart(wanted.plan.model_copy(update=fields), wanted.unit)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_rendering_twice_gives_the_same_bytes(pattern: str) -> None:
    assert cpe_config(part(pattern)) == cpe_config(part(pattern))


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_secret_stands_by_its_name_only(pattern: str) -> None:
    lines = [line for line in rendered(part(pattern)).splitlines() if "<secret " in line]
    assert [line.split()[0] for line in lines] == ["username", "ikev2", "ikev2"]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_box_takes_every_line(pattern: str) -> None:
    text = rendered(part(pattern))
    shown = typed(text).text(keys_in_clear=True)
    for line in text.splitlines():
        assert "<secret " in line or line in shown


def test_vpn_1_main_and_spare_differ_in_the_host_name_only() -> None:
    plan = vendor_plan("nec_ix", "pattern1")
    assert plan.cpe is not None
    without_ipv4 = plan.cpe.model_copy(update={"wan": plan.cpe.wan.model_copy(update={"ipv4": False})})
    main, spare = (cpe_config(CpePart(without_ipv4, unit)).splitlines() for unit in plan.cpe.units)
    assert [(one, other) for one, other in zip(main, spare, strict=True) if one != other] == [
        ("hostname cpe-higashi-a", "hostname cpe-higashi-b")
    ]


def test_nw_6_all_five_proposals_and_pfs_are_written() -> None:
    lines = [line.strip() for line in rendered().splitlines()]
    assert {line for line in lines if "proposal" in line or "pfs" in line} == {
        "ikev2 sa-proposal enc aes-cbc-256",
        "ikev2 sa-proposal integrity sha2-256",
        "ikev2 sa-proposal prf sha2-256",
        "ikev2 sa-proposal dh 3072-bit",
        "ikev2 child-proposal enc aes-cbc-256",
        "ikev2 child-proposal integrity sha2-256",
        "ikev2 child-pfs 3072-bit",
    }


def test_the_source_of_the_tunnel_holds_the_address_of_the_prefix() -> None:
    assert "  ikev2 source-address GigaEthernet1.0\n" in rendered(part("pattern2"))  # delegated: on the LAN port
    assert "  ikev2 source-address GigaEthernet0.0\n" in rendered(part("pattern3"))  # advertised: on the WAN port


def test_other_services_on_the_line_are_refused() -> None:
    wanted = parts_of(vendor_plan("nec_ix", "pattern1"))["cpe_main"]
    assert isinstance(wanted, CpePart)
    with pytest.raises(RenderError) as refused:
        cpe_config(wanted)
    assert refused.value.facts[:3] == ("GW302", "cpe.wan.ipv4", True)


@pytest.mark.parametrize(
    ("field", "value"), [("encryption", "aes256-gcm16"), ("integrity", "none"), ("prf", "sha384"), ("dh_group", 20)]
)
def test_nw_6_a_suite_beyond_the_box_is_refused(field: str, value: object) -> None:
    tunnel = part().plan.tunnel
    suite = CryptoSuite.model_validate({**tunnel.suite.model_dump(), field: value})
    with pytest.raises(RenderError) as refused:
        cpe_config(with_plan(part(), tunnel=tunnel.model_copy(update={"suite": suite})))
    assert refused.value.facts[:3] == ("GW302", f"cpe.tunnel.suite.{field}", value)


def test_an_ipv4_peer_is_refused() -> None:
    tunnel = part().plan.tunnel
    peer = tunnel.remote.model_copy(update={"underlay": part().plan.lan.address})
    with pytest.raises(RenderError) as refused:
        cpe_config(with_plan(part(), tunnel=tunnel.model_copy(update={"remote": peer})))
    assert refused.value.facts[:3] == ("GW302", "cpe.tunnel.remote.underlay", str(part().plan.lan.address))


def test_a_flow_to_another_service_of_the_cpe_is_refused() -> None:
    flows = tuple(
        flow.model_copy(update={"ports": (443,)}) if flow.id == "support.cpe" else flow for flow in part().plan.flows
    )
    with pytest.raises(RenderError) as refused:
        cpe_config(with_plan(part(), flows=flows))
    assert refused.value.facts[:3] == ("GW302", "cpe.flows.support.cpe", (443,))
