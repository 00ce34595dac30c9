"""What verification reads from the host after a run: licence and hardening baseline, item by item (AP-1)."""

from __future__ import annotations

from datetime import date

import pytest
from pyVmomi import vim

from gatekit.devices.esxi.converge import converge_host
from gatekit.plan.appliance import DeviationPlan, EsxiHostPlan
from gatekit.verify.esxi_reading import PASSWORD_VARIABLE, read_esxi
from gatekit.verify.hardening_checks import hardening_checks
from gatekit.verify.judges import JUDGES
from gatekit.verify.model import Check, NotRun, Reading
from gatekit.verify.targets import EsxiTarget, Targets
from tests.stories.esxi import by_hand, simulator, site
from tests.stories.esxi.loopback import PASSWORDS
from tests.stories.esxi.simulator import Simulator

pytestmark = pytest.mark.story


@pytest.fixture
def target(esxi: Simulator, monkeypatch: pytest.MonkeyPatch) -> EsxiTarget:
    converge_host(site.login(esxi), site.host_plan(), check=False)
    (esxi.folder / "port").write_text(str(esxi.port))
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORDS["gwauto"])
    ca = str(esxi.folder / "ca.pem")
    return EsxiTarget(address=simulator.ADDRESS, port=esxi.port, user=site.host_plan().user, ca_file=ca)


def rows(target: EsxiTarget) -> list[Check | NotRun]:
    targets = Targets(
        schema_version=1, site="kita", plan_sha256="", twin=True, hosts={}, probes={}, esxi=target, log=None,
        absent={}, tiers={"esxi": 2}, scan_rate_pps=1,
    )  # fmt: skip
    return list(hardening_checks(targets, None))


def red(target: EsxiTarget, host: EsxiHostPlan | None = None) -> dict[str, str]:
    """Return what is red, with what was observed."""
    text = read_esxi(target)
    assert PASSWORDS["gwauto"] not in text
    plan = site.plan().model_copy(update={"esxi": host or site.host_plan()})
    found = {}
    for check in rows(target):
        if isinstance(check, Check) and isinstance(check.asks, Reading):
            verdict = JUDGES[check.asks.judge](plan, check, (text,))
            if not verdict.ok:
                found[check.id] = verdict.observed.en
    return found


def test_ap_1_every_item_the_api_can_tell_is_green_after_a_run(target: EsxiTarget) -> None:
    assert red(target) == {}
    kinds = [type(row) for row in rows(target)]
    assert (kinds.count(Check), kinds.count(NotRun)) == (47, 6)


def test_what_cannot_be_read_says_what_to_enter_on_the_host(target: EsxiTarget) -> None:
    unread = {row.id: row.reason.en for row in rows(target) if isinstance(row, NotRun)}
    assert unread["esxi.hardening.tls-profile"] == (
        "by hand on the first real host: esxcli system tls server get -> Profile: NIST_2024"
    )


def test_lockdown_is_red_whatever_the_mode(target: EsxiTarget, esxi: Simulator) -> None:
    with by_hand.service(esxi.folder) as found:
        access = by_hand.host(found).configManager.hostAccessManager
        access.UpdateLockdownExceptions(["gwauto"])
        access.ChangeLockdownMode(vim.host.HostAccessManager.LockdownMode.lockdownNormal)
    assert set(red(target)) == {"esxi.hardening.lockdown"}


def test_a_deviation_is_green_until_its_day_and_red_afterwards(target: EsxiTarget, esxi: Simulator) -> None:
    with by_hand.service(esxi.folder) as found:
        by_hand.host(found).configManager.serviceSystem.StartService("sfcbd-watchdog")
    deviates = {
        until: site.host_plan().model_copy(
            update={"deviations": (DeviationPlan(item="cim-off", reason="The maker's monitor", until=until),)}
        )
        for until in (date(2099, 1, 1), date(2020, 1, 1))
    }
    assert set(red(target)) == {"esxi.hardening.cim-off"}
    assert red(target, deviates[date(2099, 1, 1)]) == {}
    assert red(target, deviates[date(2020, 1, 1)]) == {
        "esxi.hardening.cim-off": "deviation is over: runs, off / stopped, off; The maker's monitor (2020-01-01)"
    }


def test_a_free_licence_is_red(target: EsxiTarget, esxi: Simulator) -> None:
    esxi.control("licence", {"Edition": "esxBasic"})
    assert set(red(target)) == {"esxi.licence"}
