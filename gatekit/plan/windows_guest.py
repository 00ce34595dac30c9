"""Windows on VM3 (AP-4), from the intent and VM3's part of the flow matrix."""

from __future__ import annotations

from ipaddress import IPv4Network

from gatekit.catalogue.appliance import appliance
from gatekit.catalogue.windows import windows
from gatekit.intent.load import Intent
from gatekit.plan.appliance import VmPlan
from gatekit.plan.vm1.model import WebCertificate
from gatekit.plan.windows import IsoImage, ToolPackage, WindowsPlan

__all__ = ["computer_name", "windows_plan"]


def windows_plan(intent: Intent, vm: VmPlan) -> WindowsPlan:
    """Return VM3's guest; its flows are those of ``vm``."""
    facts, site, given = windows(), intent.site, intent.site.windows
    names, store = facts.images[vm.guest], appliance().esxi.datastore
    media, port = given.installation_media, appliance().ports["winrm"]
    return WindowsPlan(
        vm=vm.name,
        computer_name=computer_name(site.hospital.id, vm.name),
        image=given.image or (names.desktop if given.desktop else names.core),
        language=facts.languages[given.language],
        time_zone=facts.time_zone,
        administrator=facts.administrator,
        operator=vm.operator,
        setup_password="windows_setup_password",  # noqa: S106 - names of vault entries, not passwords
        administrator_password="windows_administrator_password",  # noqa: S106
        operator_password="windows_operator_password",  # noqa: S106
        certificate=WebCertificate(certificate="tls_certificate_vm3", key="tls_key_vm3"),
        authority="site_ca_certificate",
        winrm_port=port,
        maintenance_networks=_maintenance_networks(vm, port),
        installation_media=IsoImage(path=f"[{store}] {media.file}", sha256=media.sha256) if media else None,
        answer_media=IsoImage(path=f"[{store}] {facts.answer_iso}", sha256=None),
        tools_media=IsoImage(path=facts.tools_iso, sha256=None),
        openssh=given.openssh,
        tools=tuple(ToolPackage(**tool.model_dump()) for tool in given.tools),
    )


def computer_name(site_id: str, vm: str) -> str:
    """Return ``gw-<site>-<vm>``, the site's part cut so that NetBIOS takes it."""
    room = windows().computer_name_length - len(f"gw--{vm}")
    return f"gw-{site_id[:room]}-{vm}"


def _maintenance_networks(vm: VmPlan, port: int) -> tuple[IPv4Network, ...]:
    """Return from where that port of the VM may be reached, as the flow matrix says."""
    return tuple(
        sorted(
            network
            for flow in vm.flows
            if port in flow.ports and any(vm.address in end for end in flow.destination.networks)
            for network in flow.source.ipv4_networks
        )
    )
