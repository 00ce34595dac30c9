"""Every rendered file of the example hospitals, to the byte. A case is a folder of inventories/ with goldens here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gatekit.plan.model import Plan
from gatekit.render import frr, guest, squid
from gatekit.render.linux.cpe_files import cpe_files
from gatekit.render.linux.firewall_files import firewall_files
from gatekit.render.linux.host_facts import CpeHostFacts, FirewallHostFacts
from gatekit.render.linux.tunnel import swanctl_conf
from tests.sites import PATTERNS, example_plan

CASES = Path(__file__).parent / "cases"


def plan_by_id(plan: Plan) -> dict[str, Any]:
    """The plan with each device's flows named by id: the matrix itself stands once."""
    document = plan.model_dump(mode="json")
    for part in (document["firewall"], *document["vms"], *([document["cpe"]] if document["cpe"] else [])):
        part["flows"] = [flow["id"] for flow in part["flows"]]
    return document


def rendered(plan: Plan) -> dict[str, str]:
    """Return path -> text of everything we can render for a site today."""
    files = {"plan.json": json.dumps(plan_by_id(plan), ensure_ascii=False, indent=1, sort_keys=True) + "\n"}
    if plan.firewall.product == "linux":
        tunnel = ("xfrm10", 10) if plan.firewall.tunnel else (None, None)
        facts = FirewallHostFacts(untrust="untrust0", dmz="dmz0", trust="trust0", tunnel=tunnel[0], if_id=tunnel[1])
        wall = firewall_files(plan.firewall, facts)
        files |= {f"firewall{file.path}": file.content for file in (wall.rules, *wall.ways, *wall.settled)}
    if plan.cpe is not None and plan.cpe.product == "linux":
        cpe = cpe_files(plan.cpe, CpeHostFacts(lan="lan0", wan="wan0", tunnel="xfrm10", if_id=10))
        files |= {f"cpe{file.path}": file.content for file in (cpe.rules, *cpe.ways, *cpe.settled)}
    files["data_centre/swanctl.conf"] = swanctl_conf(plan.tunnel.mirrored(), if_id=None)
    for vm in plan.vms:
        if vm.guest == "debian13":
            guests = (
                guest.packet_filter(vm),
                *guest.guest_files(vm),
                *guest.guest_names(vm),
                *guest.package_sources(plan.package_source),
            )
            files |= {f"{vm.name}{file.path}": file.content for file in guests if file.state == "present"}
    proxies = (*squid.proxy_files(plan.proxy), *squid.settings_files(plan.proxy))
    files |= {f"vm2{file.path}": file.content for file in proxies if file.state == "present"}
    if plan.l3_switch.product == "frr":
        files["l3_switch/static_route"] = "\n".join(frr.route_lines(plan.l3_switch)) + "\n"
    return files


@pytest.mark.parametrize("name", PATTERNS)
def test_rendered_files_equal_their_goldens(name: str, refresh: bool) -> None:
    folder = CASES / name
    files = rendered(example_plan(name))
    if refresh:
        for old in folder.rglob("*"):
            if old.is_file() and str(old.relative_to(folder)) not in files:
                old.unlink()
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(text.encode())
    found = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    assert sorted(found) == sorted(files)
    for path, text in files.items():
        assert found[path].read_bytes().decode() == text, path


@pytest.mark.parametrize("name", PATTERNS)
def test_rendering_twice_gives_the_same_bytes(name: str) -> None:
    assert rendered(example_plan(name)) == rendered(example_plan.__wrapped__(name))


@pytest.mark.parametrize("name", PATTERNS)
def test_no_rendered_file_holds_a_secret_only_its_name(name: str) -> None:
    plan = example_plan(name)
    texts = rendered(plan)
    assert not any("PRIVATE KEY" in text for text in texts.values())
    assert "<secret vpn_psk>" in "".join(texts.values())
