"""A host as pattern4's plan wants it, to be changed in one place by each test."""

from __future__ import annotations

from gatekit.devices.esxi.access_state import Access, Grant, RoleSetting
from gatekit.devices.esxi.firewall import CLOSED
from gatekit.devices.esxi.host_state import (
    STRICT,
    Dns,
    Gateway,
    HostState,
    Licence,
    Ntp,
    Options,
    PortGroupSetting,
    Ruleset,
    Security,
    ServerCertificate,
    Service,
    Vmkernel,
    Vswitch,
)
from gatekit.plan.appliance import EsxiHostPlan
from tests.sites import example_plan

NONE = Security(promiscuous=None, mac_changes=None, forged_transmits=None)
ADMIN = RoleSetting("Admin", ("Global.Settings",))
SERVICES = ("10.200.9.10/32",)
MANAGEMENT = ("10.161.4.20/32", "10.161.4.250/32", "10.161.4.30/32", "10.200.9.0/24")


def plan(**changes: object) -> EsxiHostPlan:
    return example_plan("pattern4").esxi.model_copy(update=changes)


def as_planned() -> HostState:
    wanted = plan()
    return HostState(
        vswitches=(Vswitch("vSwitch0", ("vmnic0",), 1500, STRICT),),
        port_groups=(
            PortGroupSetting("VM Network", "vSwitch0", 0, NONE),
            PortGroupSetting("GW-DMZ", "vSwitch0", 0, NONE),
            PortGroupSetting("Management Network", "vSwitch0", 0, NONE),
        ),
        uplinks=("vmnic0", "vmnic1"),
        vmkernel=(Vmkernel("vmk0", "Management Network", False, "10.161.4.5", "255.255.255.0", 1500, ("management",)),),
        gateway=Gateway("10.161.4.254"),
        dns=Dns(
            dhcp=False, host_name=wanted.name, domain=wanted.domain, servers=("10.200.9.10",), search=(wanted.domain,)
        ),
        ntp=Ntp(enabled=True, servers=("10.200.9.10",)),
        services=tuple(Service(row.key, row.running, row.policy) for row in wanted.services),
        default_policy=CLOSED,
        rulesets=(
            Ruleset("dhcp", enabled=True, every_address=True, networks=(), configurable=False),
            Ruleset("dns", enabled=True, every_address=False, networks=SERVICES),
            Ruleset("nfsClient", enabled=False, every_address=True, networks=()),
            Ruleset("ntpClient", enabled=True, every_address=False, networks=SERVICES),
            Ruleset("syslog", enabled=True, every_address=False, networks=SERVICES),
            Ruleset("vMotion", enabled=True, every_address=False, networks=MANAGEMENT),
            Ruleset("vSphereClient", enabled=True, every_address=False, networks=MANAGEMENT),
            Ruleset("webAccess", enabled=True, every_address=False, networks=MANAGEMENT),
        ),
        options=Options({row.key: row.value for row in wanted.options} | {SCRATCH: "/vmfs/volumes/OSDATA-1"}),
        access=Access(
            roles=(ADMIN, *(RoleSetting(row.name, tuple(sorted(row.privileges))) for row in wanted.roles)),
            accounts=(*((row.name, row.description) for row in wanted.accounts), ("root", "Administrator")),
            grants=(Grant("root", "Admin", True), *(Grant(row.name, row.role, True) for row in wanted.accounts)),
        ),
        licence=Licence("esx.standard", "vSphere 8 Standard"),
        datastores=("datastore1",),
        lockdown="lockdownDisabled",
        acceptance_level="partner",
        our_address="10.161.4.250",
        certificate=ServerCertificate(True, ("10.161.4.5", "gw-kita-esx.idlink.example.jp"), 800),
    )


SCRATCH = "ScratchConfig.CurrentScratchLocation"
