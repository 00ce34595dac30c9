"""The three virtual machines of the host (AP-1 .. AP-4)."""

from __future__ import annotations

import hashlib

from gatekit.catalogue.appliance import appliance
from gatekit.catalogue.vm1 import vm1
from gatekit.intent.load import Intent
from gatekit.intent.ups import UsbCable
from gatekit.plan.addresses import PURPOSE, dmz_address
from gatekit.plan.appliance import DataDiskPlan, UsbDevicePlan, VmPlan
from gatekit.plan.flow import Flow
from gatekit.plan.model import ProxyPlan
from gatekit.plan.vm1.model import Artefact


def vm_plans(intent: Intent, flows: tuple[Flow, ...]) -> tuple[VmPlan, ...]:
    """Return VM1, VM2 and VM3, each with every flow that begins or ends at it."""
    return tuple(_vm(intent, name, flows) for name in sorted(appliance().vms))


def proxy_plan(intent: Intent) -> ProxyPlan:
    """Return HC-1 and HC-2: who may ask VM2's Squid, and for what."""
    site, centre, ports = intent.site, intent.data_centre, appliance().ports
    clients = sorted(row.network for row in site.networks if row.name in site.proxy.clients)
    return ProxyPlan(
        address=dmz_address(intent, "vm2"),
        host_name=f"{_host_name(intent, 'vm2')}.{centre.domain}",
        port=ports["proxy"],
        clients=tuple(clients),
        destinations=(centre.portal.name, *sorted(site.proxy.other_destinations)),
        connect_ports=tuple(sorted({centre.portal.port, ports["https"]})),
        dns_servers=(centre.services,),
        pac_port=ports["http"],
    )


def _vm(intent: Intent, name: str, flows: tuple[Flow, ...]) -> VmPlan:
    facts, site, centre = appliance(), intent.site, intent.data_centre
    address = dmz_address(intent, name)
    guest = site.appliance.windows if name == "vm3" else "debian13"
    return VmPlan(
        name=name,
        host_name=_host_name(intent, name),
        guest=guest,
        guest_id=facts.guest_ids[guest],
        purpose=PURPOSE[name],
        cpus=facts.vms[name].cpus,
        memory_mb=facts.vms[name].memory_mb,
        disk_gb=facts.vms[name].disk_gb,
        data_disk=_data_disk(intent) if name == "vm1" else None,
        image=_image(intent) if guest == "debian13" else None,
        usb_device=_usb_device(intent) if name == facts.ups.server else None,
        port_group=facts.esxi.port_groups["vms"],
        mac=mac_address(site.hospital.id, name),
        address=address,
        prefix_length=site.dmz.network.prefixlen,
        default_gateway=dmz_address(intent, "firewall"),
        dns_servers=(centre.services,),
        ntp_servers=(centre.services,),
        syslog_server=centre.services,
        domain=centre.domain,
        operator=centre.operator_account,
        ssh_host_key=f"ssh_host_key_{name}" if guest == "debian13" else None,
        flows=tuple(
            flow
            for flow in flows
            if any(address in network for end in (flow.source, flow.destination) for network in end.networks)
        ),
    )


def _data_disk(intent: Intent) -> DataDiskPlan | None:
    size_gb = intent.site.appliance.archive_disk_gb
    return DataDiskPlan(size_gb=size_gb, folder=vm1().archive.storage_folder) if size_gb else None


def _image(intent: Intent) -> Artefact | None:
    given = intent.site.appliance.linux_image
    return Artefact(path=given.path, sha256=given.sha256) if given else None


def _usb_device(intent: Intent) -> UsbDevicePlan | None:
    """Return the UPS on a cable; None where it has a network card or is not there."""
    ups = intent.site.ups
    if ups is None or not isinstance(ups.connection, UsbCable):
        return None
    return UsbDevicePlan(vendor_id=ups.connection.vendor_id, product_id=ups.connection.product_id)


def mac_address(site_id: str, name: str) -> str:
    """Return the VM's MAC in VMware's manual range 00:50:56:00-3f; the same for every rebuild."""
    first, second, third = hashlib.sha256(f"{site_id}/{name}".encode()).digest()[:3]
    return f"00:50:56:{first & 0x3F:02x}:{second:02x}:{third:02x}"


def _host_name(intent: Intent, name: str) -> str:
    return f"gw-{intent.site.hospital.id}-{name}"
