"""What hosts are born with: routes, the mirrored tunnel, names, and secrets only where they belong."""

from __future__ import annotations

import io
import json
import tarfile
from datetime import date

import pytest

from tests.sites import example_plan
from twin.host_files import Site, command_of, files_of
from twin.isolation import isolation_rules
from twin.layout import topology
from twin.podman import HostFile, archive

PLAN = example_plan("pattern4")
TODAY = date(2026, 11, 23)
TWIN = topology("pattern4", PLAN)
SITE = Site(
    topology=TWIN,
    plan=PLAN,
    today=TODAY,
    operator_public_key="ssh-ed25519 AAAA",
    host_keys={"firewall": "FIREWALL-KEY", "l3_switch": "SWITCH-KEY"},
    psk="THE-PSK",
    ca="CA",
    portal_certificate="CERTIFICATE",
    portal_key="PORTAL-KEY",
)


def files(host: str) -> dict[str, HostFile]:
    return {file.path: file for file in files_of(TWIN.host(host), SITE)}


def test_the_gateway_offers_the_mirrored_tunnel_with_the_key_filled_in() -> None:
    conf = files("dc_gateway")["/etc/swanctl/conf.d/twin.conf"]
    text = conf.raw().decode()
    assert conf.mode == 0o600
    assert 'secret = "THE-PSK"' in text
    assert "<secret" not in text
    assert "local_ts = 10.200.0.0/16" in text
    assert "remote_ts = 10.161.4.0/24" in text
    assert "start_action = none" in text


def test_nw_6_the_data_centre_drops_what_would_reach_the_hospital_in_clear() -> None:
    text = files("dc_gateway")["/etc/twin/filter.nft"].raw().decode()
    forward = text[text.index("chain forward") : text.index("chain output")]
    rules = [line.strip() for line in forward.splitlines() if "drop" in line or "accept" in line]
    assert rules[1] == 'oifname != "ipsec0" ip daddr @hospital counter drop comment "no-clear-to-hospital"'
    assert "established" not in text


@pytest.mark.parametrize(
    ("secret", "hosts"),
    [
        ("THE-PSK", {"dc_gateway"}),
        ("FIREWALL-KEY", {"firewall"}),
        ("SWITCH-KEY", {"l3_switch"}),
        ("PORTAL-KEY", {"dc_portal"}),
    ],
)
def test_a_secret_is_on_its_host_alone_and_only_root_can_read_it(secret: str, hosts: set[str]) -> None:
    found = {
        (host.name, file.mode) for host in TWIN.hosts for file in files_of(host, SITE) if secret.encode() in file.raw()
    }
    assert found == {(name, 0o600) for name in hosts}
    assert secret not in repr(SITE)


def test_every_route_of_the_topology_is_in_the_hosts_batch() -> None:
    for host in TWIN.hosts:
        if host.routes:
            batch = files(host.name)["/etc/twin/routes"].raw().decode()
            assert len(batch.splitlines()) == len(host.routes)
            assert "default" not in batch


def test_the_pacs_knows_the_gateway_and_nobody_else() -> None:
    settings = json.loads(files("pacs_main")["/etc/orthanc/orthanc.json"].raw())
    assert (settings["DicomAet"], settings["DicomPort"]) == ("KITA_PACS", 104)
    gateway = settings["DicomModalities"]
    assert [(one["AET"], one["Host"], one["Port"]) for one in gateway.values()] == [("KITA_GW", "10.161.4.10", 11112)]
    assert not any(settings[f"DicomAlwaysAllow{one}"] for one in ("Echo", "Find", "Get", "Move", "Store"))


def test_names_are_the_data_centres() -> None:
    text = files("dc_services")["/etc/dnsmasq.conf"].raw().decode()
    assert "host-record=portal.idlink.example.jp,10.200.1.10\n" in text
    assert "host-record=mirror.idlink.example.jp,10.200.9.10\n" in text
    assert "no-resolv\n" in text


def test_op_9_only_the_public_face_asks_for_a_client_certificate() -> None:
    text = files("dc_portal")["/etc/apache2/sites-available/portal.conf"].raw().decode()
    inside, public = text.split("</VirtualHost>")[:2]
    assert "SSLVerifyClient" not in inside
    assert "10.200.1.10:443>" in inside
    assert "SSLVerifyClient require" in public
    assert "203.0.113.20:443>" in public


def test_a_linked_system_runs_its_listener() -> None:
    assert command_of(TWIN.host("system_emr")) == (
        "python3",
        "/usr/local/lib/twin/hl7_listener.py",
        "192.168.20.10",
        "2575",
    )
    assert command_of(TWIN.host("viewer")) == ("sleep", "infinity")


def test_an_archive_is_the_same_twice_and_keeps_modes_and_links() -> None:
    given = (HostFile("/etc/a", "x", 0o600), HostFile("/etc/b", link="/etc/a"))
    assert archive(given) == archive(given)
    with tarfile.open(fileobj=io.BytesIO(archive(given))) as tar:
        assert [(row.name, row.mode, row.linkname) for row in tar] == [("etc/a", 0o600, ""), ("etc/b", 0o644, "/etc/a")]


def test_the_machine_forwards_within_one_bridge_only_and_takes_no_new_connection() -> None:
    text = isolation_rules("pattern4", ["podman2", "podman1"])
    rules = [line.strip() for line in text.splitlines() if "iifname" in line or "oifname" in line]
    assert rules == [
        'iifname { "podman1", "podman2" } fib daddr type != local notrack',
        'iifname "podman1" oifname "podman1" accept',
        'iifname "podman2" oifname "podman2" accept',
        'iifname { "podman1", "podman2" } counter drop comment "twin-out"',
        'oifname { "podman1", "podman2" } counter drop comment "twin-in"',
        'iifname { "podman1", "podman2" } ct state established,related accept',
        'iifname { "podman1", "podman2" } ip6 nexthdr icmpv6 accept',
        'iifname { "podman1", "podman2" } counter drop comment "twin-to-machine"',
    ]
