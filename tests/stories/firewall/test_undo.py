"""A change of routes and tunnel that nobody confirms is undone by the host itself (a real systemd does it)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from gatekit.render.linux.firewall_files import firewall_files
from tests.stories.firewall import site
from tests.stories.firewall.lab import Lab

pytestmark = pytest.mark.story

PORTABLE = Path(__file__).parents[3] / "gatekit" / "portable"
CHANGE = "/usr/local/lib/change.py"
RUN = """
import json, sys
sys.path.insert(0, "/usr/local/lib")
from portable import files, guarded_files
asked = json.load(sys.stdin)
load = (("systemctl", "restart", "gatekit-network.service", "strongswan.service"),)
spec = guarded_files.GuardedSpec("story", load, undo_after_s=asked["undo_after_s"])
change = files.plan([files.FileSpec(**row) for row in asked["files"]], asked["secrets"])
guarded_files.arm(spec, change, asked["secrets"])
"""


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    lab = Lab()
    try:
        lab.create()
        lab.raise_peer(site.HIGH)
        lab.raise_firewall(site.HIGH)
        lab.wait_for_tunnel()
        lab.listen("peer", 80)
        _hand_over_portable(lab)
        yield lab
    finally:
        lab.destroy()


def _hand_over_portable(lab: Lab) -> None:
    for file in sorted(PORTABLE.glob("*.py")):
        lab.run(
            "firewall",
            f"mkdir -p /usr/local/lib/portable && cat > /usr/local/lib/portable/{file.name}",
            given=file.read_text(),
        )
    lab.run("firewall", f"cat > {CHANGE}", given=RUN)


def arm(lab: Lab, psk: str, undo_after_s: int) -> None:
    """Change the key under the timer, as the module does, and say nothing more."""
    ways = firewall_files(site.firewall(site.HIGH), site.HOST).ways
    asked = {"undo_after_s": undo_after_s, "secrets": {"vpn_psk": psk}, "files": [file.model_dump() for file in ways]}
    lab.run("firewall", f"python3 {CHANGE}", given=json.dumps(asked))


def test_nw_6_an_unconfirmed_wrong_key_is_undone_and_the_tunnel_comes_back(lab: Lab) -> None:
    before = lab.run("firewall", "cat /etc/swanctl/conf.d/dc-main.conf")
    arm(lab, "a-wrong-key", 6)
    lab.wait("firewall", "journalctl -u strongswan --no-pager --since -10s | grep -q AUTH_FAILED", seconds=5)
    assert not lab.reaches("vm", site.DATA_CENTRE, 80)
    lab.wait_for_tunnel()
    assert lab.reaches("vm", site.DATA_CENTRE, 80)
    assert lab.run("firewall", "cat /etc/swanctl/conf.d/dc-main.conf") == before
    lab.wait("firewall", "! systemctl is-active --quiet gatekit-story-undo.timer")
