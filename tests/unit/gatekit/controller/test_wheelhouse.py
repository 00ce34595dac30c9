from __future__ import annotations

import base64
import hashlib
import io
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from gatekit.controller import wheelhouse
from gatekit.controller.pure_wheel import pure_wheel
from gatekit.errors import DeviceError

pytestmark = pytest.mark.peer

ROOT = Path(__file__).resolve().parents[4]
LOCKED = (ROOT / wheelhouse.REQUIREMENTS).read_text()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A checkout with our code and a lock whose wheels lie in the cache already: no index is asked."""
    (tmp_path / "requirements").mkdir()
    (tmp_path / wheelhouse.REQUIREMENTS).write_text("one==1.0 --hash=sha256:00\n")
    (tmp_path / "gatekit").symlink_to(ROOT / "gatekit")
    digest = hashlib.sha256(b"one==1.0 --hash=sha256:00\n").hexdigest()[:12]
    (tmp_path / f"cache/wheels-{digest}").mkdir(parents=True)
    (tmp_path / f"cache/wheels-{digest}/one-1.0-py3-none-any.whl").write_bytes(b"wheel")
    return tmp_path


def test_bundle_is_made_once_and_holds_every_wheel_with_its_hash(project: Path) -> None:
    first, second = (wheelhouse.make_bundle(project, project / "cache") for _ in range(2))
    assert (first.built, second.built) == (True, False)
    assert (first.path, first.digest) == (second.path, second.digest)
    with tarfile.open(first.path) as archive:
        names = archive.getnames()
        requirements = archive.extractfile("requirements.txt")
        ours = archive.extractfile("wheels/gatekit-0.1.0-py3-none-any.whl")
        assert requirements is not None
        assert ours is not None
        listed, digest = requirements.read().decode(), hashlib.sha256(ours.read()).hexdigest()
    assert names == ["requirements.txt", "wheels/gatekit-0.1.0-py3-none-any.whl", "wheels/one-1.0-py3-none-any.whl"]
    assert listed == f"one==1.0 --hash=sha256:00\ngatekit==0.1.0 --hash=sha256:{digest}\n"


def test_other_requirements_make_another_bundle_and_the_old_one_goes(project: Path) -> None:
    old = wheelhouse.make_bundle(project, project / "cache")
    text = "one==1.0 --hash=sha256:00\n# again\n"
    (project / wheelhouse.REQUIREMENTS).write_text(text)
    (project / f"cache/wheels-{hashlib.sha256(text.encode()).hexdigest()[:12]}").mkdir()
    new = wheelhouse.make_bundle(project, project / "cache")
    assert new.digest != old.digest
    assert not Path(old.path).exists()


def test_wheels_that_cannot_be_had_are_an_error_and_leave_nothing(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = subprocess.CompletedProcess[str]([], 1, "", "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES")
    monkeypatch.setattr(wheelhouse.subprocess, "run", lambda *_, **__: refused)
    (project / wheelhouse.REQUIREMENTS).write_text("two==2.0 --hash=sha256:11\n")
    with pytest.raises(DeviceError) as caught:
        wheelhouse.make_bundle(project, project / "cache")
    assert caught.value.facts[:3] == ("GW424", "controller.wheelhouse", refused.stderr)
    assert [path.name for path in (project / "cache").iterdir()] == [next((project / "cache").glob("wheels-*")).name]


def test_our_wheel_is_enough_for_the_daemon_and_has_nothing_of_the_controller(tmp_path: Path) -> None:
    """Imported from the wheel alone: what the checkout has beside it cannot help."""
    wheel = tmp_path / "gatekit-0.1.0-py3-none-any.whl"
    wheel.write_bytes(wheelhouse.our_wheel(ROOT))
    check = (
        "import sys; sys.path.insert(0, sys.argv[1]); import gatekit.pacs_gateway.daemon, gatekit.pacs_gateway.cli;"
        "import gatekit.dicom.synchronise; assert gatekit.__file__.startswith(sys.argv[1]), gatekit.__file__;"
        "print(sorted(set(sys.modules) & {'ansible', 'pyVmomi', 'yaml', 'jinja2', 'gatekit.intent', 'gatekit.render'}))"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", check, str(wheel)],
        capture_output=True,
        text=True,
        check=False,
        env={},
        cwd=tmp_path,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr


def test_our_wheel_is_the_same_bytes_for_the_same_checkout() -> None:
    assert wheelhouse.our_wheel(ROOT) == wheelhouse.our_wheel(ROOT)


def test_wheel_lists_every_file_with_its_hash_and_its_commands() -> None:
    with zipfile.ZipFile(io.BytesIO(pure_wheel("a", "1", {"a/b.py": b"x = 1\n"}, {"do": "a.b:c"}))) as archive:
        assert archive.read("a-1.dist-info/entry_points.txt") == b"[console_scripts]\ndo = a.b:c\n"
        record = archive.read("a-1.dist-info/RECORD").decode().splitlines()
    digest = base64.urlsafe_b64encode(hashlib.sha256(b"x = 1\n").digest()).decode().rstrip("=")
    assert record[0] == f"a/b.py,sha256={digest},6"
    assert record[-1] == "a-1.dist-info/RECORD,,"
    assert len(record) == 5


def test_lock_names_no_index_and_pins_every_package_with_a_hash() -> None:
    assert "://" not in LOCKED
    pinned = re.findall(r"^([\w\[\],-]+)==", LOCKED, re.MULTILINE)
    assert {"fastapi", "uvicorn", "psycopg", "psycopg-binary", "prometheus-client", "pynetdicom"} <= set(pinned)
    assert all(
        f"{name}==" in LOCKED and "--hash=sha256:" in LOCKED.split(f"\n{name}==")[1].split("\n")[1] for name in pinned
    )
