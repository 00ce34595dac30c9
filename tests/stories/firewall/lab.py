"""Four containers with real packets: VM - firewall - peer (data centre), and a hospital system.

    trust 10.97.3.0/24        dmz 10.97.2.0/24       untrust 10.97.1.0/24    dc 10.97.4.0/24
    hospital .30 ----- .5 firewall .254 ----- .10 vm
    (PACS 10.97.30.10)         firewall .10 ------------------------ .20 peer .10

The peer is also the firewall's default gateway: what leaves in clear for the data centre reaches it, and is seen.
Also a command, for molecule: ``python -m tests.stories.firewall.lab create|prepare|destroy DIRECTORY``.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from pathlib import Path

from gatekit.plan.network_device import CryptoSuite
from gatekit.render.linux.firewall_files import firewall_files
from gatekit.render.linux.tunnel import strongswan_conf, swanctl_conf
from gatekit.render.text import RenderedFile
from tests.stories.firewall import site

NETWORKS = {"untrust": "10.97.1.0/24", "dmz": "10.97.2.0/24", "trust": "10.97.3.0/24", "dc": "10.97.4.0/24"}
NODES = {
    "firewall": (("untrust", site.FIREWALL_UNTRUST), ("dmz", site.FIREWALL_DMZ), ("trust", site.FIREWALL_TRUST)),
    "peer": (("untrust", site.PEER_UNTRUST), ("dc", site.DATA_CENTRE)),
    "vm": (("dmz", site.VM),),
    "hospital": (("trust", site.SWITCH),),
}
WIRE = "/usr/local/lib/wire.py"
WAYS = {
    "vm": (f"route add default via {site.FIREWALL_DMZ}",),
    "hospital": (
        f"address add {site.PACS}/32 dev lo",
        f"route add 10.97.2.0/24 via {site.FIREWALL_TRUST} src {site.PACS}",
    ),
    "peer": (f"route add 10.97.2.0/24 via {site.FIREWALL_UNTRUST}",),
}
"""The peer's clear route to the DMZ makes it a hostile Internet: the tunnel's own route has to win over it."""


def podman(*words: str, given: str | None = None, check: bool = True) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(["podman", *words], input=given, capture_output=True, text=True, check=False, timeout=600)
    if check and done.returncode != 0:
        raise RuntimeError(f"podman {' '.join(words)}: {done.stderr.strip() or done.stdout.strip()}")
    return done


@dataclass
class Lab:
    """The running containers, and the one key both ends share."""

    psk: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    def create(self) -> None:
        """Start every node from the twin's firewall image, which has all that either end needs."""
        image = firewall_image()
        self.destroy()
        for name, subnet in NETWORKS.items():
            podman("network", "create", "--internal", "--subnet", subnet, f"labfw-{name}")
        for name in NODES:
            self._start(name, image)
        wire = (Path(__file__).parent / "wire.py").read_text()
        for name in NODES:
            self.wait(name, "systemctl is-system-running | grep -qE 'running|degraded'")
            self.run(name, f"cat > {WIRE}", given=wire)
            for way in WAYS.get(name, ()):
                self.run(name, f"ip {way}")

    def destroy(self) -> None:
        for name in NODES:
            podman("rm", "--force", "--ignore", "--time", "2", f"labfw-{name}")
        for name in NETWORKS:
            if podman("network", "exists", f"labfw-{name}", check=False).returncode == 0:
                podman("network", "rm", f"labfw-{name}")

    def run(self, node: str, script: str, *, check: bool = True, given: str | None = None) -> str:
        """Return what a shell script printed on a node."""
        return self.try_run(node, script, check=check, given=given).stdout

    def try_run(
        self, node: str, script: str, *, check: bool = False, given: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        words = ["exec", *(["--interactive"] if given is not None else []), f"labfw-{node}", "sh", "-c", script]
        return podman(*words, check=check, given=given)

    def wait(self, node: str, script: str, *, seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        while self.try_run(node, script).returncode != 0:
            if time.monotonic() > end:
                said = self.run(node, "journalctl -n 60 --no-pager; ip route show table all | head -50", check=False)
                raise TimeoutError(f"{node}: {script}\n{said}")
            time.sleep(0.3)

    def restart(self, node: str) -> None:
        """Boot the node again."""
        podman("restart", "--time", "10", f"labfw-{node}")
        self.wait(node, "systemctl is-system-running | grep -qE 'running|degraded'")

    def write(self, node: str, files: Iterable[RenderedFile], *, psk: str | None = None) -> None:
        for file in files:
            text = file.content.replace("<secret vpn_psk>", psk or self.psk)
            put = f"mkdir -p {Path(file.path).parent} && cat > {file.path} && chmod {file.mode} {file.path}"
            self.run(node, put, given=text)

    def raise_firewall(self, suite: CryptoSuite, *, psk: str | None = None) -> None:
        """Bring the rendered firewall into force, without Ansible."""
        files = firewall_files(site.firewall(suite), site.HOST)
        self.write("firewall", (files.rules, *files.ways, *files.settled), psk=psk)
        units = " ".join(files.units)
        self.run("firewall", f"systemctl daemon-reload && systemctl enable --quiet {units}")
        self.run("firewall", "systemctl reload-or-restart gatekit-firewall.service")
        again = f"gatekit-network.service ulogd2.service strongswan.service {files.units[-1]}"
        self.run("firewall", f"systemctl restart {again}")

    def raise_peer(self, suite: CryptoSuite) -> None:
        """Bring the other end into force, from the same plan, mirrored."""
        there = site.tunnel(suite).mirrored()
        files = (
            RenderedFile(path="/etc/swanctl/conf.d/lab.conf", content=swanctl_conf(there, if_id=None), mode="0600"),
            RenderedFile(path="/etc/strongswan.d/gatekit.conf", content=strongswan_conf(if_id=None)),
        )
        self.write("peer", files)
        self.run("peer", "systemctl restart strongswan.service")

    def wait_for_tunnel(self) -> None:
        self.wait("firewall", "swanctl --list-sas | grep -q INSTALLED", seconds=40)

    def listen(self, node: str, port: int, verb: str = "listen") -> None:
        """Answer TCP connections on a port of a node."""
        self.run(node, f"systemd-run --quiet --collect --unit={verb}-{port} python3 {WIRE} {verb} {port}")
        self.wait(node, f"ss -Hltn 'sport = :{port}' | grep -q .")

    def reaches(self, node: str, address: str, port: int, *, source: str = "") -> bool:
        """Return whether a TCP connection from the node comes about within three seconds."""
        return self.try_run(node, f"python3 {WIRE} reach {address} {port} {source}").returncode == 0

    def counter(self, comment: str) -> int:
        """Return the packets the firewall's rule of that comment has seen."""
        said = self.run("firewall", f"nft list table inet gatekit_fw | grep -F 'comment \"{comment}\"'")
        return int(said.split("packets ")[1].split()[0])

    @staticmethod
    def _start(name: str, image: str) -> None:
        links = [
            # fixed, since a machine keeps its MAC addresses when it boots again and a container does not
            f"--network=labfw-{network}:ip={address},mac={_mac(address)},interface_name=eth{number}"
            for number, (network, address) in enumerate(NODES[name])
        ]
        forwards = ["--sysctl=net.ipv4.ip_forward=1"] if name in ("firewall", "peer") else []
        rights = ["--cap-add=NET_ADMIN,NET_RAW", "--device=/dev/net/tun"]
        systemd = ["--systemd=always", "--stop-signal=SIGRTMIN+3"]
        podman("run", "--detach", f"--name=labfw-{name}", *systemd, *rights, *forwards, *links, image, "/sbin/init")


def firewall_image() -> str:
    """Return GATEKIT_FIREWALL_IMAGE, or the twin's own, built when it is missing."""
    named = os.environ.get("GATEKIT_FIREWALL_IMAGE", "")
    if named:
        return named
    words = [sys.executable, "-m", "twin", "images", "--print", "firewall"]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.split()[-1]


def _mac(address: str) -> str:
    return "02:61:" + ":".join(f"{octet:02x}" for octet in IPv4Address(address).packed)


def prepare_for_ansible(lab: Lab, directory: Path) -> None:
    """Let the operator in by key, pin the host key, and write what a play needs into the directory."""
    for name in ("operator", "host_key"):
        (directory / name).unlink(missing_ok=True)
        words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(directory / name)]
        subprocess.run(words, check=True)
    place = "install -D -m {mode} /dev/stdin {path}"
    ssh = "/etc/ssh"
    for mode, path, name in (
        ("0644", f"{ssh}/authorized_keys/gwops", "operator.pub"),
        ("0600", f"{ssh}/ssh_host_ed25519_key", "host_key"),
    ):
        lab.run("firewall", place.format(mode=mode, path=path), given=_text(directory, name))
    lab.run("firewall", "systemctl reset-failed ssh.service && systemctl restart ssh.service")
    public = " ".join(_text(directory, "host_key.pub").split()[:2])
    (directory / "known_hosts").write_text(f"{site.FIREWALL_DMZ} {public}\n")
    play = {"firewall_plan": site.firewall().model_dump(mode="json"), "firewall_secrets": {"vpn_psk": lab.psk}}
    (directory / "play.json").write_text(json.dumps(play))
    (directory / "play.json").chmod(0o600)


def _text(directory: Path, name: str) -> str:
    return (directory / name).read_text()


def main(verb: str, directory: Path) -> None:
    """Create, prepare (the peer and what listens) or destroy the lab for molecule."""
    lab = Lab()
    if verb == "destroy":
        lab.destroy()
    elif verb == "create":
        lab.create()
        prepare_for_ansible(lab, directory)
    else:
        lab.psk = json.loads(_text(directory, "play.json"))["firewall_secrets"]["vpn_psk"]
        lab.raise_peer(site.HIGH)
        lab.listen("peer", 80)
        lab.listen("vm", 3128)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
