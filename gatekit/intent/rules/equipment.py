"""Products, line, server and rack fit each other (AP-1, AP-7, VPN-1 .. VPN-4)."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from gatekit.catalogue import products
from gatekit.catalogue.appliance import appliance
from gatekit.errors import IntentError
from gatekit.intent.data_centre import DataCentre
from gatekit.intent.operation import UploadsToGateway
from gatekit.intent.site import Site
from gatekit.intent.vpn import CpePair, Pattern1, Pattern4


def equipment_rules(site: Site, data_centre: DataCentre) -> Iterator[IntentError]:
    """Yield GW130, GW131, GW132, GW140 and GW143."""
    yield from _product("firewall.product", site.firewall.product, "firewall")
    yield from _product("l3_switch.product", site.l3_switch.product, "l3_switch")
    if not isinstance(site.vpn, Pattern4):
        yield from _product("vpn.cpe.product", site.vpn.cpe.product, "cpe")
        if not site.vpn.line.ipv6_option:
            fix = "Order フレッツ・v6オプション first: the pattern needs it."
            yield IntentError("GW131", "vpn.line.ipv6_option", False, fix)
    if isinstance(site.vpn, Pattern1):
        yield from _two_units(site.vpn.cpe)
        if site.vpn.other_services and not site.vpn.line.home_gateway:
            fix = "Give the line a home gateway: other services are IPv4, which only it hands to the CPE (by DHCP)."
            yield IntentError("GW131", "vpn.line.home_gateway", False, fix)
    yield from _crypto(site)
    yield from _peer(site, data_centre)
    yield from _server(site)
    yield from _uploads(site)
    yield from _rack(site)


def tunnel_product(site: Site) -> tuple[str, str]:
    """Return (path, name) of the product that ends the tunnel: the firewall in pattern 4, else the CPE."""
    if isinstance(site.vpn, Pattern4):
        return "firewall.product", site.firewall.product
    return "vpn.cpe.product", site.vpn.cpe.product


def _product(path: str, name: str, role: str) -> Iterator[IntentError]:
    fitting = sorted(key for key, product in products().items() if role in product.roles)
    if name in fitting:
        return
    near = difflib.get_close_matches(name, fitting, n=1)
    fix = f"Did you mean `{near[0]}`?" if near and name not in products() else f"Use one of: {', '.join(fitting)}."
    yield IntentError("GW130", path, name, fix)


def _two_units(cpe: CpePair) -> Iterator[IntentError]:
    for key, ours in (("serial", cpe.spare.serial), ("wan_mac", cpe.spare.wan_mac)):
        if ours == getattr(cpe.main, key):
            fix = "Give the spare's own, as on its label: main has this one."
            yield IntentError("GW111", f"vpn.cpe.spare.{key}", ours, fix)


def _crypto(site: Site) -> Iterator[IntentError]:
    path, name = tunnel_product(site)
    product, role = products().get(name), path.split(".")[-2]
    if product and role in product.roles and site.vpn.crypto not in product.suites:
        fix = f"Use {' or '.join(product.suites)}: {product.title} reaches no more (catalogue/products/{name}.yml)."
        yield IntentError("GW132", "vpn.crypto", site.vpn.crypto, fix)


def _peer(site: Site, data_centre: DataCentre) -> Iterator[IntentError]:
    family = "IPv4" if isinstance(site.vpn, Pattern4) else "IPv6"
    name = "internet" if site.vpn.pattern in (1, 4) else "closed_network"
    if getattr(getattr(data_centre.peers, name), family.lower()) is None:
        fix = f"Give the address: pattern {site.vpn.pattern} reaches the data centre over {family}."
        yield IntentError("GW131", f"data_centre.peers.{name}.{family.lower()}", "missing", fix)


def _server(site: Site) -> Iterator[IntentError]:
    facts = appliance()
    memory_mb = sum(vm.memory_mb for vm in facts.vms.values()) + facts.esxi.memory_mb
    if site.appliance.memory_gb * 1024 < memory_mb:
        fix = f"Use a server with {-(-memory_mb // 1024)} GB or more: the virtual machines and ESXi need them."
        yield IntentError("GW140", "appliance.memory_gb", site.appliance.memory_gb, fix)
    cpus = max(vm.cpus for vm in facts.vms.values())
    if site.appliance.cpus < cpus:
        fix = f"Use a server with {cpus} hardware threads or more: the largest virtual machine has {cpus}."
        yield IntentError("GW140", "appliance.cpus", site.appliance.cpus, fix)
    disks_gb = sum(vm.disk_gb for vm in facts.vms.values()) + (site.appliance.archive_disk_gb or 0)
    disk_gb = round(disks_gb / (1 - facts.esxi.datastore_reserve))
    if site.appliance.datastore_gb < disk_gb:
        fix = f"Use {disk_gb} GB or more: the disks, and {facts.esxi.datastore_reserve:.0%} that stays free."
        yield IntentError("GW140", "appliance.datastore_gb", site.appliance.datastore_gb, fix)


def _uploads(site: Site) -> Iterator[IntentError]:
    disk_gb = appliance().vms["vm1"].disk_gb
    if isinstance(site.uploads, UploadsToGateway) and site.uploads.quota_gb >= disk_gb:
        fix = f"Use less than the {disk_gb} GB of VM1's disk, which holds the archive too."
        yield IntentError("GW140", "uploads.quota_gb", site.uploads.quota_gb, fix)


def _rack(site: Site) -> Iterator[IntentError]:
    need = appliance().rack
    if site.rack.free_units < need.units:
        fix = f"Free {need.units} units: Gateway, UPS and firewall (AP-7)."
        yield IntentError("GW143", "rack.free_units", site.rack.free_units, fix)
    if site.rack.circuit_amperes < need.circuit_amperes:
        fix = f"Provide one {need.circuit_amperes} A circuit (AP-7)."
        yield IntentError("GW143", "rack.circuit_amperes", site.rack.circuit_amperes, fix)
    if not site.rack.earthed_outlets:
        yield IntentError("GW143", "rack.earthed_outlets", False, "Provide earthed outlets near the rack (AP-7).")
    if site.rack.kvm_cable == "ps2":
        yield IntentError("GW143", "rack.kvm_cable", "ps2", "Provide a USB cable: the server has no PS/2 port (AP-7).")
