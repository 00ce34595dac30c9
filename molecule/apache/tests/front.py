"""The scenario's clients and what a request brings back; for the tests of this folder."""

from __future__ import annotations

import base64
import json
import os
import shlex
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import testinfra
from testinfra.host import Host

ADDRESS = "10.166.243.10"
INVENTORY = os.environ["MOLECULE_INVENTORY_FILE"]
PLAN = json.loads(
    (Path(os.environ["MOLECULE_PROJECT_DIRECTORY"]) / "tests/golden/cases/pattern4/plan.json").read_text()
)
HOST_NAME = PLAN["vm1"]["apache"]["host_name"]

STUDY = "1.3.6.1.4.1.5962.1.2.1.20040119072730.12322"
SERIES = "1.3.6.1.4.1.5962.1.3.1.1.20040119072730.12322"
INSTANCE = "1.3.6.1.4.1.5962.1.1.1.1.1.20040119072730.12322"
SERIES_PATH = f"/dicom-web/studies/{STUDY}/series/{SERIES}"
INSTANCE_PATH = f"{SERIES_PATH}/instances/{INSTANCE}"
SPLIT = "<<<gatekit>>>"


@cache
def guest(name: str) -> Host:
    return testinfra.get_host(f"ansible://{name}?ansible_inventory={INVENTORY}")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, list[str]]
    body: str

    def header(self, name: str) -> str:
        (value,) = self.headers[name.lower()]
        return value


def request(client: str, path: str, *options: str, host: str = HOST_NAME) -> Answer:
    """Return the answer to one request; status 0 when TLS or TCP did not come about."""
    words = ["curl", "--silent", "--path-as-is", "--globoff", "--max-time", "20", "--cacert", "/srv/ca.pem"]
    words += ["--output", "-", "--write-out", SPLIT + "%{http_code} %{header_json}"]
    words += ["--resolve", f"{host}:443:{ADDRESS}", *options, f"https://{host}{path}"]
    done = guest(client).run(shlex.join(words) + " | base64 --wrap=0")
    body, _, rest = base64.b64decode(str(done.stdout)).decode("utf-8", "replace").rpartition(SPLIT)
    status, _, headers = rest.partition(" ")
    return Answer(int(status), json.loads(headers), body)


def portal(path: str, *options: str, host: str = HOST_NAME) -> Answer:
    return request("portal", path, *options, host=host)


def asked_json(path: str, *options: str) -> Any:
    answer = portal(path, *options)
    assert answer.status == 200
    return json.loads(answer.body)


def rules_since(root: Host, cursor: str) -> set[str]:
    """Return the numbers of the rules that matched after the journal's cursor."""
    words = root.check_output(f"journalctl --after-cursor={shlex.quote(cursor)} -t apache-error --output cat")
    return {line.rsplit(" ", 1)[1] for line in words.splitlines() if "matched rule" in line}


def cursor(root: Host) -> str:
    last = root.check_output("journalctl --lines 0 --show-cursor").splitlines()[-1]
    return str(last.removeprefix("-- cursor: "))
