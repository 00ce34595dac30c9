from __future__ import annotations

import json

import pytest

from gatekit.devices.change.part import kind_of, part_as_json, part_from_json, part_name, unit_of
from gatekit.errors import IntentError
from tests.sites import PATTERNS, example_plan, parts_of


@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_part_goes_through_json_and_back(pattern):
    for name, part in parts_of(example_plan(pattern)).items():
        document = json.loads(json.dumps(part_as_json(part)))
        assert part_from_json(kind_of(part), document, unit_of(part)) == part
        assert part_name(part).startswith(name.split("_")[0])


def test_a_unit_that_the_cpe_does_not_have_is_named():
    document = part_as_json(parts_of(example_plan("pattern1"))["cpe_main"])
    document["units"] = document["units"][:1]
    with pytest.raises(IntentError) as refused:
        part_from_json("cpe", document, "spare")
    assert refused.value.facts == ("GW112", "unit", "spare", "This site's CPE has: main.")


def test_what_is_no_part_is_named_by_its_place():
    document = part_as_json(example_plan("pattern4").l3_switch)
    document["address"] = "nowhere"
    with pytest.raises(IntentError) as refused:
        part_from_json("l3_switch", document)
    assert (refused.value.code, refused.value.path) == ("GW104", "part.address")
