"""The data centre is given what it needs to answer our tunnel, and no secret."""

from __future__ import annotations

import pytest

from gatekit.handover.peer_sheet import peer_sheet_html, peer_swanctl
from tests.sites import PATTERNS, example_plan

every_example = pytest.mark.parametrize("name", PATTERNS)


@every_example
def test_nw_6_the_sheet_names_both_ends_and_the_one_offer(name: str) -> None:
    plan = example_plan(name)
    sheet = peer_sheet_html(plan)
    tunnel = plan.tunnel
    facts = [tunnel.local.identity, tunnel.remote.identity, str(tunnel.remote.underlay), f"{tunnel.mss}"]
    facts += [str(network) for end in (tunnel.local, tunnel.remote) for network in end.networks]
    assert [fact for fact in facts if fact not in sheet] == []
    assert ("aes256gcm16-prfsha384-ecp384" in sheet) == (tunnel.suite.level == "HIGH")


@pytest.mark.parametrize(("name", "said"), [("pattern1", True), ("pattern4", False)])
def test_vpn_1_an_end_that_moves_with_its_line_is_to_be_known_by_identity(name: str, said: bool) -> None:
    assert ("可変（IDで認証する）" in peer_sheet_html(example_plan(name))) == said


@every_example
def test_the_data_centres_configuration_is_the_mirror_and_names_its_key_only(name: str) -> None:
    plan = example_plan(name)
    text = peer_swanctl(plan)
    assert f"id = fqdn:{plan.tunnel.remote.identity}" in text[: text.index("remote {")]
    assert 'secret = "<secret vpn_psk>"' in text
    assert "unique = replace" in text
