"""Turns the parameters of ``esxi_vm`` into the wished VMs, with their first-boot data and installation media."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from pathlib import Path

from gatekit.devices.esxi.ova import OvaFile
from gatekit.devices.esxi.parameters import Parameters, part_of_plan, windows_part
from gatekit.devices.esxi.vm_build import Deadlines
from gatekit.devices.esxi.vm_state import InstallMedia, VmWish, Wishes
from gatekit.errors import IntentError
from gatekit.install.windows import answer_iso
from gatekit.plan.appliance import EsxiHostPlan, VmPlan
from gatekit.render.cloud_init import FirstBoot, render
from gatekit.render.windows import answer_medium, sealed

__all__ = ["deadlines", "wishes"]


def wishes(parameters: Parameters, plan: EsxiHostPlan, *, predict: bool) -> Wishes:
    """Return the wished VMs with their first-boot data.

    With ``predict`` (check mode) the port groups of the host's plan count as made.

    Raises:
        IntentError: GW104 not a VM's plan, GW107 no host key for a VM that needs one.
        RenderError: GW302 the first-boot data cannot be made.
    """
    vms = tuple(part_of_plan(VmPlan, value, f"vms.{index}") for index, value in enumerate(parameters["vms"]))
    extra = parameters["extra_config"]
    port_groups = tuple(group.name for vswitch in plan.vswitches for group in vswitch.port_groups)
    return Wishes(
        host=plan.name,
        datastore=plan.datastore,
        vms=tuple(_wish(vm, parameters, extra.get(vm.name, {})) for vm in vms),
        autostart=plan.autostart,
        restart_allowed=parameters["restart_allowed"],
        promised_port_groups=port_groups if predict else (),
    )


def _wish(vm: VmPlan, parameters: Parameters, extra: Mapping[str, object]) -> VmWish:
    options = {key: str(value) for key, value in extra.items()}
    if vm.ssh_host_key is None:
        return VmWish(vm, None, options, _media(vm, parameters))
    key = parameters["host_keys"].get(vm.name)
    if not key:
        fix = f"Put the guest's private ed25519 host key into the vault as {vm.ssh_host_key}."
        raise IntentError("GW107", f"host_keys.{vm.name}", "missing", fix)
    image = OvaFile(Path(parameters["site_folder"], vm.image.path), vm.image.sha256) if vm.image else None
    return VmWish(vm, render(vm, FirstBoot(tuple(parameters["authorized_keys"]), key)), options, image=image)


def _media(vm: VmPlan, parameters: Parameters) -> InstallMedia | None:
    """Return what Windows is installed from; None when the caller gives no plan of it."""
    if not parameters.get("windows"):
        return None
    plan = windows_part(parameters)
    password = parameters["windows_setup_password"] or ""
    iso = answer_iso(sealed(answer_medium(plan, vm), plan, {plan.setup_password: password}))
    images = [plan.answer_media.path, plan.tools_media.path]
    media = plan.installation_media
    return InstallMedia(
        images=(*((media.path,) if media else ()), *images),
        answer=plan.answer_media.path,
        content=iso,
        fingerprint=hmac.new(password.encode(), iso, hashlib.sha256).hexdigest(),
        installation=media.path if media else None,
        sha256=media.sha256 or "" if media else "",
    )


def deadlines(parameters: Parameters) -> Deadlines:
    """Return how long to wait for the guests."""
    return Deadlines(guest_s=float(parameters["guest_deadline_s"]))
