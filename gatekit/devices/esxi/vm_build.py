"""Carries out a VM change set: all VMs side by side, each phase for all of them before the next.

A run that ends half-way leaves nothing to clean up: the next run observes what there is and does the
rest (a VM that was created and not started is started, user data that was not cleared is cleared).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from gatekit.devices.esxi.install_media import boot_from_cd, upload_answer
from gatekit.devices.esxi.inventory import compute_resource, datacenter, host_system
from gatekit.devices.esxi.ova_import import import_vm, remove_unfinished
from gatekit.devices.esxi.session import Session
from gatekit.devices.esxi.tasks import Started, finish
from gatekit.devices.esxi.vm_plan import (
    Autostart,
    Clear,
    Create,
    Discard,
    PowerOff,
    PowerOn,
    Reconfigure,
    Upload,
    VmChanges,
    plan_vms,
)
from gatekit.devices.esxi.vm_read import observe_site, vm_refs, vm_states
from gatekit.devices.esxi.vm_spec import autostart_spec, create_spec, option_values, reconfigure_spec
from gatekit.devices.esxi.vm_state import SECRET_OPTIONS, FirstBootState, VmState, VmWish, Wishes
from gatekit.devices.esxi.vmomi import Ref, vim
from gatekit.errors import DeviceError

__all__ = ["Deadlines", "apply_vms", "require_images"]

log = logging.getLogger(__name__)

POLL_S = 0.5


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long a phase may take, seconds."""

    task_s: float = 600.0
    import_s: float = 1800.0
    shutdown_s: float = 300.0
    guest_s: float = 300.0


def apply_vms(session: Session, changes: VmChanges, wishes: Wishes, deadlines: Deadlines) -> None:
    """Carry out exactly these changes, wait for the guests, and read the host again.

    Raises:
        DeviceError: the meaning of the host's fault; GW414 a VM waits for an answer; GW415 a guest did
            not report its planned address in time; GW406 the host took everything and still differs.
    """
    build = _Build(session, wishes, deadlines)
    steps = [change.step for change in changes.changes]
    for step in steps:
        if isinstance(step, Upload) and step.wish.media is not None:
            upload_answer(session, step.wish.media)
    build.discard([step.vm for step in steps if isinstance(step, Discard)])
    build.create([step for step in steps if isinstance(step, Create)])
    build.power_off([step.vm for step in steps if isinstance(step, PowerOff)])
    build.reconfigure([step for step in steps if isinstance(step, Reconfigure)])
    for step in steps:
        if isinstance(step, Autostart):
            build.autostart(step)
    build.power_on([step.vm for step in steps if isinstance(step, PowerOn)])
    build.await_guests({step.vm for step in steps if isinstance(step, (PowerOn, Clear))})
    build.clear([step.vm for step in steps if isinstance(step, Clear)])
    left = plan_vms(observe_site(session), wishes)
    if left.changed:
        fix = "Run again; if it stays, read hostd.log: the host took the change and kept its own."
        raise DeviceError("GW406", wishes.host, left.lines(), fix)


def require_images(changes: VmChanges) -> None:
    """Judge the OVA of every VM to be made, for a prediction too; IntentError GW142 for another one."""
    steps = [change.step for change in changes.changes]
    for image in {step.wish.image for step in steps if isinstance(step, Create) and step.wish.image}:
        image.require()


