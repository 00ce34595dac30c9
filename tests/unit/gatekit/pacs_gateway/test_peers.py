"""``gatekit-pacs check`` over real associations on loopback."""

from __future__ import annotations

from ipaddress import IPv4Address

from gatekit.dicom.statuses import Service
from gatekit.pacs_gateway.peers import check_peers
from gatekit.plan.vm1.model import PacsGatewayPlan
from tests.unit.gatekit.dicom.scripted_peer import ScriptedPeer
from tests.unit.gatekit.pacs_gateway.gateway import PLAN, SOURCE


def plan(archive: ScriptedPeer, *pacs: tuple[str, str, int]) -> PacsGatewayPlan:
    sources = tuple(
        SOURCE.model_copy(update={"name": name, "ae_title": title, "address": IPv4Address("127.0.0.1"), "port": port})
        for name, title, port in pacs
    )
    given = {"archive_ae_title": archive.ae_title, "archive_port": archive.port, "sources": sources}
    return PLAN.model_copy(update=given)


def test_each_peer_is_told_usable_or_with_its_own_fault() -> None:
    with (
        ScriptedPeer("ARCHIVE") as archive,
        ScriptedPeer("PACS") as pacs,
        ScriptedPeer("OLD", services=(Service.FIND,)) as old,
    ):
        given = plan(
            archive,
            ("good", "PACS", pacs.port),
            ("misspelt", "PACZ", pacs.port),
            ("finds_only", "OLD", old.port),
        )
        found = {peer.name: fault and fault.code for peer, fault in check_peers(given)}
    assert found == {"archive": None, "good": None, "misspelt": "GW502", "finds_only": "GW505"}
