"""Every platform that is there fulfils the contract, and one that is not breaks no other."""

from __future__ import annotations

import pytest

from gatekit.catalogue import products
from gatekit.devices.platforms import platform_named, platform_names, platform_of
from gatekit.errors import RenderError

MEMBERS = (
    "name",
    "undo",
    "refusals",
    "connect",
    "prepare",
    "render",
    "observe",
    "change_set",
    "meaning",
    "transaction",
)
STEPS = ("arm", "push", "activate", "keep", "undo", "wait_for_timer_s")


@pytest.mark.parametrize("name", platform_names())
def test_each_platform_bears_its_own_name_and_the_whole_contract(name):
    platform = platform_named(name)
    assert platform.name == name
    assert [member for member in MEMBERS if not hasattr(platform, member)] == []
    assert [step for step in STEPS if not hasattr(platform.transaction(), step)] == []


def test_each_supported_product_has_its_platform():
    missing = [
        product.name
        for product in products().values()
        if product.supported and product.platform not in {*platform_names(), "linux", "frr"}
    ]
    assert missing == []


@pytest.mark.parametrize("name", ["linux", "os", "../esxi"])
def test_what_is_no_platform_of_the_engine_is_refused(name):
    with pytest.raises(RenderError) as refused:
        platform_named(name)
    assert refused.value.facts[:3] == ("GW301", "platform", name)


def test_an_unknown_product_is_refused():
    with pytest.raises(RenderError) as refused:
        platform_of("no_such_box")
    assert refused.value.facts[:3] == ("GW301", "product", "no_such_box")
