"""Which steps bring the host's virtual machines to the plan. Pure: observed site + wishes -> change set."""

from __future__ import annotations

from collections.abc import Iterator

from gatekit.devices.esxi.changes import Change, ChangeSet, Facts
from gatekit.devices.esxi.vm_options import lacking_usb_options, lasting_options, missing_options
from gatekit.devices.esxi.vm_state import (
    FINGERPRINT,
    SECRET_OPTIONS,
    AutostartState,
    FirstBootState,
    Nic,
    Site,
    VmState,
    VmWish,
    Wishes,
)
from gatekit.devices.esxi.vm_steps import (
    Autostart,
    Clear,
    Create,
    Discard,
    PowerOff,
    PowerOn,
    Reconfigure,
    Step,
    Upload,
)
from gatekit.errors import DeviceError

__all__ = [
    "Autostart",
    "Clear",
    "Create",
    "Discard",
    "PowerOff",
    "PowerOn",
    "Reconfigure",
    "Step",
    "Upload",
    "VmChanges",
    "plan_vms",
]


type VmChanges = ChangeSet[Step]

CONSENT = "Plan a maintenance window and set esxi_vm_restart_allowed, or change it by hand while the VM is off."


def plan_vms(site: Site, wishes: Wishes) -> VmChanges:
    """Return every step: create, reconfigure, autostart, power on, clear the user data.

    Raises:
        DeviceError: GW407 port group or datastore missing, GW409 an existing VM differs in what cannot be
            changed (it is never made anew) or only while it is off and that is not permitted,
            GW412 the host has not enough memory, GW414 a VM waits for an answer.
    """
    _precheck(site, wishes)
    hardware: list[Change[Step]] = []
    running: list[Change[Step]] = []
    notes: list[str] = []
    for wish in wishes.vms:
        state = site.vm(wish.plan.name)
        if state is not None and state.half_imported:
            hardware.append(Change(subject(wish), _observed(state, []), {}, Discard(wish.plan.name)))
            state = None
        hardware += _uploaded(state, wish)
        if state is None:
            hardware.append(Change(subject(wish), None, _created(wish), Create(wish)))
        else:
            hardware += _repair(state, wish, wishes)
            notes += _notes(state, wish)
        running += _running(state, wish, restarts=PowerOff(wish.plan.name) in [change.step for change in hardware])
    return ChangeSet((*hardware, *_autostart(site, wishes), *running), tuple(notes))


def subject(wish: VmWish) -> str:
    """Return how a VM is called in diffs and lines."""
    return f"vm {wish.plan.name}"


def _precheck(site: Site, wishes: Wishes) -> None:
    for wish in wishes.vms:
        plan, state = wish.plan, site.vm(wish.plan.name)
        if state is None and wish.guest_info is not None and wish.image is None and not wish.extra_config:
            fix = "Build the image with tools/image and name it in the site file (appliance.linux_image)."
            raise DeviceError("GW407", f"{wishes.host}.{plan.name}.image", None, fix)
        if plan.port_group not in (*site.port_groups, *wishes.promised_port_groups):
            known = ", ".join(site.port_groups)
            fix = f"Let esxi_host make it first; this host has: {known}."
            raise DeviceError("GW407", f"{wishes.host}.{plan.name}.port_group", plan.port_group, fix)
        if state is not None and state.question is not None:
            fix = "Answer it in the host's web client, then run again."
            raise DeviceError("GW414", f"{wishes.host}.{plan.name}.question", state.question, fix)
    if wishes.datastore not in site.datastores:
        fix = f"Use a datastore of this host: {', '.join(site.datastores)}."
        raise DeviceError("GW407", f"{wishes.host}.datastore", wishes.datastore, fix)
    needed_mb = sum(wish.plan.memory_mb for wish in wishes.vms)
    if needed_mb > site.memory_mb:
        fix = f"The host has {site.memory_mb} MB. Give the VMs less memory or the host more."
        raise DeviceError("GW412", f"{wishes.host}.memory_mb", needed_mb, fix)


# ---------------------------------------------------------------- facts for people
def _created(wish: VmWish) -> Facts:
    plan = wish.plan
    return {
        "guest_id": plan.guest_id,
        "cpus": plan.cpus,
        "memory_mb": plan.memory_mb,
        "disk_gb": plan.disk_gb,
        "port_group": plan.port_group,
        "mac": plan.mac.lower(),
        "options": sorted(lasting_options(wish)),
        "power": "off",
        "first_boot": str(FirstBootState.WAITING if wish.first_boot_mark else FirstBootState.NONE),
        **_where_there(
            data_disk_gb=plan.data_disk_gb,
            cdroms=list(wish.media.images) if wish.media else [],
            usb_devices=[plan.usb_device.ids] if plan.usb_device else [],
        ),
    }


