"""The whole host through its API: who logs in, what is written, and that a second run writes nothing."""

from __future__ import annotations

import hashlib
import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import pytest
from pyVmomi import vim

from gatekit.certificates.authority import SERVER, issue, new_authority
from gatekit.devices.esxi.converge import HostLogin, converge_host
from gatekit.devices.esxi.host import apply_host, plan_host
from gatekit.devices.esxi.host_read import observe_host
from gatekit.devices.esxi.inventory import host_system
from gatekit.devices.esxi.session import open_session
from gatekit.errors import DeviceError
from gatekit.plan.appliance import EsxiHostPlan
from tests.stories.esxi import by_hand, simulator, site
from tests.stories.esxi.loopback import PASSWORDS, US
from tests.stories.esxi.simulator import Simulator

pytestmark = pytest.mark.story

NO_ROOT = {"administrator_password": "not-root's-password"}


def calls(esxi: Simulator) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(esxi.control("calls", method="GET"))
    return found


def converge(login: HostLogin, *, check: bool = False, plan: EsxiHostPlan | None = None) -> list[str]:
    return converge_host(login, plan or site.host_plan(), check=check).lines()


@pytest.fixture
def built(esxi: Simulator) -> Simulator:
    """The host after the first run, its calls counted from here."""
    converge(site.login(esxi))
    esxi.control("calls", method="DELETE")
    return esxi


def test_ap_1_check_mode_predicts_everything_and_writes_nothing(esxi: Simulator) -> None:
    esxi.control("calls", method="DELETE")
    predicted = converge(site.login(esxi), check=True)
    assert calls(esxi)["writes"] == 0
    assert len(predicted) > 20
    assert converge(site.login(esxi)) == predicted


def test_ap_1_a_second_run_logs_in_without_the_administrator_and_writes_nothing(built: Simulator) -> None:
    assert converge(site.login(built, **NO_ROOT)) == []
    counted = calls(built)
    assert (counted["writes"], counted["methods"]["Login"]) == (0, len(PASSWORDS))


def host_drifts(found: Any) -> dict[str, Callable[[], object]]:
    """Return what somebody could do by hand, by the subject the job has to name."""
    manager = by_hand.host(found).configManager
    network, services, options = manager.networkSystem, manager.serviceSystem, manager.advancedOption
    loose = vim.host.NetworkPolicy(security=vim.host.NetworkPolicy.SecurityPolicy(allowPromiscuous=True))
    anyone = vim.host.Ruleset.RulesetSpec(allowedHosts=vim.host.Ruleset.IpList(allIp=True))
    dns = vim.host.DnsConfig(dhcp=False, hostName="other", domainName="example.jp", address=["10.200.9.10"])
    clock = vim.host.DateTimeConfig(ntpConfig=vim.host.NtpConfig(server=["10.200.9.11"]))
    option = vim.option.OptionValue(key="Config.HostAgent.vmacore.soap.sessionTimeout", value=30)
    open_policy = vim.host.FirewallInfo.DefaultPolicy(incomingBlocked=False, outgoingBlocked=True)
    group = vim.host.PortGroup.Specification(name="GW-DMZ", vlanId=7, vswitchName="vSwitch0", policy=loose)
    return {
        "port group GW-DMZ": lambda: network.UpdatePortGroup("GW-DMZ", group),
        "vmkernel Management Network": lambda: manager.virtualNicManager.SelectVnicForNicType("vmotion", "vmk0"),
        "default gateway": lambda: network.UpdateIpRouteConfig(vim.host.IpRouteConfig(defaultGateway="127.0.0.9")),
        "dns": lambda: network.UpdateDnsConfig(dns),
        "ntp": lambda: manager.dateTimeSystem.UpdateDateTimeConfig(clock),
        "options": lambda: options.UpdateOptions([option]),
        "service TSM-SSH": lambda: services.StartService("TSM-SSH"),
        "firewall vSphereClient": lambda: manager.firewallSystem.UpdateRuleset("vSphereClient", anyone),
        "firewall syslog": lambda: manager.firewallSystem.DisableRuleset("syslog"),
        "firewall default": lambda: manager.firewallSystem.UpdateDefaultPolicy(open_policy),
        "datastore": lambda: by_hand.host(found).datastore[0].RenameDatastore("local"),
    }


HOST_DRIFTS = (
    "port group GW-DMZ", "vmkernel Management Network", "default gateway", "dns", "ntp", "options", "service TSM-SSH",
    "firewall vSphereClient", "firewall syslog", "firewall default", "datastore",
)  # fmt: skip


