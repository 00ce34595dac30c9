"""The host, against the real simulator process over TLS."""

from __future__ import annotations

import base64
import http.client
import ssl
from contextlib import closing, nullcontext

import pytest

from gatekit.devices.esxi.host import apply_host, plan_host
from gatekit.devices.esxi.host_read import observe_host
from gatekit.devices.esxi.host_secrets import HostSecrets
from gatekit.devices.esxi.host_state import STRICT, Dns, Ntp, PortGroupSetting, Security, Service, Vswitch
from gatekit.devices.esxi.host_write import write_setting
from gatekit.devices.esxi.session import open_session
from gatekit.errors import DeviceError
from tests.stories.esxi import simulator, site
from tests.stories.esxi.loopback import PASSWORDS
from tests.stories.esxi.simulator import Simulator

pytestmark = pytest.mark.story


def test_a_fresh_host_is_what_an_installation_leaves(esxi: Simulator) -> None:
    with site.session(esxi) as session:
        state = observe_host(session)
        about = session.content.about
    assert (about.version, about.apiVersion, about.apiType) == ("8.0.3", "8.0.3.0", "HostAgent")
    assert about.fullName.startswith("VMware ESXi 8.0.3 build-")
    assert [(v.name, v.uplinks, v.mtu) for v in state.vswitches] == [("vSwitch0", ("vmnic0",), 1500)]
    assert [(p.name, p.vswitch, p.vlan) for p in state.port_groups] == [
        ("VM Network", "vSwitch0", 0),
        ("Management Network", "vSwitch0", 0),
    ]
    assert state.uplinks == ("vmnic0", "vmnic1", "vmnic2", "vmnic3")


def test_ap_1_the_host_becomes_as_planned_and_stays_so(esxi: Simulator) -> None:
    with site.session(esxi) as session:
        predicted = plan_host(observe_host(session), site.host_plan())
        done = site.build_host(session)
        again = plan_host(observe_host(session), site.host_plan())
        state = observe_host(session)
    assert predicted.changed
    assert done.diff() == predicted.diff()
    assert (again.lines(), again.diff()) == ([], {"before": "", "after": ""})
    assert state.vswitch("vSwitch0") == Vswitch("vSwitch0", ("vmnic0",), 1500, STRICT)
    assert state.dns.host_name == site.host_plan().name
    assert state.ntp == Ntp(enabled=True, servers=("10.200.9.10",))
    assert state.service("ntpd") == Service("ntpd", running=True, policy="on")


DRIFTS = [
    pytest.param(Vswitch("vSwitch0", ("vmnic0", "vmnic1"), 9000, STRICT), id="uplinks-and-mtu"),
    pytest.param(Vswitch("vSwitch0", ("vmnic0",), 1500, Security(True, False, True)), id="promiscuous"),
    pytest.param(PortGroupSetting("GW-DMZ", "vSwitch0", 7, Security(None, True, None)), id="vlan-and-mac-changes"),
    pytest.param(Dns(True, "localhost", "", ("192.0.2.53",), ()), id="dns"),
    pytest.param(Ntp(enabled=False, servers=()), id="ntp"),
    pytest.param(Service("TSM-SSH", running=True, policy="on"), id="ssh-left-on"),
]


@pytest.mark.parametrize("drift", DRIFTS)
def test_what_somebody_changed_by_hand_is_repaired(esxi: Simulator, drift: object) -> None:
    with site.session(esxi) as session:
        site.build_host(session)
        planned = observe_host(session)
        write_setting(session, "drift", drift)  # type: ignore[arg-type]  # every row is a Setting
        drifted = observe_host(session)
        changes = site.build_host(session)
        repaired = observe_host(session)
    assert drifted != planned
    assert len(changes.changes) == 1
    assert repaired == planned


def test_prediction_writes_nothing(esxi: Simulator) -> None:
    with site.session(esxi) as session:
        before = observe_host(session)
        assert plan_host(before, site.host_plan()).changed
    with site.session(esxi) as session:
        assert observe_host(session) == before


def test_wrong_password_is_refused(esxi: Simulator) -> None:
    with pytest.raises(DeviceError) as caught, open_session(site.target(esxi, password="wrong-password")):
        pass
    assert caught.value.facts == (
        "GW401",
        "gw-kita-esx.login",
        "InvalidLogin",
        "Check the vault entry. After 5 failures the host locks the account for 15 minutes.",
    )


def test_another_ca_is_not_trusted_on_loopback_either(esxi: Simulator, tmp_path: simulator.Path) -> None:
    simulator.make_certificates(tmp_path)
    other = (tmp_path / "ca.pem").read_text()
    with pytest.raises(DeviceError) as caught, open_session(site.target(esxi, trusted_pem=other)):
        pass
    assert (caught.value.code, caught.value.path) == ("GW416", "gw-kita-esx.login")


