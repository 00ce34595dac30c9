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

from gatekit.devices.esxi.host_read import compute_resource, datacenter, host_system
from gatekit.devices.esxi.session import Session
from gatekit.devices.esxi.tasks import Started, finish
from gatekit.devices.esxi.vm_plan import (
    Autostart,
    Clear,
    Create,
    PowerOff,
    PowerOn,
    Reconfigure,
    VmChanges,
    plan_vms,
)
from gatekit.devices.esxi.vm_read import observe_site, vm_refs, vm_states
from gatekit.devices.esxi.vm_spec import autostart_spec, create_spec, option_values, reconfigure_spec
from gatekit.devices.esxi.vm_state import SECRET_OPTIONS, VmState, VmWish, Wishes
from gatekit.devices.esxi.vmomi import Ref, vim
from gatekit.errors import DeviceError

__all__ = ["Deadlines", "apply_vms"]

log = logging.getLogger(__name__)

POLL_S = 0.5


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long a phase may take, seconds."""

    task_s: float = 600.0
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


class _Build:
    def __init__(self, session: Session, wishes: Wishes, deadlines: Deadlines) -> None:
        self._session = session
        self._wishes = wishes
        self._deadlines = deadlines

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

    def create(self, steps: list[Create]) -> None:
        if not steps:
            return
        session = self._session
        folder = session.read("inventory", lambda: datacenter(session).vmFolder)
        pool = session.read("inventory", lambda: compute_resource(session).resourcePool)
        host = host_system(session)
        started = []
        for step in steps:
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
        by_name = {step.vm: step for step in steps}

        def start(name: str, ref: Ref) -> Ref:
            devices = self._session.read(name, lambda: list(ref.config.hardware.device))
            return ref.ReconfigVM_Task(reconfigure_spec(by_name[name], devices))

        self._all("reconfigure", list(by_name), start)

    def autostart(self, step: Autostart) -> None:
        session = self._session
        spec = autostart_spec(step, self._refs())
        manager = session.read("inventory", lambda: host_system(session).configManager.autoStartManager)
        session.write("autostart", lambda: manager.ReconfigureAutostart(spec))

    def power_on(self, names: list[str]) -> None:
        self._all("power_on", names, lambda _, ref: ref.PowerOnVM_Task())

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
