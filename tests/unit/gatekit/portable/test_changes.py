import pytest

from gatekit.portable.changes import Change


def test_change_has_no_truth_value() -> None:
    with pytest.raises(TypeError, match=r"^a Change has no truth value; ask for \.changed$"):
        bool(Change({}, {}))


def test_diff_is_independent_of_the_order_of_keys() -> None:
    assert Change({"a": 1, "b": 2}, {}).diff() == Change({"b": 2, "a": 1}, {}).diff()


def test_equal_states_are_no_change() -> None:
    assert not Change({"a": 1}, {"a": 1}).changed
    assert Change({"a": 1}, {"a": 2}).changed
