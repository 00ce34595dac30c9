"""The catalogue: product facts as data (vendor reference 0.2)."""

from __future__ import annotations

from importlib import resources

import pytest
from pydantic import ValidationError

from gatekit.catalogue import Product, products


def test_every_file_is_named_after_its_product() -> None:
    folder = resources.files("gatekit.catalogue") / "products"
    assert sorted(entry.name.removesuffix(".yml") for entry in folder.iterdir()) == list(products())


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("firewall", {"linux", "juniper_srx", "fortigate"}),
        ("cpe", {"linux", "nec_ix", "yamaha_rtx", "cisco_iosxe"}),
        ("l3_switch", {"frr", "cisco_ios", "alaxala_ax", "comware", "alliedware_plus", "juniper_ex", "aos_cx"}),
    ],
)
def test_each_role_has_exactly_the_products_of_the_design(role: str, expected: set[str]) -> None:
    assert {name for name, product in products().items() if role in product.roles} == expected


def test_only_what_is_proved_by_the_real_software_is_tier_1() -> None:
    assert {name for name, product in products().items() if product.tier == 1} == {"linux", "frr"}


@pytest.mark.parametrize("name", ["nec_ix", "yamaha_rtx"])
def test_boxes_without_ecp_groups_never_reach_high(name: str) -> None:
    assert products()[name].suites == ("BASE",)
    assert not {19, 20} & set(products()[name].dh_groups)


def test_high_is_claimed_only_with_gcm_and_group_20() -> None:
    for product in products().values():
        if "HIGH" in product.suites:
            assert "aes256-gcm16" in product.encryption
            assert 20 in product.dh_groups


def test_what_ends_tunnels_has_crypto_facts_and_nothing_else_has() -> None:
    for product in products().values():
        ends_tunnels = bool(product.roles & {"firewall", "cpe"})
        assert bool(product.suites) is bool(product.dh_groups) is bool(product.encryption) is ends_tunnels
        assert list(product.dh_groups) == sorted(product.dh_groups)


def test_every_product_names_source_and_firmware() -> None:
    assert [product.name for product in products().values() if not (product.source and product.firmware)] == []


def test_an_unknown_fact_is_refused() -> None:
    with pytest.raises(ValidationError):
        Product.model_validate({**products()["frr"].model_dump(), "speed": "fast"})
