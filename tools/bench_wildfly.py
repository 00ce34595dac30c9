"""What a run of wildfly_server that changes nothing costs in the guest, beside one call of jboss-cli.sh.

python tools/bench_wildfly.py CONTAINER VAULT PLAN   the guest's container, JSON files with its secrets by name and
with the WildflyPlan it was built from; prints JSON with seconds
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tarfile
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

from gatekit.plan.vm1.model import WildflyPlan
from gatekit.render.wildfly import edge, layout
from twin.commands import run

ROOT = Path(__file__).resolve().parent.parent
REPEATS = 5
FOLDER = "/root/gatekit-bench"

type Numbers = dict[str, float | int | str]

# Runs in the guest, one process a call as Ansible starts it: interpreter, imports, the request, the comparison.
CALL = """
import json, sys
sys.path.insert(0, sys.argv[1])
from portable.wildfly.keeping import keep
kept = keep(json.load(open(sys.argv[1] + "/call.json")), predict=False)
sys.exit(3 if kept["changed"] or kept["wanted_archives"] else 0)
"""
# Times one command in the guest, so that podman's own start is not counted.
TIMED = """
import subprocess, sys, time
started = time.monotonic()
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
print(time.monotonic() - started)
sys.exit(done.stderr if done.returncode else 0)
"""


def bench_wildfly(container: str, plan: Mapping[str, Any], secrets: Mapping[str, str]) -> Numbers:
    """Return the seconds of both in a guest whose server is as wished, each the median of REPEATS.

    Args:
        container: podman's name of the guest.
        plan: WildflyPlan as JSON, the one the guest was built from.
        secrets: the plan's secrets by name.
    """
    inside = partial(_inside, container)
    try:
        _lay_down(container, plan, secrets)
        module = ["python3", "-c", CALL, FOLDER]
        cli = ["setpriv", f"--reuid={plan['account']}", f"--regid={plan['account']}", "--init-groups"]
        cli += ["env", "HOME=/tmp", f"{layout.LINK}/bin/jboss-cli.sh", "--connect", "--timeout=60000"]
        cli += [f"--controller=127.0.0.1:{plan['management_port']}", "--command=:read-attribute(name=server-state)"]
        numbers: Numbers = {"module_no_change_s": _median(inside, module), "jboss_cli_one_call_s": _median(inside, cli)}
    finally:
        inside(["rm", "-rf", FOLDER])
    return numbers


def _median(inside: Callable[[list[str]], str], command: list[str]) -> float:
    times = [float(inside(["python3", "-c", TIMED, *command])) for _ in range(REPEATS)]
    return round(statistics.median(times), 3)


def _inside(container: str, command: list[str]) -> str:
    return run(["podman", "exec", container, *command], timeout_s=120)


def _lay_down(container: str, plan: Mapping[str, Any], secrets: Mapping[str, str]) -> None:
    """Put our code and one call into the guest, for root only: the call holds the server's password."""
    wish = edge.wish(plan)
    call = {**edge.connection(plan, secrets), **wish, "unit": layout.UNIT, "start_timeout_s": 60, "secrets": secrets}
    call |= {"fingerprint_key": secrets[plan["keystore_password"]]}
    call |= {"credential_store": f"/subsystem=elytron/credential-store={layout.CREDENTIAL_STORE}"}
    with tempfile.NamedTemporaryFile(suffix=".tar") as file:
        with tarfile.open(file.name, "w") as tar:
            tar.add(ROOT / "gatekit/portable", "portable", filter=_source_only)
            text = json.dumps(call).encode()
            entry = tarfile.TarInfo("call.json")
            entry.size, entry.mode = len(text), 0o600
            tar.addfile(entry, BytesIO(text))
        _inside(container, ["install", "-d", "-m", "0700", FOLDER])
        run(["podman", "cp", file.name, f"{container}:{FOLDER}/source.tar"], timeout_s=60)
    _inside(container, ["tar", "--extract", "--file", f"{FOLDER}/source.tar", "--directory", FOLDER])


def _source_only(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    return None if "__pycache__" in entry.name else entry


def main() -> int:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("container")
    parser.add_argument("vault", type=Path)
    parser.add_argument("plan", type=Path, help="JSON file with the WildflyPlan the guest was built from")
    arguments = parser.parse_args()
    plan = WildflyPlan.model_validate_json(arguments.plan.read_bytes()).model_dump(mode="json")
    secrets = json.loads(arguments.vault.read_text(encoding="utf-8"))
    print(json.dumps(bench_wildfly(arguments.container, plan, secrets), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
