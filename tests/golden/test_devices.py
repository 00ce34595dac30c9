"""Every vendor's configuration for the example sites, to the byte; a new product is a new file by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekit.devices.platforms import platform_of
from gatekit.plan.network_device import Part
from tests.contract.test_platforms_keep_their_promises import SUPPORTED, parts_for

FOLDER = Path(__file__).parent / "devices"
RENDERED: dict[str, tuple[str, Part]] = {
    f"{row.name}/{name.removeprefix(row.name + '-')}.txt": (row.name, part)
    for row in SUPPORTED
    for name, part in parts_for(row)
}


def test_the_folder_holds_one_golden_for_each_part(refresh: bool) -> None:
    found = {str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.txt")}
    for name in (found - set(RENDERED)) if refresh else ():
        (FOLDER / name).unlink()
    assert found == set(RENDERED) or refresh


@pytest.mark.parametrize("name", sorted(RENDERED))
def test_a_vendors_configuration_equals_its_golden(name: str, refresh: bool) -> None:
    product, part = RENDERED[name]
    text = platform_of(product).render(part)
    if refresh:
        (FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / name).write_text(text, encoding="utf-8")
    assert (FOLDER / name).read_text(encoding="utf-8") == text
