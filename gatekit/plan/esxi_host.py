"""The ESXi host: network, names, accounts, firewall and the hardening baseline with this site's values (AP-1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network
from string import Template
from typing import Literal

from gatekit.catalogue.appliance import ApplianceFacts, appliance
from gatekit.catalogue.hardening_baseline import OptionCheck, ServiceCheck, esxi_baseline
from gatekit.intent.load import Intent
from gatekit.plan.addresses import dmz_address
from gatekit.plan.appliance import (
    AutostartRow,
    DeviationPlan,
    EsxiAccountPlan,
    EsxiHostPlan,
    EsxiOptionPlan,
    EsxiRolePlan,
    EsxiRulesetPlan,
    EsxiServicePlan,
    PortGroup,
    VmkernelPlan,
    VSwitchPlan,
)
from gatekit.plan.flow import Flow, Protocol, SecretName


def esxi_host_plan(intent: Intent, flows: tuple[Flow, ...]) -> EsxiHostPlan:
    """Return the host: one vSwitch on NIC1 in the DMZ, who may reach it, how it is hardened, the VMs' start order."""
    facts, site, centre = appliance().esxi, intent.site, intent.data_centre
    accounts = tuple(EsxiAccountPlan(name=name, **row.model_dump()) for name, row in sorted(facts.accounts.items()))
    services = (IPv4Network(centre.services),)
    return EsxiHostPlan(
        name=f"gw-{site.hospital.id}-esx",
        domain=centre.domain,
        address=dmz_address(intent, "esxi"),
        prefix_length=site.dmz.network.prefixlen,
        default_gateway=dmz_address(intent, "firewall"),
        administrator=facts.administrator.user,
        administrator_password=facts.administrator.password,
        user=facts.automation,
        password=facts.accounts[facts.automation].password,
        licence=_usable(site.esxi.licence),
        vswitches=(_vswitch(intent),),
        vmkernel=(_management_interface(intent),),
        dns_servers=(centre.services,),
        ntp_servers=(centre.services,),
        services=tuple(_services()),
        options=tuple(_options(intent)),
        management=management_sources(intent, flows),
        rulesets=tuple(EsxiRulesetPlan(key=key, networks=services) for key in facts.rulesets_to_services),
        roles=tuple(EsxiRolePlan(name=name, privileges=given) for name, given in sorted(facts.roles.items())),
        accounts=accounts,
        certificate_renewal_days=facts.certificate_renewal_days,
        deviations=tuple(DeviationPlan.model_validate(row.model_dump()) for row in site.esxi.deviations),
        autostart=tuple(_autostart(appliance())),
        datastore=facts.datastore,
    )


def esxi_secrets(host: EsxiHostPlan) -> tuple[SecretName, ...]:
    """Return the vault's names of the administrator's and the accounts' passwords."""
    return (host.administrator_password, *(account.password for account in host.accounts))


def management_sources(intent: Intent, flows: Iterable[Flow]) -> tuple[IPv4Network, ...]:
    """Return the sources of every TCP flow of the matrix that ends at the host, sorted."""
    host = IPv4Network(dmz_address(intent, "esxi"))
    found = {
        network
        for flow in flows
        if flow.protocol is Protocol.TCP and flow.destination.networks == (host,)
        for network in flow.source.ipv4_networks
    }
    return tuple(sorted(found))


def _usable(
    licence: Literal["vsphere_standard", "vvf", "evaluation", "free"],
) -> Literal["vsphere_standard", "vvf", "evaluation"]:
    if licence == "free":
        raise AssertionError("the rules refuse the free edition before anything is planned")
    return licence


def _vswitch(intent: Intent) -> VSwitchPlan:
    facts = appliance().esxi
    groups = tuple(PortGroup(name=name, vlan=0) for name in sorted(facts.port_groups.values()))
    return VSwitchPlan(name=facts.vswitch, uplinks=(intent.site.appliance.nic1,), mtu=facts.mtu, port_groups=groups)


def _management_interface(intent: Intent) -> VmkernelPlan:
    facts = appliance().esxi
    return VmkernelPlan(
        port_group=facts.port_groups["management"],
        address=dmz_address(intent, "esxi"),
        prefix_length=intent.site.dmz.network.prefixlen,
        mtu=facts.mtu,
        carries=("management",),
    )


def _services() -> Iterator[EsxiServicePlan]:
    for item in esxi_baseline():
        if isinstance(item.check, ServiceCheck):
            yield EsxiServicePlan(item=item.id, **item.check.model_dump(exclude={"kind"}))


def _options(intent: Intent) -> Iterator[EsxiOptionPlan]:
    facts = appliance()
    words = {
        "syslog_target": f"tcp://{intent.data_centre.services}:{facts.ports['syslog']}",
        "banner": facts.esxi.banner,
        "administrator": facts.esxi.administrator.user,
    }
    for item in esxi_baseline():
        if isinstance(item.check, OptionCheck):
            given = item.check.model_dump(exclude={"kind"})
            if isinstance(item.check.value, str):
                given["value"] = Template(item.check.value).substitute(words)
            yield EsxiOptionPlan(item=item.id, **given)


def _autostart(facts: ApplianceFacts) -> Iterator[AutostartRow]:
    for order, name in enumerate(facts.autostart, start=1):
        size = facts.vms[name]
        yield AutostartRow(vm=name, order=order, start_delay_s=size.start_delay_s, stop_delay_s=size.stop_delay_s)
