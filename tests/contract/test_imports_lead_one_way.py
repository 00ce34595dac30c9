"""No module of gatekit needs one that needs it, and no room one that needs it: the rooms stand in one order.

Imports for types count too, those inside a function do not. A room is a package right under ``gatekit``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from importlib.util import resolve_name
from pathlib import Path

import pytest

from tests.contract.module_runs import ROOT

type Tree = dict[str, ast.Module]
type Needs = dict[str, set[str]]


def modules(root: Path, package: str) -> Tree:
    """Return the syntax of each module of a package below ``root``, by its full name."""
    trees = {}
    for path in (root / package).rglob("*.py"):
        name = ".".join(path.relative_to(root).with_suffix("").parts)
        trees[name] = ast.parse(path.read_text(encoding="utf-8"))
    return trees


def imported(name: str, tree: Tree) -> Iterator[str]:
    """Yield what a module imports of the same package; of a package's ``__init__`` what the names mean."""
    waiting: list[ast.AST] = [tree[name]]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            yield from (found for one in node.names if (found := _file(one.name, tree)))
        elif isinstance(node, ast.ImportFrom):
            home = name.rpartition(".")[0]
            base = resolve_name("." * node.level + (node.module or ""), home) if node.level else node.module or ""
            for one in node.names:
                found = _file(f"{base}.{one.name}", tree) or _file(base, tree)
                if found and found != name:
                    yield found
        elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            waiting += ast.iter_child_nodes(node)


def _file(module: str, tree: Tree) -> str:
    return next((one for one in (module, f"{module}.__init__") if one in tree), "")


def needs(tree: Tree) -> Needs:
    """Return the modules each module imports."""
    return {name: set(imported(name, tree)) for name in tree}


def between_rooms(tree: Tree) -> Needs:
    """Return the rooms each room imports from; a module right under the package is a room by itself."""
    found: Needs = {}
    for name, others in needs(tree).items():
        room = _room(name)
        found.setdefault(room, set()).update(_room(other) for other in others if _room(other) != room)
    return found


def _room(module: str) -> str:
    return ".".join(module.split(".")[:2])


def circle(graph: Needs) -> list[str]:
    """Return what stands in one circle, the first once more at its end; empty where there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_module_of_gatekit_stands_in_a_circle() -> None:
    tree = modules(ROOT, "gatekit")
    assert len(tree) > 300
    assert circle(needs(tree)) == []


def test_the_rooms_of_gatekit_stand_in_one_order() -> None:
    rooms = between_rooms(modules(ROOT, "gatekit"))
    assert {"gatekit.plan", "gatekit.render", "gatekit.devices", "gatekit.verify"} <= rooms.keys()
    assert circle(rooms) == []


@pytest.mark.parametrize(
    "back",
    [
        "from box import device",
        "from . import device",
        "from .device import Device",
        "import box.device",
        "if TYPE_CHECKING:\n    from box.device import Device",
    ],
)
def test_a_module_that_needs_the_one_that_needs_it_is_found(tmp_path: Path, back: str) -> None:
    (tmp_path / "box").mkdir()
    (tmp_path / "box/__init__.py").touch()
    (tmp_path / "box/device.py").write_text("from box.dialogue import Dialogue\n", encoding="utf-8")
    (tmp_path / "box/dialogue.py").write_text(f"{back}\n", encoding="utf-8")
    assert set(circle(needs(modules(tmp_path, "box")))) == {"box.device", "box.dialogue"}


def test_rooms_that_need_each_other_are_found_although_no_module_does(tmp_path: Path) -> None:
    texts = {"plan/flow.py": "import box.render.text", "render/text.py": "", "render/page.py": "import box.plan.flow"}
    for path, text in texts.items():
        (tmp_path / "box" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "box" / path).write_text(f"{text}\n", encoding="utf-8")
    tree = modules(tmp_path, "box")
    assert circle(needs(tree)) == []
    assert set(circle(between_rooms(tree))) == {"box.plan", "box.render"}
