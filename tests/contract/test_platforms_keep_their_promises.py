"""Every network product of the catalogue that is called supported finds itself here; nobody lists it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from gatekit.catalogue import products
from gatekit.catalogue.loader import Product
from gatekit.devices.change.meaning import meaning_of
from gatekit.devices.change.part import kind_of
from gatekit.devices.platforms import platform_of
from gatekit.plan.network_device import Part
from tests.sites import PATTERNS, example_plan, parts_of, vendor_plan
from tests.unit.gatekit.devices import safety
from tests.unit.gatekit.render.mutated import KINDS, mutated

ROOT = Path(__file__).resolve().parents[2]
SUPPORTED = [row for row in products().values() if row.supported and not row.changed_on_host]


def parts_for(product: Product) -> Iterator[tuple[str, Part]]:
    """Yield every part of the example sites that this product may have to be."""
    names = PATTERNS if "firewall" in product.roles else (None,)
    for name in names:
        for role, part in parts_of(vendor_plan(product.name, name)).items():
            if role.removesuffix("_main").removesuffix("_spare") in product.roles:
                yield f"{product.name}-{name or 'site'}-{role}", part


PARTS = [pytest.param(row.name, part, id=name) for row in SUPPORTED for name, part in parts_for(row)]
every_part = pytest.mark.parametrize(("product", "part"), PARTS)


def test_every_product_of_the_catalogue_is_supported() -> None:
    assert [row.name for row in products().values() if not row.supported] == []


@every_part
def test_what_is_rendered_means_what_the_plan_says_and_nothing_else(product: str, part: Part) -> None:
    platform = platform_of(product)
    assert platform.meaning(platform.render(part), part) == meaning_of(part)


@every_part
def test_the_same_part_gives_the_same_text_and_no_secret_is_in_it(product: str, part: Part) -> None:
    platform = platform_of(product)
    copied = dataclasses.replace(part) if dataclasses.is_dataclass(part) else part.model_copy(deep=True)
    assert platform.render(part) == platform.render(copied)


@pytest.mark.parametrize("platform", sorted({row.platform for row in SUPPORTED}))
def test_a_platform_has_one_folder_of_its_name_in_each_place(platform: str) -> None:
    for place in ("gatekit/render", "gatekit/devices", "gatekit/simulators"):
        assert (ROOT / place / platform / "__init__.py").is_file(), place
    for place in ("gatekit/render", "gatekit/devices", "gatekit/simulators"):
        assert list((ROOT / "tests/unit" / place / platform).glob("test_*.py")), place
    assert (ROOT / "gatekit/simulators" / platform / "words.py").is_file()


@pytest.mark.parametrize("product", [row.name for row in products().values() if row.tier == 2])
def test_a_product_without_packets_names_what_nobody_verified(product: str) -> None:
    assert products()[product].unverified


def test_every_part_of_every_product_has_a_row_in_the_safety_suite() -> None:
    wanted = {(product.platform, role) for product in SUPPORTED for role in product.roles}
    assert {(row.platform.name, kind_of(row.part)) for row in safety.rows().values()} == wanted
    assert [name for name, row in safety.rows().items() if len(row.cuts) < 3] == []


def test_every_part_of_every_product_has_a_table_of_mutations() -> None:
    wanted = {f"{product.platform} {role}" for product in products().values() for role in product.roles}
    assert set(mutated()) == wanted


@pytest.mark.parametrize("part", mutated())
def test_every_kind_of_mutation_is_tried_or_said_not_to_apply(part: str) -> None:
    table = mutated()[part]
    assert {*table.of_kind, *table.lacks} == set(KINDS)
    assert not table.of_kind.keys() & table.lacks.keys()
    assert set(table.of_kind.values()) <= table.changes.keys()
    assert set(table.found) <= table.changes.keys()


def test_every_example_site_uses_products_with_packets() -> None:
    for name in PATTERNS:
        plan = example_plan(name)
        used = {plan.firewall.product, plan.cpe.product if plan.cpe else "linux"}
        assert used <= {"linux"}
