"""Places in the file, seen through the models."""

from __future__ import annotations

from gatekit.intent.places import choices_at, description_at, keys_at, without_tags
from gatekit.intent.site import Site


def test_tags_of_unions_are_not_part_of_the_place() -> None:
    assert without_tags(Site, ("vpn", "4", "line", "kind")) == ("vpn", "line", "kind")
    assert without_tags(Site, ("boundary", "vlan", "vlan_id")) == ("boundary", "vlan_id")


def test_tag_and_key_of_one_name_are_told_apart() -> None:
    assert without_tags(Site, ("boundary", "vlan", "vlan")) == ("boundary", "vlan")


def test_index_is_part_of_the_place() -> None:
    assert without_tags(Site, ("networks", 1, "name")) == ("networks", 1, "name")


def test_keys_are_those_of_the_kind_that_was_chosen() -> None:
    assert keys_at(Site, ("boundary", "vlan")) == ("kind", "vlan_id")
    assert keys_at(Site, ("vpn", "2", "cpe")) == ("product", "ports", "unit")
    assert keys_at(Site, ("staff_file",)) == ("path", "sha256")
    assert keys_at(Site, ("hospital", "id")) == ()
    assert keys_at(Site, ("nowhere", "at", "all")) == ()


def test_description_is_the_models() -> None:
    assert description_at(Site, ("dmz", "network")) == "Assigned by us, 10.16X.XXX.0/24."
    assert description_at(Site, ("dmz", "netwrok")) == ""


def test_choices_are_the_values_that_choose_a_kind() -> None:
    assert choices_at(Site, ("vpn",), "pattern") == ("1", "2", "3", "4")
    assert choices_at(Site, ("uploads",), "to") == ("nowhere", "storage_service", "gateway")
    assert choices_at(Site, ("dmz",), "kind") == ()
