"""Real packets in the twin: who reaches whom, what never gets out, cables, servers, and the tunnel's far end."""

from __future__ import annotations

import json
import time

import pytest

from gatekit.errors import TwinError
from gatekit.render.linux.tunnel import swanctl_conf
from tests.sites import example_plan
from tests.stories.twin.conftest import SITE, Twin, quiet
from twin import cable, lifecycle, podman
from twin.commands import run
from twin.dicom_files import LONG_AGO, studies_of_test_patient
from twin.folders import keys_folder, site_folder
from twin.layout import topology
from twin.naming import container_name
from twin.pki import Pki
from twin.vault import Vault

pytestmark = [pytest.mark.story, pytest.mark.usefixtures("twin")]
PLAN = example_plan("pattern4")
TWIN = topology(SITE, PLAN)
HOSTS = [host.name for host in TWIN.hosts]
OUTSIDE = "192.0.2.2"  # documentation address (RFC 5737) that no twin host has


def machine_addresses() -> list[str]:
    rows = json.loads(run(["ip", "-j", "-4", "address", "show", "scope", "global"]))
    bridges = {one.interface for one in podman.networks()}
    return [one["local"] for row in rows if row["ifname"] not in bridges for one in row["addr_info"]]


@pytest.mark.parametrize("host", HOSTS)
def test_no_host_has_a_way_out(twin: Twin, host: str) -> None:
    bridges = {str(network.bridge) for network in TWIN.networks}
    routes = json.loads(twin.output(host, "ip", "-j", "route", "show", "table", "all"))
    assert not [row for row in routes if row.get("gateway") in bridges]
    assert not [address for address in (*machine_addresses(), OUTSIDE) if twin.pings(host, address)]


def test_a_host_that_makes_the_bridge_its_gateway_gets_nowhere(twin: Twin) -> None:
    bridge = str(TWIN.network("viewers").bridge)
    usual = str(TWIN.host("viewer").routes[0].via)
    twin.output("viewer", "ip", "route", "replace", "default", "via", bridge)
    try:
        inside = [str(TWIN.host(name).address) for name in ("dc_services", "his_terminal", "esxi")]
        assert not [address for address in (*machine_addresses(), *inside, bridge) if twin.pings("viewer", address)]
    finally:
        twin.output("viewer", "ip", "route", "replace", "default", "via", usual)
    assert twin.pings("viewer", str(PLAN.data_centre.portal_public))


def test_the_machine_has_a_leg_where_the_job_logs_in_and_nowhere_else() -> None:
    routes = {row["dst"] for row in json.loads(run(["ip", "-j", "-4", "route", "show"]))}
    there = {network.name for network in TWIN.networks if str(network.subnet) in routes}
    assert there == {"dmz", "trust"}


def test_a_twin_host_cannot_open_a_connection_to_the_machine(twin: Twin) -> None:
    script = (
        "import socket,sys\n"
        "try: socket.create_connection((sys.argv[1], 22), timeout=1.5)\n"
        "except TimeoutError: print('dropped')\n"
        "except OSError as other: print(type(other).__name__)\n"
        "else: print('open')\n"
    )
    assert twin.output("esxi", "python3", "-c", script, str(TWIN.network("dmz").bridge)) == "dropped\n"


def test_the_hospital_and_the_internet_are_cabled(twin: Twin) -> None:
    assert twin.pings("his_terminal", str(PLAN.pacs[0].address))
    assert twin.pings("viewer", str(PLAN.data_centre.portal_public))
    assert twin.pings("dc_portal", str(PLAN.data_centre.services))
    assert not twin.pings("viewer", str(PLAN.data_centre.services))
    assert not twin.pings("viewer", str(PLAN.pacs[0].address))


def test_a_cut_cable_carries_nothing_until_it_is_restored(twin: Twin) -> None:
    target = str(PLAN.pacs[0].address)
    assert twin.pings("his_terminal", target)
    cable.cut(SITE, "l3_switch", "pacs")
    try:
        assert cable.is_cut(SITE, "l3_switch", "pacs")
        assert not twin.pings("his_terminal", target)
        assert twin.pings("his_terminal", str(PLAN.linked_systems[0].address)), "the other cables stay"
        assert "NO-CARRIER" in twin.output("l3_switch", "ip", "link", "show", "dev", "pacs0")
    finally:
        cable.restore(SITE, "l3_switch", "pacs")
    assert not cable.is_cut(SITE, "l3_switch", "pacs")
    end = time.monotonic() + 5
    while not twin.pings("his_terminal", target):
        assert time.monotonic() < end


def test_a_cable_that_is_not_there_is_refused() -> None:
    with pytest.raises(TwinError) as refused:
        cable.cut(SITE, "viewer", "dmz")
    assert refused.value.facts == ("GW705", "twin.viewer", "dmz", "Its interfaces are: viewers0.")


def test_op_9_the_public_portal_wants_a_client_certificate(twin: Twin) -> None:
    pki = Pki(keys_folder(SITE))
    files = [
        podman.HostFile("/root/ca.pem", pki.ca_file.read_text()),
        podman.HostFile("/root/viewer.pem", pki.certificate("viewer").read_text()),
        podman.HostFile("/root/viewer_key.pem", pki.key("viewer").read_text(), 0o600),
    ]
    podman.put_files(container_name(SITE, "viewer"), files)
    url = f"https://{PLAN.data_centre.portal_name}/"
    curl = ["curl", "--silent", "--show-error", "--max-time", "5", "--cacert", "/root/ca.pem"]
    without = twin.run("viewer", *curl, url)
    assert without.returncode == 56, without.stderr  # the server ended the handshake
    assert without.stdout == ""
    certificate = ["--cert", "/root/viewer.pem", "--key", "/root/viewer_key.pem"]
    assert twin.output("viewer", *curl, *certificate, url) == "portal public\n"