class _Build:
    def __init__(self, session: Session, wishes: Wishes, deadlines: Deadlines) -> None:
        self._session = session
        self._wishes = wishes
        self._deadlines = deadlines

    def _states(self, names: list[str]) -> dict[str, tuple[Ref, VmState]]:
        found = vm_states(self._session, vm_refs(self._session)) if names else {}
        return {name: found[name] for name in names}

    def _refs(self) -> dict[str, Ref]:
        return {name: ref for name, (ref, _) in vm_states(self._session, vm_refs(self._session)).items()}

    def _all(self, what: str, names: list[str], start: Callable[[str, Ref], Ref]) -> None:
        """Start one task for each VM, then wait for all of them."""
        if not names:
            return
        refs = self._refs()
        started = [
            Started(f"{name}.{what}", self._session.write(f"{name}.{what}", partial(start, name, refs[name])))
            for name in names
        ]
        finish(self._session, started, self._deadlines.task_s)

    def discard(self, names: list[str]) -> None:
        for name in names:
            remove_unfinished(self._session, name, self._deadlines.task_s)

    def create(self, steps: list[Create]) -> None:
        if not steps:
            return
        session = self._session
        for step in steps:
            if step.wish.image is not None:
                import_vm(session, step.wish, step.wish.image, self._wishes.datastore, self._deadlines.import_s)
        folder = session.read("inventory", lambda: datacenter(session).vmFolder)
        pool = session.read("inventory", lambda: compute_resource(session).resourcePool)
        host = host_system(session)
        started = []
        for step in [step for step in steps if step.wish.image is None]:
            spec, what = create_spec(step.wish, self._wishes.datastore), f"{step.wish.plan.name}.create"
            started.append(Started(what, session.write(what, partial(folder.CreateVM_Task, spec, pool, host))))
        finish(session, started, self._deadlines.task_s)

    def power_off(self, names: list[str]) -> None:
        """Shut guests down in order; a guest that does not obey is not cut off."""
        if not names:
            return
        refs = self._refs()
        for name in names:
            self._session.write(f"{name}.shutdown", refs[name].ShutdownGuest)
        self._poll(
            set(names), self._deadlines.shutdown_s, lambda _, state: not state.powered_on,
            "still on", "Shut the guest down by hand, then run again.",
        )  # fmt: skip

    def reconfigure(self, steps: list[Reconfigure]) -> None:
        """Change the machines, each from one reading: a change of somebody else's that comes between is refused."""
        by_name = {step.vm: step for step in steps}
        self._refuse_changed(by_name)

        def start(name: str, ref: Ref) -> Ref:
            paths = ("config.hardware.device", "config.changeVersion")
            ((_, reading),) = self._session.properties(name, vim.VirtualMachine, [ref], paths)
            devices: Any = reading["config.hardware.device"]
            spec = reconfigure_spec(by_name[name], list(devices))
            spec.changeVersion = reading["config.changeVersion"]
            return ref.ReconfigVM_Task(spec)

        self._all("reconfigure", list(by_name), start)

    def _refuse_changed(self, planned: dict[str, Reconfigure]) -> None:
        """Raise GW413 when a machine is no longer as it was planned from: its guest may take minutes to shut down."""
        if not planned:
            return
        left = [change.step for change in plan_vms(observe_site(self._session), self._wishes).changes]
        now = {step.vm: step for step in left if isinstance(step, Reconfigure)}
        for name, step in planned.items():
            if now.get(name) != step:
                fix = "Somebody else changed the machine meanwhile. Run again: the state is read anew."
                raise DeviceError("GW413", f"{self._session.name}.{name}.reconfigure", "changed meanwhile", fix)

    def autostart(self, step: Autostart) -> None:
        session = self._session
        spec = autostart_spec(step, self._refs())
        manager = session.read("inventory", lambda: host_system(session).configManager.autoStartManager)
        session.write("autostart", lambda: manager.ReconfigureAutostart(spec))

    def power_on(self, names: list[str]) -> None:
        self._all("power_on", names, lambda _, ref: ref.PowerOnVM_Task())
        media = {wish.plan.name: wish.media for wish in self._wishes.vms if wish.media and wish.media.installation}
        boot_from_cd(self._session, {name: ref for name, (ref, state) in self._states(names).items()
                                     if name in media and state.first_boot is FirstBootState.WAITING})  # fmt: skip

    def clear(self, names: list[str]) -> None:
        """Take the user data off; an empty value removes the key."""
        options = option_values(dict.fromkeys(SECRET_OPTIONS, ""))
        self._all("clear", names, lambda _, ref: ref.ReconfigVM_Task(vim.vm.ConfigSpec(extraConfig=options)))

    def await_guests(self, names: set[str]) -> None:
        """Wait until each guest runs and reports its planned address on its own MAC."""
        wishes = {wish.plan.name: wish for wish in self._wishes.vms if wish.awaited and wish.plan.name in names}

        def up(wish: VmWish | None, state: VmState) -> bool:
            return wish is not None and state.shows(wish.plan.mac, str(wish.plan.address))

        self._poll(
            set(wishes), self._deadlines.guest_s, up, "no planned address",
            "Look at the guest's console: does it boot, do cloud-init and open-vm-tools run?",
        )  # fmt: skip

    def _poll(
        self, names: set[str], deadline_s: float, done: Callable[[VmWish | None, VmState], bool], found: str, fix: str
    ) -> None:
        wishes = {wish.plan.name: wish for wish in self._wishes.vms}
        refs = [ref for name, ref in self._refs().items() if name in names] if names else []
        end = time.monotonic() + deadline_s
        while refs:
            states = vm_states(self._session, refs)
            for name, (ref, state) in states.items():
                if state.question is not None:
                    answer = "Answer it in the host's web client, then run again."
                    raise DeviceError("GW414", f"{self._session.name}.{name}.question", state.question, answer)
                if done(wishes.get(name), state):
                    log.info("%s: %s: ready", self._session.name, name)
                    refs.remove(ref)
            if refs and time.monotonic() > end:
                late = {name: list(state.addresses) or found for name, (ref, state) in states.items() if ref in refs}
                raise DeviceError("GW415", f"{self._session.name}.guests", late, fix)
            if refs:
                time.sleep(POLL_S)
