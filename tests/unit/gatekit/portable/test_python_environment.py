from __future__ import annotations

import sys
from pathlib import Path

import pytest

from gatekit.controller.pure_wheel import pure_wheel
from gatekit.controller.wheelhouse import tar
from gatekit.portable.errors import NodeError
from gatekit.portable.python_environment import EnvironmentSpec, apply, plan

pytestmark = pytest.mark.peer


def bundle(folder: Path, *, text: bytes = b"print('hello')\n", digest: str = "") -> Path:
    """Return a bundle with one package; ``digest`` is a wrong hash."""
    import hashlib  # noqa: PLC0415 - here only

    wheel = pure_wheel("one", "1", {"one.py": text}, {})
    hashed = digest or hashlib.sha256(wheel).hexdigest()
    wanted = f"one==1 --hash=sha256:{hashed}\n".encode()
    path = folder / "bundle.tar"
    path.write_bytes(tar({"wheels/one-1-py3-none-any.whl": wheel, "requirements.txt": wanted}))
    return path


def spec(folder: Path, digest: str, path: Path) -> EnvironmentSpec:
    return EnvironmentSpec(str(folder / "service"), digest, str(path), sys.executable)


def test_environment_is_installed_linked_and_then_left_alone(tmp_path: Path) -> None:
    path = bundle(tmp_path)
    wanted = spec(tmp_path, "a" * 64, path)
    change = plan(wanted)
    assert change.changed
    assert not (tmp_path / "service").exists(), "planning touched something"
    apply(change)
    assert (tmp_path / "service").resolve() == tmp_path / "service-aaaaaaaaaaaa"
    assert list(tmp_path.glob("service/lib/python*/site-packages/one.py"))
    assert not path.exists()
    assert not plan(wanted).changed
    assert [entry.name for entry in tmp_path.iterdir() if entry.name.startswith(".wheels")] == []


def test_environment_that_was_not_finished_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "service-aaaaaaaaaaaa").mkdir()
    (tmp_path / "service-aaaaaaaaaaaa/rest-of-a-killed-run").touch()
    apply(plan(spec(tmp_path, "a" * 64, bundle(tmp_path))))
    assert not (tmp_path / "service/rest-of-a-killed-run").exists()


def test_one_environment_before_is_kept_and_its_marker_is_new_when_it_comes_back(tmp_path: Path) -> None:
    for letter in "abc":
        apply(plan(spec(tmp_path, letter * 64, bundle(tmp_path))))
    assert sorted(path.name[-1] for path in tmp_path.glob("service-*")) == ["b", "c"]
    before = (tmp_path / "service-bbbbbbbbbbbb/complete").stat().st_mtime_ns
    back = plan(spec(tmp_path, "b" * 64, tmp_path / "absent"))
    assert not back.install
    apply(back)
    assert (tmp_path / "service").resolve().name == "service-bbbbbbbbbbbb"
    assert (tmp_path / "service/complete").stat().st_mtime_ns > before


def test_wheel_with_another_hash_is_not_installed_and_the_link_stays(tmp_path: Path) -> None:
    apply(plan(spec(tmp_path, "a" * 64, bundle(tmp_path))))
    with pytest.raises(NodeError) as caught:
        apply(plan(spec(tmp_path, "b" * 64, bundle(tmp_path, digest="0" * 64))))
    assert caught.value.facts[:2] == ("GW424", "python_environment")
    assert "HASHES" in str(caught.value.value)
    assert (tmp_path / "service").resolve().name == "service-aaaaaaaaaaaa"


def test_bundle_that_was_not_copied_is_named(tmp_path: Path) -> None:
    with pytest.raises(NodeError) as caught:
        apply(plan(spec(tmp_path, "a" * 64, tmp_path / "absent.tar")))
    assert caught.value.facts[:3] == ("GW407", "python_environment.bundle", str(tmp_path / "absent.tar"))


def test_something_else_at_the_link_s_place_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "service").mkdir()
    with pytest.raises(NodeError) as caught:
        apply(plan(spec(tmp_path, "a" * 64, bundle(tmp_path))))
    assert caught.value.facts[:2] == ("GW418", "python_environment.root")
