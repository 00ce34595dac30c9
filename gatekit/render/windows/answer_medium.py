"""The files of the answer medium: the answer file, and a first-boot script with its decisions as JSON beside it."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files

from gatekit.catalogue.windows import windows
from gatekit.errors import RenderError
from gatekit.plan.appliance import VmPlan
from gatekit.plan.windows import WindowsPlan
from gatekit.render.windows.answer_file import answer_file, interface_name

__all__ = ["SCRIPTS", "MediumFile", "answer_medium", "sealed"]

SCRIPTS = ("gw-bootstrap.ps1", "gw-setup-complete.cmd")


@dataclass(frozen=True, slots=True)
class MediumFile:
    """One file of the medium's root. Until ``sealed`` a secret stands in it as ``<secret NAME>``."""

    name: str
    content: str = field(repr=False)


def answer_medium(plan: WindowsPlan, vm: VmPlan) -> tuple[MediumFile, ...]:
    """Return the medium's files in the order of their names; pure text without secrets."""
    return (
        MediumFile("Autounattend.xml", answer_file(plan, vm)),
        MediumFile("gw-bootstrap.json", json.dumps(_first_boot(plan, vm), indent=1) + "\n"),
        *(MediumFile(name, _crlf(files(__package__).joinpath("scripts", name).read_text())) for name in SCRIPTS),
    )


def _crlf(text: str) -> str:
    return text.replace("\n", "\r\n")


def _first_boot(plan: WindowsPlan, vm: VmPlan) -> dict[str, object]:
    facts = windows()
    return {
        "ComputerName": plan.computer_name,
        "HostName": vm.host_name,
        "Mac": interface_name(vm.mac),
        "Address": str(vm.address),
        "PrefixLength": vm.prefix_length,
        "Gateway": str(vm.default_gateway),
        "DnsServers": [str(server) for server in vm.dns_servers],
        "Administrator": plan.administrator,
        "MaintenanceNetworks": [str(network) for network in plan.maintenance_networks],
        "WinRmPort": plan.winrm_port,
        "CertificateDays": facts.first_certificate_days,
        "StateFolder": facts.state_folder,
        "SetupFolder": facts.setup_folder,
        "GuestState": facts.guest_state,
        "GuestCertificate": facts.guest_certificate,
    }


def sealed(medium: tuple[MediumFile, ...], plan: WindowsPlan, secrets: Mapping[str, str]) -> tuple[MediumFile, ...]:
    """Return the files with the one-time password in them: from here on they are a secret.

    ``PlainText`` false is Setup's own form, base64 of UTF-16LE of password and element name; it hides nothing.

    Raises:
        RenderError: GW302 when the password is not among the secrets.
    """
    name = plan.setup_password
    if not secrets.get(name):
        raise RenderError("GW302", f"vault.{name}", "missing", "Put the one-time password into the vault.")
    value = base64.b64encode(f"{secrets[name]}AdministratorPassword".encode("utf-16-le")).decode()
    return tuple(MediumFile(file.name, file.content.replace(f"&lt;secret {name}&gt;", value)) for file in medium)
