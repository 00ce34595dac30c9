"""What a run of the module wildfly_server that changes nothing costs on VM1, beside one call of jboss-cli.sh.

Both run on VM1 of a built site, reached as the job reaches it: ``build/SITE`` says how and what it was built from.
"""

from __future__ import annotations

import json
import shlex
import statistics
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import ansible
import yaml

from gatekit.errors import GatekitError, VerifyError
from gatekit.plan.vm1.model import WildflyPlan
from gatekit.render.wildfly import edge, layout
from gatekit.verify.evidence import read_site
from tools.benches.measure import ROOT, Numbers
from twin.commands import run
from twin.folders import site_folder

REPEATS = 5
PAYLOAD = "/root/gatekit-bench.zip"

# Runs on VM1, one process a call, as Ansible's own wrapper does it: interpreter, imports from a zip, the module.
CALL = f"""
import json, runpy, sys
sys.path.insert(0, "{PAYLOAD}")
from ansible.module_utils import basic
basic._ANSIBLE_ARGS, basic._ANSIBLE_PROFILE = sys.stdin.buffer.read(), "legacy"
runpy.run_module("wildfly_server", run_name="__main__")
"""
# Times one command on VM1, so that SSH is not counted, and says what it printed.
TIMED = """
import json, subprocess, sys, time
given = sys.stdin.buffer.read()
started = time.monotonic()
done = subprocess.run(sys.argv[1:], input=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
taken_s = time.monotonic() - started
print(json.dumps({"taken_s": taken_s, "said": done.stdout.decode()}))
sys.exit(done.stderr.decode() + done.stdout.decode() if done.returncode else 0)
"""


def bench_wildfly(site: str) -> Numbers:
    """Return the seconds of both on VM1 of a built site whose server is as wished, each the median of REPEATS.

    Raises:
        GatekitError: the site is not built or VM1 does not answer.
        RuntimeError: the server is not as the plan wants it.
    """
    vm1 = _Vm1(site)
    plan = vm1.plan.model_dump(mode="json")
    given = json.dumps({"ANSIBLE_MODULE_ARGS": arguments(plan, vm1.secrets())}).encode()
    module = ("python3", "-c", CALL)
    cli = ("setpriv", f"--reuid={plan['account']}", f"--regid={plan['account']}", "--init-groups", "env", "HOME=/tmp")
    cli += (f"{layout.LINK}/bin/jboss-cli.sh", "--connect", "--timeout=60000")
    cli += (f"--controller=127.0.0.1:{plan['management_port']}", "--command=:read-attribute(name=server-state)")
    vm1.root("sh", "-c", f"umask 077 && cat > {PAYLOAD}", given=payload())
    try:
        said = json.loads(vm1.timed(module, given)[1])
        if said["changed"] or said["wanted_archives"]:
            raise RuntimeError(f"VM1 of {site} is not as its plan wants it; build it first: ./demo {site}")
        return {"module_no_change_s": vm1.median(module, given), "jboss_cli_one_call_s": vm1.median(cli)}
    finally:
        vm1.root("rm", PAYLOAD)


class _Vm1:
    """VM1 of a built site, as root."""

    def __init__(self, site: str) -> None:
        self._site, self._folder = site, ROOT / "build" / site
        try:
            self.plan: WildflyPlan = read_site(self._folder)[0].vm1.wildfly
            self.root("true")
        except GatekitError as error:
            fix = f"Raise and build the site first: ./demo {site}"
            raise VerifyError("GW601", f"build/{site}", "no VM1 that answers", fix) from error

    def secrets(self) -> dict[str, str]:
        """Return the secrets of the twin by name."""
        text = (site_folder(self._site) / "group_vars/all/vault.yml").read_text(encoding="utf-8")
        return dict(yaml.safe_load(text)["vault"])

    def root(self, *command: str, given: bytes = b"") -> str:
        """Return what a command says."""
        ssh = ["ssh", "-F", str(self._folder / "ssh_config"), "vm1", shlex.join(["sudo", *command])]
        return run(ssh, stdin=given)

    def timed(self, command: tuple[str, ...], given: bytes = b"") -> tuple[float, str]:
        """Return the seconds of a command on VM1, and what it said."""
        told: dict[str, Any] = json.loads(self.root("python3", "-c", TIMED, *command, given=given))
        return told["taken_s"], told["said"]

    def median(self, command: tuple[str, ...], given: bytes = b"") -> float:
        """Return the median of its seconds."""
        return round(statistics.median(self.timed(command, given)[0] for _ in range(REPEATS)), 3)


def arguments(plan: dict[str, Any], secrets: dict[str, str]) -> dict[str, Any]:
    """Return the module's arguments as the role gives them; in check mode, so that nothing is ever changed."""
    wanted = edge.connection(plan, secrets) | edge.wish(plan) | {"unit": layout.UNIT}
    wanted |= {"secrets": secrets, "fingerprint_key": secrets[plan["keystore_password"]]}
    return wanted | {"_ansible_check_mode": True}


def payload() -> bytes:
    """Return a zip of sources, as Ansible sends them: its own part, ours, the module."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in _sources():
            archive.write(path, name)
    return made.getvalue()


def _sources() -> Iterator[tuple[str, Path]]:
    theirs, ours = Path(ansible.__file__).parent, ROOT / "gatekit" / "portable"
    yield "wildfly_server.py", ROOT / "library" / "wildfly_server.py"
    package = (theirs / name for name in ("__init__.py", "release.py", "_vendor/__init__.py"))
    for path in (*package, *(theirs / "module_utils").rglob("*.py")):
        yield f"ansible/{path.relative_to(theirs)}", path
    for path in ours.rglob("*.py"):
        yield f"ansible/module_utils/gatekit/{path.relative_to(ours)}", path
