"""build/twin/<site>/hosts.yaml: how the job reaches the twin's hosts. Facts of the connection only."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import yaml

from gatekit.plan.appliance import VmPlan
from gatekit.plan.flow import Zone
from gatekit.plan.model import Plan
from gatekit.render.cloud_init.metadata import NIC
from twin.host_files import CA_FILE, PORTAL_CA_FILE, VIEWER_CERTIFICATE, VIEWER_KEY
from twin.naming import HOST_LABEL, SITE_LABEL, container_name, interface_name, network_name
from twin.pki import Pki
from twin.topology import LINE, Host, Kind, Topology
from twin.vault import Vault

_NOT_PROBES = frozenset(
    {
        Kind.ESXI,
        Kind.INTERNET_ROUTER,
        Kind.DC_GATEWAY,
        Kind.NGN,
        Kind.OTHER_SERVICE,
        Kind.CPE_SPARE,
        Kind.HOSPITAL_FIREWALL,
    }
)
"""Hosts that are no source of traffic of their own."""
_BROWSERS = frozenset({Kind.HIS_TERMINAL, Kind.VIEWER})
_SCAN_RATE_PPS = 200_000
_UPS_STATES = "battery.charge: 100\nups.status: OL\n"  # played by NUT's dummy-ups
_NO_UPS = {"ja": "双子環境のUPSはVM2の上で再生される", "en": "the twin's UPS is played on VM2"}
_NO_GUEST = {"ja": "双子環境ではWindowsを起動しない", "en": "the twin boots no Windows guest"}
_BOOT = ("--systemd=always", "--stop-signal=SIGRTMIN+3", "--cap-add=NET_ADMIN,SYS_ADMIN")
_OWN_NAMES = ("--dns=none", "--no-hosts")
"""resolv.conf and hosts are the guest's: podman would write its own over linux_base's at every start."""


def device_names(plan: Plan) -> tuple[str, ...]:
    """Return the network devices the job logs into: a switch that the vendor manages is none of them."""
    switch = ("l3_switch",) if plan.l3_switch.managed_by == "us" else ()
    units = {"main": "cpe", "spare": "cpe_spare"}
    return ("firewall", *switch, *(units[unit.role] for unit in (plan.cpe.units if plan.cpe else ())))


def hosts_yaml(topology: Topology, plan: Plan, vault: Vault, pki: Pki, guest_image: str) -> str:
    """Return the inventory's text; same twin, same bytes.

    Hosts: ``firewall``, ``l3_switch``, ``esxi`` and group ``probes`` with one host per source of traffic.
    """
    reached: dict[str, dict[str, object]] = {
        name: {
            "ansible_ssh_private_key_file": str(vault.ssh_key_file("operator")),
            "ansible_python_interpreter": "/usr/bin/python3",
            "ssh_host_public_key": vault.ssh_key(name).public,
        }
        for name in device_names(plan)
    }
    legs = {leg.network: leg.interface for leg in topology.host("firewall").legs}
    reached["firewall"] |= {
        "firewall_untrust_interface": legs[Zone.UNTRUST],
        "firewall_dmz_interface": legs[Zone.DMZ],
        "firewall_trust_interface": legs[Zone.TRUST],
        "firewall_tunnel_interface": "ipsec0",
        "firewall_tunnel_if_id": 0,
        "firewall_manage_addresses": False,
    }
    for name in ("cpe", "cpe_spare"):
        if name in reached:
            reached[name] |= {
                "cpe_lan_interface": interface_name(Zone.UNTRUST),
                "cpe_wan_interface": interface_name(LINE),
                "cpe_tunnel_interface": "ipsec0",
                "cpe_tunnel_if_id": 0,
            }
    if "cpe_spare" in reached:  # on the bench: by its console, not through the site
        console = f"{sys.executable} -m twin console cpe_spare --site {topology.site}"
        reached["cpe_spare"]["ansible_ssh_extra_args"] = f"-o ProxyCommand='{console}'"
    esxi = {
        "esxi_ca_file": str(pki.ca_file),
        "esxi_vm_extra_config": _extra_config(topology, plan, guest_image),
        "verification": _verification(plan),
    }
    guests = {
        vm.name: {"ansible_ssh_private_key_file": str(vault.ssh_key_file("operator"))}
        for vm in plan.vms
        if vm.ssh_host_key
    }
    if plan.ups is not None:
        guests[plan.ups.server]["ups_rehearsal"] = _UPS_STATES
    probes = {
        f"probe_{host.name}": _probe(topology.site, host) for host in topology.hosts if host.kind not in _NOT_PROBES
    }
    inventory = {
        "all": {
            "vars": {"operator_authorized_keys": [vault.ssh_key("operator").public]},
            "hosts": {**reached, **guests, "esxi": esxi},
            "children": {"probes": {"hosts": probes}},
        }
    }
    return (
        "---\n# Written by `python -m twin up`; connection facts of the twin, nothing of the hospital.\n"
        + yaml.safe_dump(inventory, sort_keys=True, width=200)
    )


def write_if_changed(path: Path, text: str) -> None:
    """Write a file only when it says something else, so that its time tells when facts changed."""
    if not path.is_file() or path.read_text() != text:
        path.write_text(text)


def _extra_config(topology: Topology, plan: Plan, image: str) -> dict[str, dict[str, str]]:
    stop_s = {row.vm: row.stop_delay_s for row in plan.esxi.autostart}
    return {vm.name: _guest_options(topology.site, vm, stop_s[vm.name], image) for vm in plan.vms if vm.ssh_host_key}


def _guest_options(site: str, vm: VmPlan, stop_s: int, image: str) -> dict[str, str]:
    """Return the extraConfig of a container-backed VM; the ESX simulator adds the NIC's MAC by itself.

    ``stop_s``: what the host gives the guest to stop. ShutdownGuest is podman's stop, which kills after it (10 s, if
    nothing is said).
    """
    arguments = [
        *_BOOT,
        f"--stop-timeout={stop_s}",
        *_OWN_NAMES,
        *("--hostname", vm.host_name),
        *("--label", f"{SITE_LABEL}={site}", "--label", f"{HOST_LABEL}={vm.name}"),
        *("--network", f"{network_name(site, 'dmz')}:ip={vm.address},interface_name={NIC}"),
        image,
        "/sbin/init",
    ]
    return {"RUN.container": json.dumps(arguments), "RUN.mountdmi": "false"}


def _verification(plan: Plan) -> dict[str, Any]:
    """Return what verification cannot know of these surroundings: how fast it may ask, and who is not there."""
    return {
        "twin": True,
        "scan_rate_pps": _SCAN_RATE_PPS,
        "absent": {vm.name: _NO_GUEST for vm in plan.vms if not vm.ssh_host_key} | {"ups": _NO_UPS},
        "tiers": {"esxi": 2},  # a simulator of its API
        "log": {"probe": "dc_services", "files": ["/var/log/remote/*.log"]},
    }


def _probe(site: str, host: Host) -> dict[str, Any]:
    trusted = {"probe_ca_file": CA_FILE} if host.kind in _BROWSERS else {}
    if host.kind is Kind.DC_PORTAL:
        trusted = {"probe_ca_file": PORTAL_CA_FILE}
    if host.kind is Kind.VIEWER:
        trusted |= {"probe_certificate": VIEWER_CERTIFICATE, "probe_key": VIEWER_KEY}
    return {
        **trusted,
        "probe_name": host.name,
        "probe_zone": str(host.zone),
        "probe_address": str(host.address),
        "probe_backend": f"podman://{container_name(site, host.name)}",
    }
