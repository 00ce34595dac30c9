"""What the installer is told, and from which ISO: pure facts of the intent and its plan."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

from gatekit.catalogue.appliance import appliance
from gatekit.errors import IntentError, IntentRefused
from gatekit.intent.artefacts import artefact_faults
from gatekit.intent.load import Intent
from gatekit.intent.systems import EsxiInstaller
from gatekit.plan.appliance import EsxiHostPlan

__all__ = ["INSTALLER", "Installation", "installation", "installer_iso"]

INSTALLER = "appliance.esxi_installer"
"""Where the site file names the ISO."""


@dataclass(frozen=True, slots=True)
class Installation:
    """The host as the installer leaves it. Without secrets; everything else is converged over the API."""

    site: str
    host_name: str  # full
    address: IPv4Address
    netmask: IPv4Address
    default_gateway: IPv4Address
    dns_servers: tuple[IPv4Address, ...]
    nic1_mac: str
    vlan: int  # 0 = untagged


def installation(intent: Intent, esxi: EsxiHostPlan) -> Installation:
    """Return what the installer of this site's host is told.

    Raises:
        IntentRefused: GW146 the site is live; GW103 the site file names no installer.
    """
    given = _given(intent)
    management = appliance().esxi.port_groups["management"]
    vlans = [group.vlan for vswitch in esxi.vswitches for group in vswitch.port_groups if group.name == management]
    return Installation(
        site=intent.site.hospital.id,
        host_name=f"{esxi.name}.{esxi.domain}",
        address=esxi.address,
        netmask=IPv4Network(f"0.0.0.0/{esxi.prefix_length}").netmask,
        default_gateway=esxi.default_gateway,
        dns_servers=esxi.dns_servers,
        nic1_mac=given.nic1_mac,
        vlan=vlans[0],
    )


def installer_iso(intent: Intent, folder: Path) -> Path:
    """Return the operator's ISO below the site's folder, once it is the very one.

    Raises:
        IntentRefused: GW103 the site file names none, GW142 it is not there or another one.
    """
    given = _given(intent).iso
    if faults := tuple(artefact_faults(f"{INSTALLER}.iso", given.path, given.sha256, folder)):
        raise IntentRefused(faults)
    return folder / given.path


def _given(intent: Intent) -> EsxiInstaller:
    if intent.site.hospital.stage == "live":
        fix = "The install wipes the host. Only where the host is to be replaced: set it to staging, then run again."
        raise IntentRefused([IntentError("GW146", "hospital.stage", "live", fix)])
    given = intent.site.appliance.esxi_installer
    if given is None:
        fix = "Name VMware's installer ISO with its sha256, and the MAC address of NIC1."
        raise IntentRefused([IntentError("GW103", INSTALLER, None, fix)])
    return given
