"""The report as a person sees it in a browser, at the width of A4."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from gatekit.handover.report import report_html
from gatekit.model import Text
from gatekit.plan.document import plan_sha256
from gatekit.plan.make import plan_site
from gatekit.verify.checks import plan_checks
from gatekit.verify.evidence import Evidence, not_run_record, record_of
from gatekit.verify.model import Verdict
from gatekit.verify.targets import Targets
from tests.stories.report.browser import browse, in_language

ROOT = Path(__file__).resolve().parents[3]
A4_WIDTH = 794
MEASURE = """<script>
addEventListener("load", () => {
  const wide = [...document.querySelectorAll("main *")]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 0.5);
  const shown = c => [...document.querySelectorAll("main ." + c)]
    .filter(e => e.getClientRects().length).length;
  const drawing = document.querySelector("svg").getBoundingClientRect();
  const outside = [...document.querySelectorAll("svg text")].filter(e => {
    const box = e.getBoundingClientRect();
    return box.width && (box.right > drawing.right || box.left < drawing.left); });
  const found = {width: innerWidth, scroll: document.documentElement.scrollWidth,
    wide: wide.map(e => e.outerHTML.slice(0, 80)),
    outside: outside.map(e => e.textContent), ja: shown("ja"), en: shown("en")};
  document.title = JSON.stringify(found);
});
</script>"""
LONG = Text(ja="とても長い観測" * 12, en="averylongobservationwithoutanyspace" * 6)


def page(pattern: int) -> str:
    """The fullest page there is: every check of the site, a third of them failed, long unbroken words."""
    plan = plan_site(ROOT / "inventories" / f"pattern{pattern}")
    hosts = {name: {"backend": "podman://x"} for name in ("vm1", "vm2", "firewall", "l3_switch")}
    probes = {
        name: {"backend": "podman://x", "zone": zone, "address": address}
        for name, zone, address in (
            ("his_terminal", "trust", str(next(iter(plan.proxy.clients[0].hosts())))),
            ("viewer", "untrust", "198.51.100.200"),
            ("dc_services", "data_centre", str(plan.data_centre.services)),
            ("vm1", "dmz", str(plan.vm("vm1").address)),
            ("vm2", "dmz", str(plan.vm("vm2").address)),
        )
    }
    targets = Targets.model_validate(
        {
            "schema_version": 1,
            "site": plan.site,
            "plan_sha256": plan_sha256(plan),
            "twin": True,
            "hosts": hosts,
            "probes": probes,
            "esxi": None,
            "log": None,
            "absent": {},
            "tiers": {"esxi": 2},
            "scan_rate_pps": 1000,
        }
    )
    listing = plan_checks(plan, targets)
    records = tuple(
        record_of(check, Verdict(ok=bool(index % 3), observed=LONG), 1.5) for index, check in enumerate(listing.checks)
    )
    evidence = Evidence(
        schema_version=1,
        site=plan.site,
        plan_sha256=plan_sha256(plan),
        twin=True,
        complete=True,
        started_at="2026-11-22T00:00:00Z",
        duration_s=60,
        versions={"vm2": {"squid": "6.13", "kernel": "6.12.0-verylong"}},
        tiers={"esxi": 2},
        packets_sent=4_000_000,
        records=records,
        not_run=tuple(map(not_run_record, listing.not_run)),
    )
    return report_html(plan, evidence)


def measured(html: str, language: str, folder: Path) -> dict[str, object]:
    """What the browser sees; the policy that forbids scripts is taken out of this copy alone."""
    html = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
    file = folder / f"{language}.html"
    file.write_text(in_language(html, language).replace("</body>", MEASURE + "</body>"), encoding="utf-8")
    seen = browse(file, f"--window-size={A4_WIDTH},1123", "--dump-dom")
    title = re.search(r"<title>(\{.*?\})</title>", seen)
    assert title is not None, seen[:300]
    found: dict[str, object] = json.loads(title[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    return found


@pytest.mark.story
@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("pattern", [1, 3, 4])
def test_the_report_fits_a4_and_shows_one_language(pattern: int, language: str, tmp_path: Path) -> None:
    found = measured(page(pattern), language, tmp_path)
    other = "en" if language == "ja" else "ja"
    assert (found["width"], found["scroll"], found["wide"], found["outside"]) == (A4_WIDTH, A4_WIDTH, [], [])
    assert found[other] == 0
    assert int(str(found[language])) > 100
