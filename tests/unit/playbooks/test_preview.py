"""plan.yml shows the whole change, build.yml makes exactly it, drift.yml finds what somebody changed since."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gatekit.comparison.model import Finding
from tests.unit.gatekit.simulators.aos_cx.switches import OURS
from tests.unit.playbooks.vendor_site import NETWORK, Site, made, vendor_site

pytestmark = pytest.mark.peer

NOT_THERE_YET = dict.fromkeys(("esxi", "vm1", "vm2"), Finding.NOT_REACHED)
LEFT_OUT = dict.fromkeys((*NOT_THERE_YET, "vm3"), Finding.NOT_COMPARED)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with vendor_site(tmp_path) as site:
        yield site


def findings(site: Site, purpose: str) -> dict[str, Finding]:
    return {device.name: device.finding for device in site.found(purpose).devices}


def test_what_a_preview_shows_is_what_the_build_then_sends_and_after_it_nothing_is_left(
    site: Site, tmp_path: Path
) -> None:
    before = site.running()
    shown = site.run("plan")
    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert site.running() == before
    found = dict.fromkeys(("firewall", "l3_switch"), Finding.DIFFERS) | NOT_THERE_YET
    assert findings(site, "change") == found | {"vm3": Finding.NOT_COMPARED}
    preview = {device.name: list(device.steps) for device in site.found("change").devices if device.steps}

    built = site.run("network", "-e", "site_allow_interruption=true", results=tmp_path / "made")
    assert built.returncode == 0, built.stdout[-4000:]
    assert made(tmp_path / "made") == preview
    assert site.running() != before

    again = site.run("plan", *NETWORK)
    assert again.returncode == 0, again.stdout + again.stderr
    assert findings(site, "change") == dict.fromkeys(("firewall", "l3_switch"), Finding.AS_PLANNED) | LEFT_OUT


def test_a_refused_device_makes_the_preview_red_and_the_others_are_shown_all_the_same(site: Site) -> None:
    site.facts["firewall"]["ssh_host_public_key"] = site.facts["l3_switch"]["ssh_host_public_key"]
    shown = site.run("plan")
    assert shown.returncode == 2, shown.stdout
    assert "[GW433]" in shown.stdout
    assert findings(site, "change")["l3_switch"] is Finding.DIFFERS
    (firewall,) = site.found("change").found(Finding.REFUSED)
    assert firewall.name == "firewall"
    assert firewall.reason.endswith("[GW416]")


def test_drift_is_red_and_names_what_somebody_changed_by_hand_and_changes_nothing(site: Site) -> None:
    switch = site.l3_switch.device
    for playbook in ("site_plan", "network"):
        built = site.run(playbook, "--limit", "localhost,l3_switch")
        assert built.returncode == 0, built.stdout
    planned = site.run("drift", "--tags", "plan,l3_switch")
    assert planned.returncode == 0, planned.stdout
    site.l3_switch.run(lambda: switch.running.take(f"no {OURS}", None))
    site.l3_switch.run(lambda: setattr(switch, "startup", switch.running.copy()))
    changed = site.running()
    found = site.run("drift", "--tags", "plan,l3_switch")
    assert found.returncode == 2, found.stdout
    assert "[GW431]" in found.stdout
    assert findings(site, "drift")["l3_switch"] is Finding.DIFFERS
    (drifted,) = site.found("drift").found(Finding.DIFFERS)
    assert [row.lines for row in drifted.differences] == [(f"+{OURS}",)]
    assert site.running() == changed