def test_the_data_centres_services_answer(twin: Twin) -> None:
    services = str(PLAN.data_centre.services)
    mirror = twin.output("dc_portal", "curl", "-sf", f"http://{services}/debian/InRelease")
    assert mirror.startswith("-----BEGIN PGP SIGNED MESSAGE-----")
    ask = (
        "import socket,struct,sys\n"
        "name=b''.join(bytes([len(p)])+p.encode() for p in sys.argv[2].split('.'))+b'\\0'\n"
        "s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); s.settimeout(3)\n"
        "s.sendto(struct.pack('>6H',7,256,1,0,0,0)+name+struct.pack('>2H',1,1),(sys.argv[1],53))\n"
        "r=s.recv(512); print('.'.join(str(b) for b in r[-4:]) if r[7] else 'none')\n"
        "s.sendto(b'\\x23'+47*b'\\0',(sys.argv[1],123)); print(s.recv(512)[1])\n"
        "t=socket.create_connection((sys.argv[1],514),3)\n"
        "t.sendall(b'<13>Jan  1 00:00:00 h story: hello\\n'); t.close()\n"
    )
    answer = twin.output("dc_portal", "python3", "-c", ask, services, PLAN.data_centre.portal_name).split()
    assert answer == [str(PLAN.data_centre.portal), "8"]
    log = f"/var/log/remote/{PLAN.data_centre.portal}.log"
    end = time.monotonic() + 5
    while "hello" not in twin.run("dc_services", "cat", log).stdout:
        assert time.monotonic() < end, "the message is in no log"


def test_in_1_the_departmental_systems_answer(twin: Twin) -> None:
    message = "MSH|^~\\&|GW|H|EMR|H|20260101||ADT^A01|77|P|2.5\r"
    script = (
        "import socket,sys\n"
        "s=socket.create_connection((sys.argv[1],int(sys.argv[2])),3)\n"
        "s.sendall(b'\\x0b'+sys.argv[3].encode()+b'\\x1c\\r'); print(s.recv(4096).split(b'\\r')[1].decode())\n"
    )
    emr = TWIN.host("system_emr").listeners[0]
    reply = twin.output("his_terminal", "python3", "-c", script, str(emr.address), str(emr.port), message)
    assert reply == "MSA|AA|77\n"
    reports = TWIN.host("system_reports").listeners[0]
    assert twin.output("his_terminal", "curl", "-sf", f"http://{reports.address}:{reports.port}/") != ""


def test_in_2_the_pacs_knows_real_patients_and_refuses_strangers(twin: Twin) -> None:
    pacs = PLAN.pacs[0]
    count = json.loads(twin.output("pacs_main", "curl", "-sf", "http://127.0.0.1:8042/statistics"))
    own = sum(sum(study.series) for study in studies_of_test_patient(LONG_AGO))
    assert (count["CountPatients"], count["CountInstances"]) == (5 + 1, 5 + own)
    stranger = ["echoscu", "-aet", "STRANGER", "-aec", pacs.ae_title, str(pacs.address), str(pacs.port)]
    assert twin.run("pacs_main", *stranger).returncode != 0


def test_vpn_4_the_gateway_answers_the_planned_tunnel_and_nothing_leaks_when_it_is_gone(twin: Twin) -> None:
    """The firewall is given our rendering by hand; what its role does is proved elsewhere."""
    tunnel, firewall = PLAN.tunnel, container_name(SITE, "firewall")
    psk = Vault(site_folder(SITE), keys_folder(SITE)).secrets()[tunnel.psk]
    conf = swanctl_conf(tunnel, if_id=None).replace(f"<secret {tunnel.psk}>", psk)
    services = str(PLAN.data_centre.services)
    lifecycle.up(SITE, quiet())
    try:
        podman.put_files(firewall, [podman.HostFile("/etc/swanctl/conf.d/story.conf", conf, 0o600)])
        twin.output("firewall", "ip", "route", "replace", "default", "via", str(PLAN.firewall.default_gateway))
        twin.output("firewall", "systemctl", "start", "strongswan.service")
        end = time.monotonic() + 20
        while "INSTALLED" not in twin.output("firewall", "swanctl", "--list-sas"):
            assert time.monotonic() < end, "no tunnel"
            time.sleep(0.2)
        assert "AES_GCM_16-256" in twin.output("dc_gateway", "swanctl", "--list-sas")
        assert twin.pings("esxi", services)
        assert twin.pings("dc_services", str(PLAN.esxi.address))
        assert _private_packets(twin) == 0
        twin.output("firewall", "systemctl", "stop", "strongswan.service")
        assert not twin.pings("dc_services", str(PLAN.esxi.address))
        assert _private_packets(twin) == 0, "the data centre's packets for the hospital were seen on the Internet"
    finally:
        podman.remove_containers([firewall])
        lifecycle.up(SITE, quiet())


def _private_packets(twin: Twin) -> int:
    rows = json.loads(
        twin.output("internet_router", "nft", "-j", "list", "counter", "inet", "twin", "private_addresses")
    )
    return next(int(row["counter"]["packets"]) for row in rows["nftables"] if "counter" in row)
