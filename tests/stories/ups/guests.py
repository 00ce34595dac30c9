"""VM2 and VM1 as Debian 13 machines with NUT and our files, in one network of their own that leads nowhere.

Settings: GATEKIT_GUEST_IMAGE, GATEKIT_MIRROR as for the scenarios; without them the twin builds what is missing.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gatekit.portable.secrets import reveal
from gatekit.portable.units import UnitSpec
from gatekit.render.ups import ups_role_input
from tests.stories.esxi.loopback import PASSWORDS
from tests.ups import ups

SECRETS = {
    "ups_server_password": "server-Pw-1",
    "ups_client_password": "client-Pw-2",
    "ups_command_password": "command-Pw-3",
    "esxi_ups_password": PASSWORDS["gwups"],
}
ON_MAINS = "ups.status: OL\n"
ON_BATTERY = "ups.status: OB DISCHRG\n"
LOW_BATTERY = "ups.status: OB DISCHRG LB\n"
PREFIX = "gatekit-story-ups"
STATES = "/etc/nut/rehearsal.dev"
_INSTALL = """\
set -eu
until systemctl is-active --quiet multi-user.target; do sleep 0.2; done
echo 'deb [signed-by=/srv/mirror/mirror.gpg] file:/srv/mirror ./' > /etc/apt/sources.list
rm -f /etc/apt/sources.list.d/*
printf '#!/bin/sh\\nexit 101\\n' > /usr/sbin/policy-rc.d
chmod +x /usr/sbin/policy-rc.d
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends PACKAGES >/dev/null
rm /usr/sbin/policy-rc.d
"""


def podman(*words: str, given: bytes | None = None, check: bool = True) -> str:
    done = subprocess.run(["podman", *words], input=given, capture_output=True, check=False, timeout=300)
    if check and done.returncode != 0:
        raise RuntimeError(f"podman {' '.join(words)}: {done.stderr.decode() or done.stdout.decode()}")
    return done.stdout.decode()


def setting(name: str, *words: str) -> str:
    """Return what the scenarios are told in the environment too, or ask the twin, which builds what is missing."""
    if name in os.environ:
        return os.environ[name]
    command = [sys.executable, "-m", "twin", *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()[-1]


def installed(machine: str) -> str:
    """Return a new image with a machine's packages; the role's package_set would install the same."""
    name, tag = f"{PREFIX}-{machine}-packages", f"localhost/{PREFIX}-{machine}"
    volume = f"--volume={setting('GATEKIT_MIRROR', 'mirror')}:/srv/mirror:ro"
    image = setting("GATEKIT_GUEST_IMAGE", "images", "--print", "guest")
    podman("rm", "--force", "--ignore", "--time", "5", name)
    podman("run", "--detach", f"--name={name}", "--network=none", "--systemd=always", volume, image, "/sbin/init")
    script = _INSTALL.replace("PACKAGES", " ".join(role_input(machine, "", 60)["packages"]))
    podman("exec", "--interactive", name, "bash", "-s", given=script.encode())
    podman("commit", "--quiet", name, tag)
    podman("rm", "--force", "--time", "5", name)
    return tag


def role_input(machine: str, ca_pem: str, on_battery_s: int) -> dict[str, Any]:
    """Return what the role is given, with times of a story and the host where its simulator listens."""
    plan = ups()
    changed = {"on_battery_s": on_battery_s, "machines": short(plan.machines), "order_s": 3}
    host = plan.host.model_copy(update={"address": "127.0.0.1"})
    given = plan.model_copy(update={**changed, "host": host}).model_dump(mode="json")
    return ups_role_input(given, machine, ca_pem, ON_MAINS)


class Guest:
    """One machine of an image that has its packages; ``network``: none, or the container whose network it shares."""

    def __init__(self, machine: str, name: str, image: str, network: str = "none") -> None:
        self.machine, self.name = machine, f"{PREFIX}-{name}-{machine}"
        self.remove()
        here = ["--systemd=always", "--stop-signal=SIGRTMIN+3", "--cap-add=NET_ADMIN"]
        podman("run", "--detach", f"--name={self.name}", f"--network={network}", *here, image, "/sbin/init")
        self.run("ip", "address", "replace", f"{ups().server_address}/32", "dev", "lo")

    def remove(self) -> None:
        podman("rm", "--force", "--ignore", "--time", "5", "--volumes", self.name)

    def install(self, ca_pem: str, on_battery_s: int) -> None:
        """Lay everything down as the role does, and start its units."""
        given = role_input(self.machine, ca_pem, on_battery_s)
        self.run("sh", "-c", "until systemctl is-active --quiet multi-user.target; do sleep 0.2; done")
        self.put({row["path"]: row for row in given["files"] if row["state"] == "present"})
        units = [UnitSpec(**row) for row in given["units"]]
        masked = [unit.name for unit in units if unit.enablement == "masked"]
        started = [unit.name for unit in units if unit.activity == "running"]
        self.run("systemctl", "daemon-reload")
        if masked:
            self.run("systemctl", "mask", "--now", *masked)
        self.run("systemctl", "enable", "--now", *started)

    def put(self, files: dict[str, dict[str, Any]]) -> None:
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as archive:
            for path, row in files.items():
                content = reveal(path, row["content"], SECRETS).encode()
                entry = tarfile.TarInfo(path.lstrip("/"))
                entry.size, entry.mode = len(content), int(row["mode"], 8)
                entry.uname, entry.gname, entry.mtime = row["owner"], row["group"], int(time.time())
                archive.addfile(entry, io.BytesIO(content))
        podman("exec", "--interactive", self.name, "tar", "-C", "/", "-xf", "-", given=packed.getvalue())

    def say(self, state: str) -> None:
        """Let the UPS be so; dummy-ups looks at the file's time."""
        time.sleep(1.1)  # whole seconds are compared
        podman("exec", "--interactive", self.name, "tee", STATES, given=state.encode())

    def run(self, *words: str, check: bool = True) -> str:
        return podman("exec", self.name, *words, check=check)

    def read(self, path: str) -> str:
        """Return a file, also of a machine that is off."""
        packed = subprocess.run(["podman", "cp", f"{self.name}:{path}", "-"], capture_output=True, check=False).stdout
        if not packed:
            return ""
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            found = archive.extractfile(archive.next() or path)
            return found.read().decode() if found else ""

    def is_on(self) -> bool:
        return podman("inspect", "--format", "{{.State.Running}}", self.name).strip() == "true"

    def log(self) -> str:
        return self.run("journalctl", "--no-pager", "--output=cat")

    def inside[T](self, work: Callable[[], T]) -> T:
        """Return what work answers when its sockets and processes are in this machine's network."""
        process = podman("inspect", "--format", "{{.State.Pid}}", self.name).strip()
        answer: list[T] = []
        failed: list[BaseException] = []

        def act() -> None:
            with Path(f"/proc/{process}/ns/net").open() as network:
                os.setns(network, os.CLONE_NEWNET)  # of this thread alone, which then ends
            try:
                answer.append(work())
            except BaseException as error:  # noqa: BLE001 - raised again by the one who waits
                failed.append(error)

        thread = threading.Thread(target=act)
        thread.start()
        thread.join()
        if failed:
            raise failed[0]
        return answer[0]


def short(machines: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the machines with times of a story: VM1's own turn comes after eight seconds."""
    times = {"vm3": (0, 5), "vm1": (8, 25)}
    return tuple(
        one.model_copy(update={"begins_s": times[one.name][0], "stop_s": times[one.name][1]}) for one in machines
    )
