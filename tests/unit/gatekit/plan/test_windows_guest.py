"""Windows' part of the plan: what follows from the site file, and no secret in it."""

from __future__ import annotations

import pytest

from gatekit.plan.windows import IsoImage
from tests.sites import PATTERNS, example_plan
from tests.windows_sites import changed

MEDIA = {"file": "iso/server2025_ja.iso", "sha256": "1" * 64}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_ap_4_windows_is_reached_from_the_maintenance_networks_of_the_flow_matrix(pattern: str) -> None:
    plan = example_plan(pattern)
    controller = plan.address("staging_controller")
    assert [str(network) for network in plan.windows.maintenance_networks] == [
        f"{controller}/32",
        str(plan.data_centre.operations),
    ]


def test_the_media_lie_on_the_hosts_datastore() -> None:
    plan = changed("windows2025", installation_media=MEDIA)
    store = plan.esxi.datastore
    assert plan.windows.installation_media == IsoImage(path=f"[{store}] iso/server2025_ja.iso", sha256="1" * 64)
    assert plan.windows.answer_media == IsoImage(path=f"[{store}] gatekit/vm3-answer.iso", sha256=None)
    assert plan.windows.image == "Windows Server 2025 SERVERSTANDARD"


def test_every_secret_windows_needs_is_asked_of_the_vault_and_none_is_in_the_plan() -> None:
    plan = example_plan()
    names = plan.windows.secrets
    assert set(names) <= set(plan.secrets)
    assert len(set(plan.secrets)) == len(plan.secrets)
    assert names[:3] == ("windows_setup_password", "windows_administrator_password", "windows_operator_password")


def test_the_plan_goes_through_json_and_comes_back() -> None:
    plan = changed(installation_media=MEDIA, tools=[{"path": "t/a.msi", "sha256": "2" * 64, "product_id": "Tool 1"}])
    assert type(plan.windows).model_validate(plan.windows.model_dump(mode="json")) == plan.windows
