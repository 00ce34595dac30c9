"""The hospital of the stories: pattern4's plan, and sessions with its simulated host."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import cache

from gatekit.certificates.authority import Issued
from gatekit.devices.esxi.changes import ChangeSet
from gatekit.devices.esxi.converge import HostLogin
from gatekit.devices.esxi.host import HostChanges, apply_host, plan_host
from gatekit.devices.esxi.host_read import observe_host
from gatekit.devices.esxi.host_secrets import HostSecrets
from gatekit.devices.esxi.session import Session, Target, open_session
from gatekit.devices.esxi.vm_build import Deadlines, apply_vms
from gatekit.devices.esxi.vm_plan import VmChanges, plan_vms
from gatekit.devices.esxi.vm_read import observe_site
from gatekit.devices.esxi.vm_state import VmWish, Wishes
from gatekit.plan.appliance import EsxiHostPlan, VmPlan
from gatekit.plan.model import Plan
from gatekit.render.cloud_init import FirstBoot, render
from tests.sites import example_plan
from tests.stories.esxi import simulator
from tests.stories.esxi.loopback import PASSWORDS, loopback_plan
from tests.stories.esxi.simulator import Simulator

__all__ = ["ChangeSet", "Simulator"]

SHORT = Deadlines(task_s=30, shutdown_s=10, guest_s=3)


@cache
def keys() -> tuple[str, str]:
    return simulator.ssh_key()


def plan() -> Plan:
    return example_plan("pattern4")


def host_plan() -> EsxiHostPlan:
    return loopback_plan()


def target(esxi: Simulator, **changes: object) -> Target:
    """Return the login; reads are tried for one second at most."""
    base = Target(host_plan().name, simulator.ADDRESS, esxi.port, simulator.USER, simulator.PASSWORD, esxi.ca,
                  connect_deadline_s=1.0)  # fmt: skip
    return replace(base, **changes)  # type: ignore[arg-type]  # the tests name real fields


def session(esxi: Simulator) -> AbstractContextManager[Session]:
    return open_session(target(esxi))


def wish(vm: VmPlan, extra: dict[str, str] | None = None) -> VmWish:
    private, public = keys()
    info = render(vm, FirstBoot((public,), private)) if vm.ssh_host_key else None
    return VmWish(vm, info, extra or {})


def windows_wishes() -> Wishes:
    """Return the VMs that need no container behind them: what the guest would say is not waited for."""
    esxi = host_plan()
    vms = tuple(VmWish(vm, None, {}) for vm in plan().vms)
    return Wishes(esxi.name, esxi.datastore, vms, esxi.autostart)


def login(esxi: Simulator, **changes: object) -> HostLogin:
    """Return how the job logs in: the automation account, the administrator, the site's CA with its key."""
    authority = Issued(esxi.ca, (esxi.folder / "ca_key.pem").read_text())
    reached = target(esxi, user=host_plan().user, password=PASSWORDS[host_plan().user])
    base = HostLogin(reached, simulator.USER, simulator.PASSWORD, HostSecrets(PASSWORDS, authority))
    return replace(base, **changes)  # type: ignore[arg-type]  # the tests name real fields


def build_host(current: Session) -> HostChanges:
    """Bring the host to the plan over one session that is open already."""
    changes = plan_host(observe_host(current), host_plan())
    apply_host(lambda: nullcontext(current), changes, HostSecrets(PASSWORDS))
    return changes


def build_vms(current: Session, wishes: Wishes) -> VmChanges:
    changes = plan_vms(observe_site(current), wishes)
    apply_vms(current, changes, wishes, SHORT)
    return changes
