"""What every CPE product brings, and how a unit's owner is told."""

from __future__ import annotations

import re

import pytest

from gatekit.catalogue import products
from gatekit.devices.commissioning.factory import Condition, factory_of, owner_of
from gatekit.devices.commissioning.unit_folder import UnitFolder, pinned_at_first_contact
from gatekit.errors import IntentError
from tests.unit.gatekit.devices.commissioning.bench import part_of

CPE_PRODUCTS = sorted(
    row.name for row in products().values() if "cpe" in row.roles and row.supported and not row.changed_on_host
)
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAbc"


def test_there_are_products_to_judge() -> None:
    assert CPE_PRODUCTS == ["cisco_iosxe", "nec_ix", "yamaha_rtx"]


@pytest.mark.parametrize("product", CPE_PRODUCTS)
def test_every_cpe_product_can_be_commissioned_and_says_what_of_it_nobody_verified(product: str) -> None:
    facts = products()[product]
    assert re.compile(factory_of(facts.platform).waiting)
    assert [line for line in facts.unverified if "factory" in line.lower()], product


@pytest.mark.parametrize(
    ("line", "owner"),
    [
        ("hostname {main}", Condition.OURS),
        ("hostname {main}-old", Condition.FOREIGN),
        ("hostname other-site", Condition.FOREIGN),
        ("description of {main}", Condition.FOREIGN),
        ("", Condition.FOREIGN),
    ],
)
def test_only_the_whole_line_of_one_of_the_sites_host_names_makes_a_unit_ours(line: str, owner: Condition) -> None:
    part = part_of("nec_ix")
    text = f"ip route default 10.0.0.1\n{line.format(main=part.unit.host_name)}\n"
    assert owner_of(text, part, mark="hostname ") is owner


def test_a_unit_of_the_same_site_is_ours_in_either_role() -> None:
    main, spare = (part_of("cisco_iosxe", "pattern1", role) for role in ("main", "spare"))
    assert owner_of(f"hostname {main.unit.host_name}\n", spare, mark="hostname ") is Condition.OURS


@pytest.mark.parametrize("serial", ["", "../cpe", "a b", "-x", "x" * 65])
def test_a_serial_number_that_is_no_file_name_is_refused(serial: str, tmp_path) -> None:
    with pytest.raises(IntentError) as refused:
        UnitFolder(tmp_path, serial)
    assert refused.value.facts[:3] == ("GW104", "unit.serial", serial)


def test_a_pinned_key_is_found_by_the_inventory_until_it_is_forgotten(tmp_path) -> None:
    part = part_of("cisco_iosxe", "pattern1", "spare")
    facts = {"cpe_plan": part.plan.model_dump(mode="json"), "gatekit_build": str(tmp_path)}
    folder = UnitFolder(tmp_path, part.unit.serial)
    assert pinned_at_first_contact("cpe_spare", facts) == ""
    folder.pin(KEY, "10.161.252.5", 22)
    assert pinned_at_first_contact("cpe_spare", facts) == KEY
    assert pinned_at_first_contact("cpe", facts) == ""
    assert pinned_at_first_contact("firewall", {}) == ""
    assert folder.known_hosts.read_text() == f"10.161.252.5 {KEY}\n"
    folder.forget_key()
    assert (folder.host_key, folder.known_hosts.exists()) == ("", False)
