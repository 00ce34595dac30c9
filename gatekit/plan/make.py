"""From a valid intent to the plan: pure, the same input gives the same bytes."""

from __future__ import annotations

from pathlib import Path

from gatekit.intent.hospital import BothLanguages
from gatekit.intent.load import Intent, load_intent
from gatekit.intent.systems import LinkedSystem as GivenSystem
from gatekit.model import Text
from gatekit.plan.addresses import address_rows, network_rows
from gatekit.plan.devices import cpe_plan, device_secrets, firewall_plan, switch_route_plan
from gatekit.plan.esxi_host import esxi_host_plan, esxi_secrets
from gatekit.plan.flow_matrix import flow_matrix, package_url
from gatekit.plan.machines import proxy_plan, vm_plans
from gatekit.plan.model import DataCentrePlan, LinkedSystem, PackageSource, PacsPeer, Plan, SupportContact
from gatekit.plan.order import build_order
from gatekit.plan.power_failure import ups_plan, ups_secrets
from gatekit.plan.rack_and_support import premises_plan
from gatekit.plan.separation import boundary_plan
from gatekit.plan.tunnel import tunnel_plan
from gatekit.plan.vm1.software import vm1_plan
from gatekit.plan.windows_guest import windows_plan

__all__ = ["make_plan", "plan_site"]

SCHEMA_VERSION = 1


def plan_site(folder: Path) -> Plan:
    """Return the plan of ``inventories/<site>``.

    Raises:
        IntentRefused: every fault of the site file at once.
    """
    return make_plan(load_intent(folder))


def make_plan(intent: Intent) -> Plan:
    """Return everything that follows from one intent; pure.

    Raises:
        PlanError: GW201 next hop not connected, GW202 not exactly one way.
    """
    site, centre = intent.site, intent.data_centre
    flows = flow_matrix(intent)
    tunnel = tunnel_plan(intent)
    vms = vm_plans(intent, flows)
    esxi = esxi_host_plan(intent, flows)
    software = vm1_plan(intent, f"{vms[0].host_name}.{centre.domain}")
    windows = windows_plan(intent, next(vm for vm in vms if vm.guest != "debian13"))
    ups = ups_plan(intent)
    systems = tuple(_linked_system(row) for row in site.linked_systems)
    keys = sorted(vm.ssh_host_key for vm in vms if vm.ssh_host_key)
    return Plan(
        schema_version=SCHEMA_VERSION,
        site=site.hospital.id,
        hospital=_both(site.hospital.name),
        pattern=site.vpn.pattern,
        domain=centre.domain,
        networks=network_rows(intent),
        addresses=address_rows(intent),
        flows=flows,
        tunnel=tunnel,
        tunnel_device="firewall" if site.vpn.pattern == 4 else "cpe",
        firewall=firewall_plan(intent, flows, tunnel),
        cpe=cpe_plan(intent, flows, tunnel),
        l3_switch=switch_route_plan(intent),
        boundary=boundary_plan(intent, flows),
        esxi=esxi,
        vms=vms,
        proxy=proxy_plan(intent),
        vm1=software,
        windows=windows,
        ups=ups,
        package_source=_package_source(intent),
        data_centre=DataCentrePlan(
            networks=tuple(sorted(centre.networks)),
            operations=centre.operations,
            services=centre.services,
            portal_name=centre.portal.name,
            portal=centre.portal.address,
            portal_public=centre.portal.public_address,
            support=SupportContact(
                name=_both(centre.support.name),
                phone=centre.support.phone,
                email=centre.support.email,
                hours=_both(centre.support.hours),
            ),
        ),
        pacs=tuple(
            PacsPeer(name=row.name, ae_title=row.ae_title, address=row.address, port=row.port) for row in site.pacs
        ),
        linked_systems=systems,
        premises=premises_plan(intent),
        steps=build_order(intent),
        secrets=(
            *(*esxi_secrets(esxi), *keys, tunnel.psk, *software.secrets(), *windows.secrets),
            *ups_secrets(ups),
            *(row.password for row in systems if row.password),
            *device_secrets(intent),
        ),
    )


def _linked_system(row: GivenSystem) -> LinkedSystem:
    password = f"link_{row.name}_password" if row.account else None
    return LinkedSystem.model_validate({**row.model_dump(), "password": password})


def _both(written: BothLanguages) -> Text:
    return Text(ja=written.ja, en=written.en)


def _package_source(intent: Intent) -> PackageSource:
    own, centre = intent.site.packages, intent.data_centre.mirror
    return PackageSource(
        url=package_url(intent),
        suite=centre.suite,
        components=centre.components,
        signed_by=own.signed_by if own else centre.signed_by,
    )