def test_the_hosts_own_certificate_can_be_pinned(esxi: Simulator) -> None:
    own = (esxi.folder / "cert.pem").read_text()
    with open_session(site.target(esxi, trusted_pem=own, pinned=True)) as session:
        assert observe_host(session).uplinks


def test_a_dead_host_is_said_to_be_dead(esxi: Simulator) -> None:
    esxi.process.kill()
    esxi.process.wait()
    with pytest.raises(DeviceError) as caught, site.session(esxi):
        pass
    assert (caught.value.code, caught.value.path) == ("GW402", "gw-kita-esx.login")


@pytest.mark.parametrize("trouble", ["drop?n=2", "status?code=503", "expire"])
def test_reading_survives_a_short_trouble(esxi: Simulator, trouble: str) -> None:
    with site.session(esxi) as session:
        calm = observe_host(session)
        esxi.control(trouble)
        assert observe_host(session) == calm


def test_reading_gives_up_after_its_attempts(esxi: Simulator) -> None:
    with site.session(esxi) as session:
        esxi.control("drop?n=50")
        with pytest.raises(DeviceError) as caught:
            observe_host(session)
        esxi.control("fault", method="DELETE")
    assert caught.value.code == "GW402"


def test_an_expired_session_is_opened_again_before_a_write(esxi: Simulator) -> None:
    with site.session(esxi) as session:
        changes = plan_host(observe_host(session), site.host_plan())
        esxi.control("expire")
        apply_host(lambda: nullcontext(session), changes, HostSecrets(PASSWORDS))
        assert not plan_host(observe_host(session), site.host_plan()).changed


def test_a_write_is_never_sent_twice_and_the_next_run_completes(esxi: Simulator) -> None:
    with site.session(esxi) as session:
        changes = plan_host(observe_host(session), site.host_plan())
        esxi.fault("UpdateDnsConfig", "HostConfigFault")
        with pytest.raises(DeviceError) as caught:
            apply_host(lambda: nullcontext(session), changes, HostSecrets(PASSWORDS))
        assert (caught.value.code, caught.value.path) == ("GW410", "gw-kita-esx.dns")
        left = plan_host(observe_host(session), site.host_plan())
        done = [c.subject for c in changes.changes].index("dns")
        assert [c.subject for c in left.changes] == [c.subject for c in changes.changes[done:]]
        site.build_host(session)
        assert not plan_host(observe_host(session), site.host_plan()).changed


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("RestrictedVersion", "GW405"),
        ("NoPermission", "GW404"),
        ("ConcurrentAccess", "GW413"),
        ("SystemError", "GW410"),
    ],
)
def test_the_hosts_refusals_carry_their_code(esxi: Simulator, fault: str, code: str) -> None:
    with site.session(esxi) as session:
        esxi.fault("UpdateVirtualSwitch", fault)
        with pytest.raises(DeviceError) as caught:
            site.build_host(session)
    assert (caught.value.code, caught.value.path) == (code, "gw-kita-esx.vswitch vSwitch0")


def test_sessions_are_always_ended(esxi: Simulator) -> None:
    for _ in range(3):
        with site.session(esxi) as session:
            observe_host(session)
    with site.session(esxi) as session:
        open_now = session.content.sessionManager.sessionList
    assert len(open_now) == 1


def test_test_endpoints_want_the_password_and_are_off_by_default(
    esxsim: simulator.Path, certificates: simulator.Path, esxi: Simulator, tmp_path: simulator.Path
) -> None:
    for name in ("ca.pem", "cert.pem", "key.pem", "password"):
        (tmp_path / name).write_bytes((certificates / name).read_bytes())
    quiet = simulator.start(esxsim, tmp_path)
    try:
        missing = status_of(quiet, authorised=True)
    finally:
        simulator.stop(quiet)
    assert (missing, status_of(esxi, authorised=False)) == (404, 401)


def status_of(esxi: Simulator, *, authorised: bool) -> int:
    """Return the HTTP status of POST /_ctl/expire."""
    connection = http.client.HTTPSConnection("127.0.0.1", esxi.port, context=ssl.create_default_context(cadata=esxi.ca))
    token = base64.b64encode(f"{simulator.USER}:{simulator.PASSWORD}".encode()).decode()
    with closing(connection):
        connection.request("POST", "/_ctl/expire", headers={"Authorization": f"Basic {token}"} if authorised else {})
        return connection.getresponse().status