def administrator(esxi: Simulator) -> AbstractContextManager[Any]:
    """Return a pyVmomi session of root's, not made by what is tested."""
    (esxi.folder / "port").write_text(str(esxi.port))
    return by_hand.service(esxi.folder)


@pytest.mark.parametrize("subject", HOST_DRIFTS)
def test_every_concern_is_repaired_by_the_automation_account_alone_and_then_quiet(
    built: Simulator, subject: str
) -> None:
    login = site.login(built, **NO_ROOT)
    with administrator(built) as found:
        drifts = host_drifts(found)
        assert set(drifts) == set(HOST_DRIFTS)
        drifts[subject]()
    done = converge_host(login, site.host_plan(), check=False)
    assert [change.subject for change in done.changes] == [subject]
    built.control("calls", method="DELETE")
    assert (converge(login), calls(built)["writes"]) == ([], 0)


def access_drifts(found: Any) -> dict[str, Callable[[], object]]:
    manager, content = found.content.authorizationManager, found.content
    numbers = {role.name: role.roleId for role in manager.roleList}
    admin = vim.AuthorizationManager.Permission(principal="gwups", group=False, roleId=-1, propagate=True)

    def give_other_password(account: str) -> None:
        kind = vim.host.LocalAccountManager.PosixAccountSpecification
        content.accountManager.UpdateUser(kind(id=account, password="blue-7-Horses-in-snow"))

    return {
        "role gatekit-ups": lambda: manager.UpdateAuthorizationRole(numbers["gatekit-ups"], "gatekit-ups", []),
        "permission of gwups": lambda: manager.SetEntityPermissions(content.rootFolder, [admin]),
        "account gwups": partial(give_other_password, "gwups"),
        "account gwauto": partial(give_other_password, "gwauto"),
    }


ACCESS_DRIFTS = ("role gatekit-ups", "permission of gwups", "account gwups", "account gwauto")


@pytest.mark.parametrize("subject", ACCESS_DRIFTS)
def test_who_may_do_what_is_repaired_by_the_administrator_and_then_quiet(built: Simulator, subject: str) -> None:
    planned = site.login(built)
    passwords = PASSWORDS
    if subject.startswith("account"):  # the host's history refuses the old one: the vault has a new one
        passwords = PASSWORDS | {subject.partition(" ")[2]: "from-the-Vault-2-now"}
    target = replace(planned.target, password=passwords["gwauto"])
    login = replace(planned, target=target, secrets=replace(planned.secrets, passwords=passwords))
    with administrator(built) as found:
        drifts = access_drifts(found)
        assert set(drifts) == set(ACCESS_DRIFTS)
        drifts[subject]()
    done = converge_host(login, site.host_plan(), check=False)
    assert [change.subject for change in done.changes] == [subject]
    built.control("calls", method="DELETE")
    assert (converge(replace(login, **NO_ROOT)), calls(built)["writes"]) == ([], 0)


def test_the_ups_account_cannot_change_the_host(built: Simulator) -> None:
    ups = site.target(built, user="gwups", password=PASSWORDS["gwups"])
    with open_session(ups) as session:
        start = host_system(session).configManager.serviceSystem.StartService
        with pytest.raises(DeviceError) as caught:
            session.write("service", partial(start, "TSM-SSH"))
    assert caught.value.code == "GW404"


def test_the_automation_account_cannot_make_accounts_or_roles(built: Simulator) -> None:
    own = site.target(built, user="gwauto", password=PASSWORDS["gwauto"])
    spec = vim.host.LocalAccountManager.PosixAccountSpecification(id="x", password="blue-7-Horses-in-snow")
    with open_session(own) as session:
        content = session.content
        for call in (
            partial(content.accountManager.CreateUser, spec),
            partial(content.authorizationManager.AddAuthorizationRole, "x", []),
        ):
            with pytest.raises(DeviceError) as caught:
                session.write("access", call)
            assert caught.value.code == "GW404"


def test_a_free_licence_stops_before_the_first_write(esxi: Simulator) -> None:
    esxi.control("licence", {"Edition": "esxBasic"})
    esxi.control("calls", method="DELETE")
    with pytest.raises(DeviceError) as caught:
        converge(site.login(esxi))
    assert caught.value.facts[:2] == ("GW405", "gw-kita-esx.licence")
    assert calls(esxi)["writes"] == 0


def test_an_evaluation_says_how_many_days_are_left(built: Simulator) -> None:
    built.control("licence", {"Edition": "eval", "Days": 9})
    notes = converge_host(site.login(built), site.host_plan(), check=False).notes
    assert notes[0].startswith("gw-kita-esx: evaluation licence, ")
    assert notes[0].endswith(" days left; no machine can be started after them")