def _where_there(**given: object) -> dict[str, object]:
    """Return the facts a VM need not have; one without them is shown without them."""
    return {key: value for key, value in given.items() if value}


def _observed(state: VmState, options: list[str]) -> dict[str, object]:
    """Return the state as facts, with the same keys as ``_created``; of the options only those that differ."""
    return {
        "guest_id": state.guest_id,
        "cpus": state.cpus,
        "memory_mb": state.memory_mb,
        "disk_gb": state.disk_gb,
        "port_group": state.nic.port_group if state.nic else None,
        "mac": state.nic.mac if state.nic else None,
        "options": options,
        "power": "on" if state.powered_on else "off",
        "first_boot": str(state.first_boot),
        **_where_there(data_disk_gb=state.data_disk_gb, cdroms=list(state.cdroms), usb_devices=list(state.usb_devices)),
    }


def _awaits_media(state: VmState, wish: VmWish) -> bool:
    """Return whether an existing VM still has to be given the ISOs: it never ran with them."""
    if wish.media is None or state.powered_on or state.first_boot is FirstBootState.USED:
        return False
    return (state.cdroms, state.options.get(FINGERPRINT)) != (wish.media.images, wish.media.fingerprint)


def _uploaded(state: VmState | None, wish: VmWish) -> Iterator[Change[Step]]:
    if wish.media is not None and (state is None or _awaits_media(state, wish)):
        yield Change(f"file {wish.media.answer}", None, {"mark": wish.media.fingerprint}, Upload(wish))


# ---------------------------------------------------------------- an existing VM
def _repair(state: VmState, wish: VmWish, wishes: Wishes) -> Iterator[Change[Step]]:
    plan = wish.plan
    path = f"{wishes.host}.{plan.name}"
    _refuse_unchangeable(state, wish, path)
    cold = _cold(state, wish)
    restart = state.powered_on and bool(cold)
    if restart and not wishes.restart_allowed:
        raise DeviceError("GW409", f"{path}.hardware", cold, CONSENT)
    options = missing_options(state, wish)
    step = Reconfigure(
        plan.name,
        cpus=plan.cpus if "cpus" in cold else None,
        memory_mb=plan.memory_mb if "memory_mb" in cold else None,
        guest_id=plan.guest_id if "guest_id" in cold else None,
        disk_gb=plan.disk_gb if state.disk_gb != plan.disk_gb else None,
        port_group=plan.port_group if state.nic and state.nic.port_group != plan.port_group else None,
        options=tuple(sorted(options.items())),
        data_disk_gb=plan.data_disk_gb if state.data_disk_gb != plan.data_disk_gb else None,
        cdroms=wish.media.images if wish.media and _awaits_media(state, wish) else (),
        usb_device=plan.usb_device if "usb_devices" in cold else None,
    )
    before = _observed(state, [])
    if restart:
        yield Change(subject(wish), before, before | {"power": "off"}, PowerOff(plan.name))
    if step != Reconfigure(plan.name, None, None, None, None, None, ()):
        yield Change(subject(wish), before, _repaired(before, step, off=not state.powered_on or restart), step)


def _cold(state: VmState, wish: VmWish) -> dict[str, object]:
    """Return what was found that only changes while the VM is off. USB devices without a plan are left alone."""
    plan, lacking = wish.plan, lacking_usb_options(state, wish)
    usb = (plan.usb_device.ids,) if plan.usb_device else state.usb_devices
    differs = {
        "cpus": state.cpus != plan.cpus,
        "memory_mb": state.memory_mb != plan.memory_mb,
        "guest_id": state.guest_id != plan.guest_id,
        "usb_devices": state.usb_devices != usb,
        "options": bool(lacking),
    }
    found = {"usb_devices": []} | _observed(state, lacking)
    return {key: found[key] for key, different in differs.items() if different}


