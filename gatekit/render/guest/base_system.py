"""The files of a guest's base system: log-in, time, logs, kernel settings, updates."""

from __future__ import annotations

from collections.abc import Iterable

from gatekit.plan.appliance import VmPlan
from gatekit.render.flows import listener_port
from gatekit.render.guest.packet_filter import DROP_LOG_GROUP
from gatekit.render.text import RenderedFile, header, render

__all__ = ["guest_files", "guest_names"]

_UNITS = "/etc/systemd/system"


def guest_files(vm: VmPlan, operator_keys: Iterable[str] = ()) -> tuple[RenderedFile, ...]:
    """Return the base system's files, the packet filter and package sources not among them.

    Args:
        vm: one Linux VM of the plan.
        operator_keys: public SSH keys of the operator's account; empty leaves the account's keys alone.
    """
    values = {
        "vm": vm,
        "log_group": DROP_LOG_GROUP,
        "syslog_port": listener_port(vm.flows, "syslog", vm.syslog_server),
    }
    return (
        *_login(vm, tuple(operator_keys)),
        _file(vm, "chrony.conf", "/etc/chrony/chrony.conf", values, checker="chronyd -p -f %s"),
        _file(vm, "chrony-observe.service", f"{_UNITS}/gatekit-chrony-observe.service", values),
        _file(vm, "rsyslog.conf", "/etc/rsyslog.conf", values, checker="rsyslogd -N1 -f %s"),
        _file(vm, "journald.conf", "/etc/systemd/journald.conf.d/60-gatekit.conf", values),
        _file(vm, "ulogd.conf", "/etc/ulogd.conf", values),
        _file(vm, "nftables.service.conf", f"{_UNITS}/nftables.service.d/60-gatekit.conf", values),
        _file(vm, "sysctl.conf", "/etc/sysctl.d/60-gatekit.conf", values),
        _file(vm, "apt.conf", "/etc/apt/apt.conf.d/60gatekit", values, comment="//"),
    )


def guest_names(vm: VmPlan) -> tuple[RenderedFile, ...]:
    """Return the resolver's files: without names no package source is found, so they come first."""
    values: dict[str, object] = {"vm": vm}
    return (
        _file(vm, "resolv.conf", "/etc/resolv.conf", values),
        _file(vm, "hosts", "/etc/hosts", values),
    )


def _login(vm: VmPlan, keys: tuple[str, ...]) -> tuple[RenderedFile, ...]:
    sshd = _file(vm, "sshd.conf", "/etc/ssh/sshd_config.d/10-gatekit.conf", {"vm": vm}, checker="sshd -t -f %s")
    sudoers = _file(vm, "sudoers", "/etc/sudoers.d/gatekit", {"vm": vm}, checker="visudo --check --quiet --file=%s")
    banner = RenderedFile(path="/etc/issue.net", content=render("guest", "issue.net.j2"))
    files = (sshd, sudoers.model_copy(update={"mode": "0440"}), banner)
    return files if not keys else (*files, *_authorized_keys(vm.operator, keys))


def _authorized_keys(operator: str, keys: tuple[str, ...]) -> tuple[RenderedFile, ...]:
    home = f"/home/{operator}/.ssh"
    content = header("operator_keys") + "".join(f"{key.strip()}\n" for key in keys)
    return (
        RenderedFile(path=home, state="directory", owner=operator, group=operator, mode="0700"),
        RenderedFile(path=f"{home}/authorized_keys", content=content, owner=operator, group=operator, mode="0600"),
    )


def _file(
    vm: VmPlan, template: str, path: str, values: dict[str, object], *, checker: str = "", comment: str = "#"
) -> RenderedFile:
    text = render("guest", f"{template}.j2", header=header(f"vms.{vm.name}", comment), **values)
    return RenderedFile(path=path, content=text, checker=checker)
