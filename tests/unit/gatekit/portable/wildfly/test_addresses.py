from __future__ import annotations

import pytest

from gatekit.portable.errors import NodeError
from gatekit.portable.wildfly.addresses import found_at, parse_address, wire


def test_address_is_read_as_the_command_line_writes_it() -> None:
    address = parse_address("/subsystem=undertow/server=default-server/host=default-host/location=\\/")
    assert address == (
        ("subsystem", "undertow"),
        ("server", "default-server"),
        ("host", "default-host"),
        ("location", "/"),
    )
    assert wire(address)[-1] == {"location": "/"}
    assert parse_address("/") == ()


@pytest.mark.parametrize("text", ["", "subsystem=io", "/subsystem", "/subsystem=", "/a=b/", "/a=b c/=d"])
def test_other_forms_are_refused(text: str) -> None:
    with pytest.raises(NodeError) as refused:
        parse_address(text)
    assert refused.value.facts == ("GW104", "wish.address", text, "Write it as /type=name/type=name.")


def test_resource_without_attributes_is_there_and_a_type_without_children_is_not() -> None:
    model = {"subsystem": {"jdr": {}, "logging": {"logger": None}}}
    assert found_at(model, parse_address("/subsystem=jdr")) == {}
    assert found_at(model, parse_address("/subsystem=logging/logger=x")) is None
    assert found_at(model, parse_address("/subsystem=none")) is None
