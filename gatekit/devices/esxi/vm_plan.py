"""Which steps bring the host's virtual machines to the plan. Pure: observed site + wishes -> change set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gatekit.devices.esxi.changes import Change, ChangeSet, Facts
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
from gatekit.errors import DeviceError

__all__ = ["Autostart", "Clear", "Create", "PowerOff", "PowerOn", "Reconfigure", "Step", "VmChanges", "plan_vms"]


@dataclass(frozen=True, slots=True)
class Create:
    wish: VmWish


@dataclass(frozen=True, slots=True)
class PowerOff:
    """Shut the guest down, with consent only."""

    vm: str


@dataclass(frozen=True, slots=True)
class Reconfigure:
    """Change what can be changed; None and empty mean leave. ``options`` may hold secrets."""

    vm: str
    cpus: int | None
    memory_mb: int | None
    guest_id: str | None
    disk_gb: int | None
    port_group: str | None
    options: tuple[tuple[str, str], ...]

    def __repr__(self) -> str:
        return f"Reconfigure({self.vm!r}, options={[key for key, _ in self.options]})"


@dataclass(frozen=True, slots=True)
class Autostart:
    """The whole start sequence; one call, because one VM at a time is refused from order 2 on."""

    rows: tuple[AutostartState, ...]


@dataclass(frozen=True, slots=True)
class PowerOn:
    vm: str


@dataclass(frozen=True, slots=True)
class Clear:
    """Take the user data off the VM, once the guest is up."""

    vm: str


type Step = Create | PowerOff | Reconfigure | Autostart | PowerOn | Clear
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
        "options": sorted(_options(wish)),
        "power": "off",
        "first_boot": str(FirstBootState.WAITING if wish.guest_info else FirstBootState.NONE),
    }


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
    }


def _options(wish: VmWish) -> dict[str, str]:
    """Return the extraConfig that stays on the VM: hardening (reference A.4.5), metadata, what the site adds."""
    options = {"RemoteDisplay.maxConnections": "1"}
    if wish.plan.guest.startswith("windows"):
        options["tools.guest.desktop.autolock"] = "TRUE"
    if wish.guest_info is not None:
        options |= wish.guest_info.public_options()
    return options | wish.extra_config


def creation_options(wish: VmWish) -> dict[str, str]:
    """Return the extraConfig of a new VM, the user data (secret) and its mark included."""
    return _options(wish) | _first_boot_options(wish)


def _first_boot_options(wish: VmWish) -> dict[str, str]:
    if wish.guest_info is None:
        return {}
    return wish.guest_info.secret_options() | {FINGERPRINT: wish.guest_info.fingerprint}


# ---------------------------------------------------------------- an existing VM
def _repair(state: VmState, wish: VmWish, wishes: Wishes) -> Iterator[Change[Step]]:
    plan = wish.plan
    path = f"{wishes.host}.{plan.name}"
    _refuse_unchangeable(state, wish, path)
    cold = {
        "cpus": plan.cpus if state.cpus != plan.cpus else None,
        "memory_mb": plan.memory_mb if state.memory_mb != plan.memory_mb else None,
        "guest_id": plan.guest_id if state.guest_id != plan.guest_id else None,
    }
    restart = state.powered_on and any(value is not None for value in cold.values())
    if restart and not wishes.restart_allowed:
        found = {key: _observed(state, [])[key] for key, value in cold.items() if value is not None}
        raise DeviceError("GW409", f"{path}.hardware", found, CONSENT)
    options = _missing_options(state, wish)
    step = Reconfigure(
        plan.name,
        cpus=plan.cpus if cold["cpus"] else None,
        memory_mb=plan.memory_mb if cold["memory_mb"] else None,
        guest_id=plan.guest_id if cold["guest_id"] else None,
        disk_gb=plan.disk_gb if state.disk_gb != plan.disk_gb else None,
        port_group=plan.port_group if state.nic and state.nic.port_group != plan.port_group else None,
        options=tuple(sorted(options.items())),
    )
    before = _observed(state, [])
    if restart:
        yield Change(subject(wish), before, before | {"power": "off"}, PowerOff(plan.name))
    if step != Reconfigure(plan.name, None, None, None, None, None, ()):
        yield Change(subject(wish), before, _repaired(before, step, off=not state.powered_on or restart), step)


def _repaired(before: dict[str, object], step: Reconfigure, *, off: bool) -> Facts:
    named = {"cpus": step.cpus, "memory_mb": step.memory_mb, "guest_id": step.guest_id, "disk_gb": step.disk_gb,
             "port_group": step.port_group}  # fmt: skip
    after = before | {key: value for key, value in named.items() if value is not None}
    after["options"] = sorted(key for key, _ in step.options if key not in SECRET_OPTIONS and key != FINGERPRINT)
    if any(key == FINGERPRINT for key, _ in step.options):
        after["first_boot"] = str(FirstBootState.WAITING)
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
    if wish.guest_info is not None and state.powered_on and state.first_boot is FirstBootState.NONE:
        fix = "This VM runs and was not built by us. Rename it, or switch it off and run again."
        raise DeviceError("GW409", f"{path}.first_boot", "none", fix)


def _missing_options(state: VmState, wish: VmWish) -> dict[str, str]:
    missing = {key: value for key, value in _options(wish).items() if state.options.get(key) != value}
    info = wish.guest_info
    if info is None or state.powered_on or state.first_boot is FirstBootState.USED:
        return missing
    if state.first_boot is FirstBootState.NONE or state.options.get(FINGERPRINT) != info.fingerprint:
        missing |= _first_boot_options(wish)
    return missing


def _notes(state: VmState, wish: VmWish) -> Iterator[str]:
    info = wish.guest_info
    if info is None or state.first_boot is not FirstBootState.USED:
        return
    if state.options.get(FINGERPRINT) != info.fingerprint:
        yield f"{wish.plan.name}: its first boot had other keys; in a guest that has started they are changed over SSH"


# ---------------------------------------------------------------- power, user data, autostart
def _running(state: VmState | None, wish: VmWish, *, restarts: bool) -> Iterator[Change[Step]]:
    created = dict(_created(wish))
    off = created | {"options": [] if state else created["options"], "first_boot": str(_boot_at_power_on(state, wish))}
    on = off | {"power": "on"}
    if state is None or not state.powered_on or restarts:
        yield Change(subject(wish), off, on, PowerOn(wish.plan.name))
    if wish.guest_info is not None and _boot_at_power_on(state, wish) is FirstBootState.WAITING:
        yield Change(subject(wish), on, on | {"first_boot": str(FirstBootState.USED)}, Clear(wish.plan.name))


def _boot_at_power_on(state: VmState | None, wish: VmWish) -> FirstBootState:
    if wish.guest_info is None:
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
