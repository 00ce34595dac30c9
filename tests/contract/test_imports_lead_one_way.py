"""No module of gatekit needs one that needs it: imports for types count too, those inside a function do not."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from importlib.util import resolve_name
from pathlib import Path

import pytest

from tests.contract.module_runs import ROOT

type Tree = dict[str, ast.Module]


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


def circle(tree: Tree) -> list[str]:
    """Return the modules of one circle, the first once more at its end; empty where there is none."""
    try:
        TopologicalSorter({name: set(imported(name, tree)) for name in tree}).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_module_of_gatekit_stands_in_a_circle() -> None:
    tree = modules(ROOT, "gatekit")
    assert len(tree) > 300
    assert circle(tree) == []


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
    assert set(circle(modules(tmp_path, "box"))) == {"box.device", "box.dialogue"}
