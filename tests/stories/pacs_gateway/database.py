"""A real PostgreSQL for the stories: a guest of the twin's own image on a network of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import psycopg

NETWORK, GATEWAY, ADDRESS = "10.98.245.0/24", "10.98.245.1", "10.98.245.10"
NAME = "gatekit-story-pacs-gateway"
PASSWORD = "only-in-this-container"
PORT = 5432
_INSTALL = """
set -eu
until systemctl is-active --quiet multi-user.target; do sleep 0.2; done
rm -f /etc/apt/sources.list /etc/apt/sources.list.d/*
echo 'deb [signed-by=/usr/share/keyrings/gatekit-mirror.gpg] file:///srv/mirror ./' > /etc/apt/sources.list
apt-get -qq update
DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends postgresql-17 >/dev/null
cat >> /etc/postgresql/17/main/postgresql.conf <<'SETTINGS'
listen_addresses = '*'
password_encryption = 'scram-sha-256'
SETTINGS
echo 'host all pacs_gateway 10.98.245.0/24 scram-sha-256' >> /etc/postgresql/17/main/pg_hba.conf
systemctl restart postgresql@17-main.service
"""


def podman(*words: str, given: str | None = None) -> str:
    done = subprocess.run(["podman", *words], input=given, capture_output=True, text=True, check=False, timeout=300)
    if done.returncode != 0:
        raise RuntimeError(f"podman {' '.join(words)}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def _setting(name: str, *words: str) -> str:
    """Return what the scenarios are told in the environment too, or ask the twin, which builds what is missing."""
    if name in os.environ:
        return os.environ[name]
    return subprocess.run(
        [sys.executable, "-m", "twin", *words], capture_output=True, text=True, check=True
    ).stdout.split()[-1]


class Database:
    """The running server."""

    def create(self) -> None:
        self.destroy()
        image = _setting("GATEKIT_GUEST_IMAGE", "images", "--print", "guest")
        mirror = _setting("GATEKIT_MIRROR", "mirror")
        podman("network", "create", "--internal", "--disable-dns", "--subnet", NETWORK, "--gateway", GATEWAY, NAME)
        here = ["--systemd=always", "--stop-signal=SIGRTMIN+3", f"--volume={mirror}:/srv/mirror:ro"]
        podman("run", "--detach", f"--name={NAME}", f"--network={NAME}:ip={ADDRESS}", *here, image, "/sbin/init")
        podman("exec", "--interactive", NAME, "bash", "-s", given=_INSTALL)
        self.sql(f"CREATE ROLE pacs_gateway LOGIN PASSWORD '{PASSWORD}'")
        self.empty()

    def destroy(self) -> None:
        podman("rm", "--force", "--ignore", "--time", "20", "--volumes", NAME)
        if NAME in podman("network", "ls", "--format", "{{.Name}}").split():
            podman("network", "rm", NAME)

    def sql(self, statement: str) -> None:
        podman("exec", "--interactive", NAME, "su", "postgres", "-c", "psql -qv ON_ERROR_STOP=1", given=statement)

    def empty(self) -> None:
        """Begin with a database of nothing."""
        self.sql("DROP DATABASE IF EXISTS pacs_gateway WITH (FORCE);\nCREATE DATABASE pacs_gateway OWNER pacs_gateway;")

    def stop(self) -> None:
        podman("exec", NAME, "systemctl", "kill", "--signal=SIGKILL", "postgresql@17-main.service")
        podman("exec", NAME, "systemctl", "stop", "postgresql@17-main.service")

    def start(self) -> None:
        podman("exec", NAME, "systemctl", "start", "postgresql@17-main.service")
        end = time.monotonic() + 30
        while True:
            try:
                with self.connect():
                    return
            except psycopg.OperationalError:
                assert time.monotonic() < end
                time.sleep(0.2)

    @staticmethod
    def url() -> dict[str, object]:
        return {
            "host": ADDRESS,
            "port": PORT,
            "dbname": "pacs_gateway",
            "user": "pacs_gateway",
            "password": PASSWORD,
            "connect_timeout": 5,
        }

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(**self.url(), autocommit=True)  # type: ignore[arg-type] # as psycopg documents it
