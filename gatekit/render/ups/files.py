"""Every file of VM2, which speaks with the UPS and stops everything, and of VM1, which stops by itself in its turn."""

from __future__ import annotations

import json
from importlib.resources import files

from gatekit.plan.ups import UpsPlan
from gatekit.render.text import RenderedFile, header, render

__all__ = ["CA_FILE", "client_files", "server_files"]

NUT = "/etc/nut"
UNITS = "/etc/systemd/system"
PROGRAM = "/usr/local/lib/gatekit/gatekit_ups"
MODULES = ("__init__", "esxi_host", "journal", "nut_server", "sequence", "shutdown")
EVENT = "/usr/local/lib/gatekit/ups_event"
SETTINGS = "/etc/gatekit/ups_shutdown.json"
HOST_PASSWORD = "/etc/gatekit/ups_host_password"  # noqa: S105 - a path
COMMAND_PASSWORD = "/etc/gatekit/ups_command_password"  # noqa: S105 - a path
CA_FILE = "/etc/gatekit/esxi_ca.pem"
JOURNAL = "/var/lib/gatekit-ups/journal.jsonl"
SHUTDOWN = "gatekit-ups-shutdown.service"
POWEROFF = "gatekit-ups-poweroff"
STATES = f"{NUT}/rehearsal.dev"
COMMANDER = "gwcommand"
ABOUT = header("ups")


def server_files(plan: UpsPlan, ca_pem: str, rehearsal: str) -> tuple[RenderedFile, ...]:
    """Return VM2's files. ``rehearsal``: states of a UPS that are played instead of asking one; empty in service."""
    return (
        *_nut(plan, "netserver", "upsmon_server.conf.j2"),
        _secret(f"{NUT}/ups.conf", _text("ups.conf.j2", plan, rehearsal=rehearsal, states=STATES)),
        _secret(f"{NUT}/upsd.users", _text("upsd.users.j2", plan, commander=COMMANDER)),
        _secret(f"{NUT}/upsd.conf", _text("upsd.conf.j2", plan)),
        _secret(f"{NUT}/upssched.conf", _text("upssched.conf.j2", plan, event=EVENT)),
        RenderedFile(path=EVENT, content=_text("ups_event.j2", plan), mode="0755"),
        RenderedFile(path=STATES, content=rehearsal, state="present" if rehearsal else "absent"),
        *_program(),
        RenderedFile(path=SETTINGS, content=_settings(plan)),
        RenderedFile(path=HOST_PASSWORD, content=f"<secret {plan.host.password}>\n", mode="0600"),
        RenderedFile(path=COMMAND_PASSWORD, content=f"<secret {plan.command_password}>\n", mode="0600"),
        RenderedFile(path=CA_FILE, content=ca_pem),
        RenderedFile(path=f"{UNITS}/{SHUTDOWN}", content=_text("shutdown.service.j2", plan, settings=SETTINGS)),
    )


def client_files(plan: UpsPlan) -> tuple[RenderedFile, ...]:
    """Return VM1's files: it stops by itself when its turn has come and nobody asked it."""
    after_s = plan.machine(plan.client).begins_s
    return (
        *_nut(plan, "netclient", "upsmon_client.conf.j2"),
        *(
            RenderedFile(path=f"{UNITS}/{POWEROFF}.{kind}", content=_text(f"poweroff.{kind}.j2", plan, after_s=after_s))
            for kind in ("service", "timer")
        ),
    )


def _nut(plan: UpsPlan, mode: str, upsmon: str) -> tuple[RenderedFile, ...]:
    return (
        RenderedFile(path=f"{NUT}/nut.conf", content=f"{ABOUT}MODE={mode}\n", group="nut", mode="0640"),
        _secret(f"{NUT}/upsmon.conf", _text(upsmon, plan, shutdown=SHUTDOWN, poweroff=POWEROFF)),
    )


def _secret(path: str, content: str) -> RenderedFile:
    return RenderedFile(path=path, content=content, group="nut", mode="0640")


def _text(template: str, plan: UpsPlan, **values: object) -> str:
    return render("ups", template, header=ABOUT, plan=plan, **values)


def _program() -> tuple[RenderedFile, ...]:
    source = files("gatekit.portable.ups")
    return tuple(
        RenderedFile(path=f"{PROGRAM}/{name}.py", content=source.joinpath(f"{name}.py").read_text(encoding="utf-8"))
        for name in MODULES
    )


def _settings(plan: UpsPlan) -> str:
    host = {"address": str(plan.host.address), "port": plan.host.port, "user": plan.host.account}
    ups = {"name": plan.name, "port": plan.port, "user": COMMANDER, "password_file": COMMAND_PASSWORD}
    settings = {
        "host": {**host, "password_file": HOST_PASSWORD, "ca_file": CA_FILE},
        "machines": [{"name": machine.name, "stop_s": machine.stop_s} for machine in plan.machines],
        "order_s": plan.order_s,
        "ups": ups,
        "journal": JOURNAL,
    }
    return json.dumps(settings, indent=2, sort_keys=True) + "\n"
