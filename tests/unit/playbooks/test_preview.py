"""plan.yml shows the whole change, build.yml makes exactly it, drift.yml finds what somebody changed since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from gatekit.comparison.model import Comparison, Finding
from tests.unit.gatekit.simulators.aos_cx.switches import OURS
from tests.unit.playbooks.vendor_site import NETWORK, Site, made, vendor_site

pytestmark = pytest.mark.peer

NOT_THERE_YET = dict.fromkeys(("esxi", "vm1", "vm2"), Finding.NOT_REACHED)
LEFT_OUT = dict.fromkeys((*NOT_THERE_YET, "vm3"), Finding.NOT_COMPARED)


@dataclass(frozen=True)
class Compared:
    """One run that only compares: how it ended, what it wrote, and what both boxes ran before and after it."""

    status: int
    said: str
    document: Comparison
    before: Mapping[str, str]
    after: Mapping[str, str]

    @property
    def findings(self) -> dict[str, Finding]:
        return {device.name: device.finding for device in self.document.devices}


@dataclass(frozen=True)
class History:
    """What was done to one site, in this order; ``sent`` is what each box was sent when it was built."""

    refused: Compared
    preview: Compared
    sent: Mapping[str, list[str]]
    built: Mapping[str, str]
    no_drift: Compared
    drift: Compared


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    """Preview, build and compare one site, the switch of which then loses our route; the tests only look at it."""
    root = tmp_path_factory.mktemp("site")
    with vendor_site(root) as site:
        return History(
            refused=with_another_host_key(site),
            preview=compared(site, "plan", "change"),
            sent=build(site, root / "sent"),
            built=site.running(),
            no_drift=compared(site, "drift", "drift", *NETWORK),
            drift=without_our_route(site),
        )


def compared(site: Site, playbook: str, purpose: str, *words: str) -> Compared:
    before = site.running()
    done = site.run(playbook, *words)
    return Compared(done.returncode, done.stdout + done.stderr, site.found(purpose), before, site.running())


def with_another_host_key(site: Site) -> Compared:
    """Preview a site whose firewall answers with a host key that nobody trusts."""
    right = site.facts["firewall"]["ssh_host_public_key"]
    site.facts["firewall"]["ssh_host_public_key"] = site.facts["l3_switch"]["ssh_host_public_key"]
    shown = compared(site, "plan", "change", *NETWORK)
    site.facts["firewall"]["ssh_host_public_key"] = right
    return shown


def build(site: Site, results: Path) -> dict[str, list[str]]:
    built = site.run("network", "-e", "site_allow_interruption=true", results=results)
    assert built.returncode == 0, built.stdout[-4000:]
    return made(results)


def without_our_route(site: Site) -> Compared:
    """Compare after somebody has taken our route off the switch and saved that."""
    switch = site.l3_switch.device
    site.l3_switch.run(lambda: switch.running.take(f"no {OURS}", None))
    site.l3_switch.run(lambda: setattr(switch, "startup", switch.running.copy()))
    return compared(site, "drift", "drift", "--tags", "plan,l3_switch")


def test_a_preview_tells_what_differs_and_who_does_not_answer_yet_and_changes_nothing(history: History) -> None:
    assert history.preview.status == 0, history.preview.said
    assert history.preview.after == history.preview.before
    differ = dict.fromkeys(("firewall", "l3_switch"), Finding.DIFFERS)
    assert history.preview.findings == differ | NOT_THERE_YET | {"vm3": Finding.NOT_COMPARED}


def test_what_a_preview_shows_is_what_the_build_then_sends(history: History) -> None:
    preview = {device.name: list(device.steps) for device in history.preview.document.devices if device.steps}
    assert sorted(preview) == ["firewall", "l3_switch"]
    assert history.sent == preview
    assert not [name for name, text in history.built.items() if text == history.preview.after[name]]


def test_after_the_build_nothing_is_left_to_change(history: History) -> None:
    assert history.no_drift.status == 0, history.no_drift.said
    assert history.no_drift.findings == dict.fromkeys(("firewall", "l3_switch"), Finding.AS_PLANNED) | LEFT_OUT


def test_a_refused_device_makes_the_preview_red_and_the_others_are_shown_all_the_same(history: History) -> None:
    assert history.refused.status == 2, history.refused.said
    assert "[GW433]" in history.refused.said
    assert history.refused.findings["l3_switch"] is Finding.DIFFERS
    (firewall,) = history.refused.document.found(Finding.REFUSED)
    assert firewall.name == "firewall"
    assert firewall.reason.endswith("[GW416]")


def test_drift_is_red_and_names_what_somebody_changed_by_hand_and_changes_nothing(history: History) -> None:
    assert history.drift.status == 2, history.drift.said
    assert "[GW431]" in history.drift.said
    assert history.drift.findings["l3_switch"] is Finding.DIFFERS
    (drifted,) = history.drift.document.found(Finding.DIFFERS)
    assert [row.lines for row in drifted.differences] == [(f"+{OURS}",)]
    assert history.drift.after == history.drift.before
