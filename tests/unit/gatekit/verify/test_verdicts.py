from __future__ import annotations

from typing import Any

import pytest

from gatekit.plan.model import Plan
from gatekit.verify.checks import plan_checks
from gatekit.verify.model import Check
from gatekit.verify.targets import Targets
from gatekit.verify.verdicts import operation_verdict, scan_verdict


def check(plan: Plan, targets: Targets, identity: str) -> Check:
    return next(row for row in plan_checks(plan, targets).checks if row.id == identity)


def scan(address: str, *, answered: int = 64, **seen: str) -> dict[str, Any]:
    silent = {"way": True, "tcp_accepted": "", "tcp_refused": "", "udp_accepted": "", "udp_refused": ""}
    return {
        "sent": 1,
        "duration_s": 1.0,
        "passes": [{"rate_pps": 1000, "controls_sent": 64, "controls_answered": answered}],
        "targets": {address: silent | seen},
    }


@pytest.mark.parametrize(
    ("seen", "ok"),
    [
        pytest.param({}, True, id="silence"),
        pytest.param({"tcp_accepted": "3128"}, True, id="permitted-port-open"),
        pytest.param({"tcp_accepted": "80,3128"}, True, id="both-permitted"),
        pytest.param({"tcp_accepted": "9999"}, False, id="unplanned-port-open"),
        pytest.param({"tcp_refused": "22"}, False, id="reset-means-not-filtered"),
    ],
)
def test_ap_6_any_answer_outside_the_matrix_is_red(
    plan: Plan, targets: Targets, seen: dict[str, str], ok: bool
) -> None:
    row = check(plan, targets, "refused.his_terminal.vm2.tcp")
    assert scan_verdict(row, scan("10.161.4.20", **seen)).ok is ok


def test_a_scan_that_missed_a_control_proves_nothing(plan: Plan, targets: Targets) -> None:
    verdict = scan_verdict(check(plan, targets, "refused.his_terminal.vm2.tcp"), scan("10.161.4.20", answered=63))
    assert (verdict.ok, "63/64" in verdict.observed.en) == (False, True)


def test_a_verdict_is_never_used_as_a_truth_value(plan: Plan, targets: Targets) -> None:
    verdict = scan_verdict(check(plan, targets, "refused.his_terminal.vm2.tcp"), scan("10.161.4.20"))
    with pytest.raises(TypeError):
        bool(verdict)


@pytest.mark.parametrize(
    ("identity", "outcome", "detail", "ok"),
    [
        pytest.param("reach.proxy.terminals.his_clients.vm2.3128", "accepted", "", True, id="accepted"),
        pytest.param("reach.proxy.terminals.his_clients.vm2.3128", "refused", "", False, id="service-down"),
        pytest.param("reach.link.orders.system.orders.vm1.2576", "refused", "", True, id="path-refused-by-the-host"),
        pytest.param("reach.link.orders.system.orders.vm1.2576", "no_answer", "", False, id="path-filtered"),
        pytest.param(
            "reach.dns.appliance.vm1.data_centre_services.53", "answered", "10.200.1.10", True, id="right-address"
        ),
        pytest.param(
            "reach.dns.appliance.vm1.data_centre_services.53", "answered", "203.0.113.20", False, id="wrong-address"
        ),
        pytest.param("proxy.other_name.his_terminal", "refused_by_proxy", "403", True, id="proxy-403"),
        pytest.param("proxy.other_name.his_terminal", "refused_by_proxy", "503", False, id="proxy-broken"),
        pytest.param("proxy.other_name.his_terminal", "tunnelled", "200", False, id="proxy-open"),
        pytest.param("portal.without_certificate.viewer", "tls_refused", "certificate required", True, id="tls"),
        pytest.param("portal.without_certificate.viewer", "served", "200", False, id="open-portal"),
        pytest.param("portal.without_certificate.viewer", "no_answer", "", False, id="portal-down-is-no-refusal"),
    ],
)
def test_an_outcome_is_judged_by_what_the_check_accepts(
    plan: Plan, targets: Targets, identity: str, outcome: str, detail: str, ok: bool
) -> None:
    answer = {"outcome": outcome, "detail": detail}
    assert operation_verdict(plan, check(plan, targets, identity), answer).ok is ok


GOOD = 'function FindProxyForURL(url, host) { if (x("portal.idlink.example.jp")) return "PROXY 10.161.4.20:3128"; }'


@pytest.mark.parametrize(
    ("body", "kind", "ok"),
    [
        pytest.param(GOOD, "application/x-ns-proxy-autoconfig", True, id="right"),
        pytest.param(GOOD, "text/plain", False, id="type-browsers-ignore"),
        pytest.param(
            GOOD.replace("10.161.4.20", "10.161.4.21"), "application/x-ns-proxy-autoconfig", False, id="other-proxy"
        ),
        pytest.param(
            GOOD.replace("portal.", "www."), "application/x-ns-proxy-autoconfig", False, id="destination-missing"
        ),
    ],
)
def test_hc_2_the_pac_file_says_what_the_plan_says(
    plan: Plan, targets: Targets, body: str, kind: str, ok: bool
) -> None:
    answer = {"outcome": "served", "detail": "200", "content_type": kind, "body": body}
    assert operation_verdict(plan, check(plan, targets, "pac.his_terminal"), answer).ok is ok