def _repaired(before: dict[str, object], step: Reconfigure, *, off: bool) -> Facts:
    named = {"cpus": step.cpus, "memory_mb": step.memory_mb, "guest_id": step.guest_id, "disk_gb": step.disk_gb,
             "data_disk_gb": step.data_disk_gb, "port_group": step.port_group}  # fmt: skip
    after = before | {key: value for key, value in named.items() if value is not None}
    after["options"] = sorted(key for key, _ in step.options if key not in SECRET_OPTIONS and key != FINGERPRINT)
    if any(key == FINGERPRINT for key, _ in step.options):
        after["first_boot"] = str(FirstBootState.WAITING)
    if step.cdroms:
        after["cdroms"] = list(step.cdroms)
    if step.usb_device is not None:
        after["usb_devices"] = [step.usb_device.ids]
    if off:
        after["power"] = "off"
    return after


def _refuse_unchangeable(state: VmState, wish: VmWish, path: str) -> None:
    plan = wish.plan
    nic = Nic(plan.port_group, plan.mac.lower())
    if state.nic is None or state.nic.mac != nic.mac:
        found = state.nic.mac if state.nic else "no NIC"
        fix = f"The plan says {nic.mac}. If this VM is not ours, rename it; if it is, correct the NIC by hand."
        raise DeviceError("GW409", f"{path}.mac", found, fix)
    if state.disk_gb is None or state.disk_gb > plan.disk_gb:
        fix = f"The plan says {plan.disk_gb} GB and a disk is never made smaller: correct the site file or the VM."
        raise DeviceError("GW409", f"{path}.disk_gb", state.disk_gb, fix)
    if plan.data_disk_gb is not None and not 0 < (state.data_disk_gb or 0) <= plan.data_disk_gb:
        fix = f"The plan says {plan.data_disk_gb} GB. Add or replace the disk by hand, and move what lies there."
        raise DeviceError("GW409", f"{path}.data_disk_gb", state.data_disk_gb, fix)
    if wish.first_boot_mark is not None and state.powered_on and state.first_boot is FirstBootState.NONE:
        fix = "This VM runs and was not built by us. Rename it, or switch it off and run again."
        raise DeviceError("GW409", f"{path}.first_boot", "none", fix)


def _notes(state: VmState, wish: VmWish) -> Iterator[str]:
    info = wish.guest_info
    if info is None or state.first_boot is not FirstBootState.USED:
        return
    if state.options.get(FINGERPRINT) != info.fingerprint:
        yield f"{wish.plan.name}: its first boot had other keys; in a guest that has started they are changed over SSH"


# ---------------------------------------------------------------- power, user data, autostart
def _running(state: VmState | None, wish: VmWish, *, restarts: bool) -> Iterator[Change[Step]]:
    created = dict(_created(wish))
    if state is not None and state.first_boot is FirstBootState.USED:
        created.pop("cdroms", None)
    off = created | {"options": [] if state else created["options"], "first_boot": str(_boot_at_power_on(state, wish))}
    on = off | {"power": "on"}
    if state is None or not state.powered_on or restarts:
        yield Change(subject(wish), off, on, PowerOn(wish.plan.name))
    if wish.guest_info is not None and _boot_at_power_on(state, wish) is FirstBootState.WAITING:
        yield Change(subject(wish), on, on | {"first_boot": str(FirstBootState.USED)}, Clear(wish.plan.name))


def _boot_at_power_on(state: VmState | None, wish: VmWish) -> FirstBootState:
    if wish.first_boot_mark is None:
        return state.first_boot if state is not None else FirstBootState.NONE
    used = state is not None and state.first_boot is FirstBootState.USED
    return FirstBootState.USED if used else FirstBootState.WAITING


def _autostart(site: Site, wishes: Wishes) -> Iterator[Change[Step]]:
    wanted = tuple(
        AutostartState(row.vm, order, row.start_delay_s, row.stop_delay_s, "powerOn", "guestShutdown", "systemDefault")
        for order, row in enumerate(sorted(wishes.autostart, key=lambda row: row.order), start=1)
    )
    names = {row.vm for row in wanted}
    present = tuple(row for row in site.autostart if row.vm in names)
    if not wanted or (present == wanted and site.autostart_enabled):
        return
    before = {"enabled": site.autostart_enabled, "sequence": [_row(row) for row in present]}
    yield Change("autostart", before, {"enabled": True, "sequence": [_row(row) for row in wanted]}, Autostart(wanted))


def _row(row: AutostartState) -> str:
    return (
        f"{row.order} {row.vm}: {row.start_action} after {row.start_delay_s} s,"
        f" {row.stop_action} within {row.stop_delay_s} s"
    )