@pytest.fixture
def factory(esxsim: Path, tmp_path: Path) -> Iterator[Simulator]:
    """A host as it is installed: a certificate of its own, signed by nobody we know."""
    simulator.make_certificates(tmp_path)
    made = issue(new_authority("VMware Installer"), "localhost.localdomain", (), SERVER)
    (tmp_path / "cert.pem").write_text(made.certificate)
    (tmp_path / "key.pem").write_text(made.key)
    running = simulator.start(esxsim, tmp_path, "-control")
    yield running
    simulator.stop(running)


def test_ap_1_from_the_factory_certificate_to_the_sites_ca(factory: Simulator) -> None:
    pem = (factory.folder / "cert.pem").read_text()
    fingerprint = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()
    first = site.login(factory, fingerprint=fingerprint)
    assert 'certificate: by_site_ca false -> true, names [] -> ["127.0.0.1", "gw-kita-esx.idlink.example.jp"]' in [
        line.partition(", days_left")[0] for line in converge(first)
    ]
    assert converge(first) == []  # the fingerprint is of no account any more
    assert converge(site.login(factory, **NO_ROOT)) == []


def test_another_certificate_than_the_recorded_one_is_not_trusted(factory: Simulator) -> None:
    with pytest.raises(DeviceError) as caught:
        converge(site.login(factory, fingerprint="0" * 64))
    assert (caught.value.code, caught.value.path) == ("GW416", "gw-kita-esx.login")


def test_a_certificate_is_renewed_in_time(built: Simulator) -> None:
    early = site.host_plan().model_copy(update={"certificate_renewal_days": 90})
    [line] = converge(site.login(built), plan=early)
    assert line.startswith("certificate: ")
    assert converge(site.login(built, **NO_ROOT), plan=early) == []


def test_without_the_cas_key_the_certificate_is_left_as_it_is(built: Simulator) -> None:
    login = site.login(built)
    without = replace(login, secrets=replace(login.secrets, authority=None))
    assert converge(without, plan=site.host_plan().model_copy(update={"certificate_renewal_days": 90})) == []


def test_a_firewall_rule_that_shuts_us_out_is_taken_back(built: Simulator) -> None:
    """The guard is deceived about our address, so that the second one has to hold."""
    elsewhere = site.host_plan().model_copy(update={"management": (IPv4Network("10.161.4.250/32"),)})
    automation = partial(site.login(built).open_as, "gwauto")
    with automation() as session:
        before = observe_host(session)
    changes = plan_host(replace(before, our_address="10.161.4.250"), elsewhere)
    with pytest.raises(DeviceError) as caught:
        apply_host(automation, changes)
    # the simulator lets in by either of the two, so it is the second one that cuts
    assert (caught.value.code, caught.value.path) == ("GW432", "gw-kita-esx.firewall webAccess")
    with automation() as session:  # a new login works again
        rules = {rule.key: rule for rule in observe_host(session).rulesets}
    assert (str(US) in rules["webAccess"].networks, rules["webAccess"].every_address) == (True, False)


def test_a_refused_login_of_a_planned_account_is_tried_once_a_run(built: Simulator) -> None:
    """Five failures would lock it: a run may not repeat them."""
    login = site.login(built)
    wrong = replace(login, secrets=replace(login.secrets, passwords=PASSWORDS | {"gwups": "Wrong-1-password-xx"}))
    built.control("calls", method="DELETE")
    assert converge(wrong, check=True) == ["account gwups: password_accepted false -> true"]
    assert calls(built)["methods"]["Login"] == len(PASSWORDS)


def test_ap_1_the_automation_account_builds_the_machines_and_their_start_sequence(built: Simulator) -> None:
    with open_session(site.target(built, user="gwauto", password=PASSWORDS["gwauto"])) as session:
        assert site.build_vms(session, site.windows_wishes()).changed
        assert not site.build_vms(session, site.windows_wishes()).changed


def test_the_ups_account_stops_a_machine(built: Simulator) -> None:
    with administrator(built) as found, open_session(site.target(built)) as session:
        site.build_vms(session, site.windows_wishes())
        number = str(by_hand.vms(found)["vm3"]._moId)
    with open_session(site.target(built, user="gwups", password=PASSWORDS["gwups"])) as session:
        machines = session.content.rootFolder.childEntity[0].vmFolder.childEntity
        machine = next(vm for vm in machines if str(vm._moId) == number)
        session.write("vm3", machine.PowerOffVM_Task)
        with pytest.raises(DeviceError) as caught:
            session.write("vm3", machine.PowerOnVM_Task)
    assert caught.value.code == "GW404"
