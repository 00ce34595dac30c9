"""The error tree: facts for tests, a sentence for people, codes from one table."""

from __future__ import annotations

import re

import pytest

from gatekit import errors
from gatekit.codes import CODES
from gatekit.errors import GatekitError, IntentError, IntentRefused, PlanError

TREE = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, GatekitError)]
FACTS = ("GW110", "pacs[0].ae_title", "A" * 17, "Use 1 to 16 characters.")


def test_error_carries_its_facts() -> None:
    assert IntentError(*FACTS).facts == FACTS


def test_error_reads_as_a_sentence_with_place_value_fix_and_code() -> None:
    sentence = "pacs[0].ae_title: 'AAAAAAAAAAAAAAAAA' is not usable. Use 1 to 16 characters. [GW110]"
    assert str(IntentError(*FACTS)) == sentence


@pytest.mark.parametrize("code", [pytest.param("GW999", id="unknown"), pytest.param("GW201", id="of-another-branch")])
def test_error_takes_only_codes_of_its_branch(code: str) -> None:
    with pytest.raises(ValueError, match=rf"^{code} is not a code of IntentError; see gatekit/codes\.py$"):
        IntentError(code, "a", "b", "c")


def test_every_branch_owns_a_block_and_every_code_belongs_to_one_branch() -> None:
    prefixes = [kind.prefix for kind in TREE if kind is not GatekitError]
    assert len(prefixes) == len(set(prefixes))
    assert not [code for code in CODES if sum(code.startswith(prefix) for prefix in prefixes) != 1]


def test_codes_are_ascending_and_their_meaning_is_a_sentence() -> None:
    assert list(CODES) == sorted(CODES)
    assert not [code for code in CODES if not re.fullmatch(r"GW[1-7]\d\d", code)]
    assert not [text for text in CODES.values() if not re.fullmatch(r"[A-Z].+\.", text)]


def test_branches_are_told_apart_by_except() -> None:
    assert not issubclass(PlanError, IntentError)
    assert issubclass(PlanError, GatekitError)


def test_refusal_holds_every_error_in_order_and_prints_one_a_line() -> None:
    first, second = IntentError("GW104", "a", 1, "Write text."), IntentError("GW105", "b", 2, "Use 1 or less.")
    refused = IntentRefused(iter([first, second]))
    assert tuple(refused) == refused.errors == (first, second)
    assert str(refused).splitlines() == [str(first), str(second)]
