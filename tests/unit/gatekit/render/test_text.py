from __future__ import annotations

import re
from pathlib import Path

import jinja2
import pytest

import gatekit.render
from gatekit.errors import RenderError
from gatekit.render import text

TEMPLATES = sorted(Path(gatekit.render.__file__).parent.glob("*/templates/*.j2"))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: f"{path.parent.parent.name}/{path.name}")
def test_template_does_not_turn_a_wrong_name_into_silence(template: Path) -> None:
    source = template.read_text(encoding="utf-8")
    assert re.findall(r"\bdefault\(|\bis (?:not )?defined\b|\|\s*d\(", source) == []


def test_wrong_name_in_a_template_is_an_error_with_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    loader = jinja2.DictLoader({"x.j2": "{{ vm.adress }}"})
    broken = jinja2.Environment(loader=loader, undefined=jinja2.StrictUndefined)  # noqa: S701 - no HTML
    monkeypatch.setattr(text, "environment", lambda _product: broken)
    with pytest.raises(RenderError) as caught:
        text.render("guest", "x.j2", vm={})
    assert caught.value.facts == (
        "GW302",
        "render.guest.x.j2",
        "'dict object' has no attribute 'adress'",
        "The template and the plan disagree; correct the template.",
    )


def test_file_set_entries_are_what_the_module_takes() -> None:
    entry = text.as_file_set([text.RenderedFile(path="/x", content="y")])[0]
    assert entry == {
        "path": "/x",
        "content": "y",
        "mode": "0644",
        "owner": "root",
        "group": "root",
        "state": "present",
        "checker": "",
        "checked_with": "",
    }
