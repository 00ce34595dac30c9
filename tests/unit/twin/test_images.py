"""A tag follows from what is in the image; the mirror from what the roles install; messages from their lines."""

from __future__ import annotations

import io
import runpy
import shutil
from pathlib import Path

import pytest

from twin.__main__ import parser
from twin.folders import IMAGES
from twin.image_catalogue import DERIVED, Image, recipe
from twin.mirror import mirror_folder, wanted_packages
from twin.naming import interface_name
from twin.progress import Progress, in_parallel


@pytest.fixture
def recipes(tmp_path: Path) -> Path:
    shutil.copytree(IMAGES, tmp_path / "images", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "images"


def test_the_same_recipe_gives_the_same_tag(recipes: Path) -> None:
    assert {one: recipe(one, b"key", recipes).tag for one in DERIVED} == {
        one: recipe(one, b"key").tag for one in DERIVED
    }


def test_a_changed_file_changes_its_image_alone(recipes: Path) -> None:
    before = {one: recipe(one, b"key", recipes).tag for one in Image}
    (recipes / "pacs" / "load_dicom.py").write_text("changed")
    assert {one for one in Image if recipe(one, b"key", recipes).tag != before[one]} == {Image.PACS}


def test_a_changed_base_changes_every_image(recipes: Path) -> None:
    before = {one: recipe(one, b"key", recipes).tag for one in Image}
    (recipes / "base" / "packages").write_text("systemd\n")
    assert {one for one in Image if recipe(one, b"key", recipes).tag != before[one]} == set(Image)


def test_another_mirror_key_changes_what_trusts_it() -> None:
    assert {one for one in Image if recipe(one, b"a").tag != recipe(one, b"b").tag} == set(DERIVED)


def test_every_image_has_a_recipe_and_names_no_registry() -> None:
    for one in Image:
        assert (IMAGES / one).is_dir()
    for path in IMAGES.rglob("Containerfile"):
        assert "FROM ${BASE}" in path.read_text()
        assert "://" not in path.read_text()


def test_the_mirror_holds_what_roles_list_and_only_lists_of_packages(tmp_path: Path) -> None:
    for role, text in {
        "one": "__one_packages: [alpha, beta]\n__one_units: [alpha.service]\n",
        "two": "__two_packages: [beta, gamma]\ntwo_packages: [public]\n",
    }.items():
        (tmp_path / role / "vars").mkdir(parents=True)
        (tmp_path / role / "vars" / "main.yml").write_text(text)
    own = set((IMAGES / "builder" / "mirror_packages").read_text().split())
    assert set(wanted_packages(tmp_path)) - own == {"alpha", "beta", "gamma"}


def test_another_list_is_another_mirror() -> None:
    assert mirror_folder(["squid"], "base") == mirror_folder(["squid"], "base")
    assert mirror_folder(["squid"], "base") != mirror_folder(["squid", "curl"], "base")


def test_a_base_image_that_was_built_again_gets_a_mirror_of_its_own() -> None:
    """Its libraries may be newer than what the mirror's packages were made against."""
    assert mirror_folder(["squid"], "base of today") != mirror_folder(["squid"], "base of yesterday")


def test_an_interface_name_fits_the_kernel() -> None:
    assert interface_name("departments") == "departments0"
    with pytest.raises(ValueError, match="too long"):
        interface_name("departmental_net")


def test_a_progress_line_begins_with_the_elapsed_seconds() -> None:
    ticks = iter([10.0, 13.25])
    out = io.StringIO()
    Progress(stream=out, clock=lambda: next(ticks)).say("ready")
    assert out.getvalue() == "[   3.2 s] ready\n"


def test_the_first_failure_of_parallel_tasks_is_raised_after_all_have_ended() -> None:
    done: list[str] = []

    def fail() -> None:
        raise ValueError("first")

    with pytest.raises(ValueError, match=r"^first$"):
        in_parallel([fail, lambda: done.append("second")], 1)
    assert done == ["second"]


@pytest.mark.parametrize(
    ("message", "verdict"),
    [
        pytest.param(b"MSH|^~\\&|GW|H|EMR|H|20260101||ADT^A01|77|P|2.5\rPID|1", b"MSA|AA|77", id="accepted"),
        pytest.param(b"PID|1|2", b"MSA|AR|", id="no-header"),
        pytest.param(b"MSH|^~\\&|GW", b"MSA|AR|", id="short-header"),
    ],
)
def test_in_1_the_hl7_listener_acknowledges_by_control_id(message: bytes, verdict: bytes) -> None:
    listener = runpy.run_path(str(IMAGES / "terminal" / "hl7_listener.py"), run_name="hl7_listener")
    reply: bytes = listener["acknowledgement"](message)
    assert reply.split(b"\r")[1] == verdict
    assert reply.startswith(b"MSH|^~\\&|")


def test_the_command_line_knows_its_verbs() -> None:
    arguments = parser().parse_args(["cable", "cut", "firewall", "untrust", "--site", "pattern4"])
    assert (arguments.action, arguments.host, arguments.network, arguments.site) == (
        "cut",
        "firewall",
        "untrust",
        "pattern4",
    )
