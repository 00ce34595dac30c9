"""Both ends of the tunnel as strongSwan reads them."""

from __future__ import annotations

import pytest

from gatekit.errors import RenderError
from gatekit.plan.network_device import CryptoSuite
from gatekit.render.linux.tunnel import esp_proposal, ike_proposal, strongswan_conf, swanctl_conf
from tests.unit.gatekit.render.linux.pattern4 import BASE, HIGH, tunnel_plan


def settings(text: str) -> dict[str, str]:
    """Return ``section.section.key`` to value."""
    path: list[str] = []
    found: dict[str, str] = {}
    for line in (raw.strip() for raw in text.splitlines()):
        if line.endswith("{"):
            path.append(line[:-1].strip())
        elif line == "}":
            path.pop()
        elif "=" in line and not line.startswith("#"):
            key, value = line.split("=", 1)
            name = ".".join([*path, key.strip()])
            assert name not in found, name
            found[name] = value.strip()
    assert path == []
    return found


@pytest.mark.parametrize(
    ("suite", "ike", "esp"),
    [
        pytest.param(HIGH, "aes256gcm16-prfsha384-ecp384", "aes256gcm16-ecp384", id="HIGH"),
        pytest.param(BASE, "aes256-sha256-prfsha256-modp3072", "aes256-sha256-modp3072", id="BASE"),
        pytest.param(
            BASE.model_copy(update={"dh_group": 14}),
            "aes256-sha256-prfsha256-modp2048",
            "aes256-sha256-modp2048",
            id="BASE-towards-a-box-with-2048-bits",
        ),
    ],
)
def test_nw_6_exactly_one_proposal_is_offered(suite: CryptoSuite, ike: str, esp: str) -> None:
    said = settings(swanctl_conf(tunnel_plan(suite), if_id=None))
    assert said["connections.dc-main.proposals"] == ike == ike_proposal(suite)
    assert said["connections.dc-main.children.dc-main.esp_proposals"] == esp == esp_proposal(suite)


def test_the_two_ends_mirror_each_other() -> None:
    here = settings(swanctl_conf(tunnel_plan(), if_id=None))
    there = settings(swanctl_conf(tunnel_plan().mirrored(), if_id=None))
    ike, child = "connections.dc-main.", "connections.dc-main.children.dc-main."
    for mine, theirs in (("local", "remote"), ("remote", "local")):
        assert here[f"{ike}{mine}_addrs"] == there[f"{ike}{theirs}_addrs"]
        assert here[f"{ike}{mine}.id"] == there[f"{ike}{theirs}.id"]
        assert here[f"{child}{mine}_ts"] == there[f"{child}{theirs}_ts"]
    assert (here[f"{child}start_action"], there[f"{child}start_action"]) == ("start", "none")
    assert here[f"{ike}proposals"] == there[f"{ike}proposals"]


def test_the_key_is_named_and_bound_to_the_peer_alone() -> None:
    said = settings(swanctl_conf(tunnel_plan(), if_id=None))
    assert {key: value for key, value in said.items() if key.startswith("secrets")} == {
        "secrets.ike-dc-main.id": "fqdn:dc-gw.example.jp",
        "secrets.ike-dc-main.secret": '"<secret vpn_psk>"',
    }


def test_a_semi_fixed_peer_is_known_by_its_identity_only() -> None:
    there = tunnel_plan().mirrored()
    anywhere = there.model_copy(update={"remote": there.remote.model_copy(update={"underlay": None})})
    said = settings(swanctl_conf(anywhere, if_id=None))
    assert said["connections.dc-main.remote_addrs"] == "%any"
    assert said["connections.dc-main.remote.id"] == "fqdn:gw-kita.example.jp"


def test_a_kernel_with_xfrm_gets_the_interface_and_a_trap() -> None:
    said = settings(swanctl_conf(tunnel_plan(), if_id=10))
    assert (said["connections.dc-main.if_id_in"], said["connections.dc-main.if_id_out"]) == ("10", "10")
    assert said["connections.dc-main.encap"] == "no"
    assert said["connections.dc-main.children.dc-main.start_action"] == "trap|start"
    assert settings(strongswan_conf(if_id=10))["charon-systemd.plugins.kernel-libipsec.load"] == "no"


def test_kernel_libipsec_gets_udp_and_no_if_id() -> None:
    said = settings(swanctl_conf(tunnel_plan(), if_id=None))
    assert said["connections.dc-main.encap"] == "yes"
    assert [key for key in said if "if_id" in key] == []
    daemon = settings(strongswan_conf(if_id=None))
    assert daemon["charon-systemd.plugins.kernel-libipsec.load"] == "yes"
    assert "kernel-libipsec" in daemon["charon-systemd.load"].split()


@pytest.mark.parametrize(
    ("broken", "facts"),
    [
        pytest.param(
            HIGH.model_copy(update={"dh_group": 2}),
            ("GW302", "tunnel.suite.dh_group", 2, "Use one of 14, 15, 16, 19, 20 (gatekit/render/linux/tunnel.py)."),
            id="a-weak-group",
        ),
        pytest.param(
            HIGH.model_copy(update={"integrity": "sha256"}),
            ("GW302", "tunnel.suite.integrity", "sha256", "AES-GCM carries its own integrity, AES-CBC needs one."),
            id="gcm-with-integrity",
        ),
        pytest.param(
            BASE.model_copy(update={"integrity": "none"}),
            ("GW302", "tunnel.suite.integrity", "none", "AES-GCM carries its own integrity, AES-CBC needs one."),
            id="cbc-without",
        ),
    ],
)
def test_a_suite_that_cannot_be_said_is_refused(broken: CryptoSuite, facts: tuple[str, str, object, str]) -> None:
    with pytest.raises(RenderError) as caught:
        swanctl_conf(tunnel_plan(broken), if_id=None)
    assert caught.value.facts == facts
