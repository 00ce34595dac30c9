"""Run our Ansible modules in this process, as the node would: parameters in, one JSON result out."""

from __future__ import annotations

import importlib.util
import io
import json
from contextlib import redirect_stdout, suppress
from pathlib import Path
from types import ModuleType
from typing import Any

import ansible.module_utils
from ansible.module_utils.testing import patch_module_args

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = sorted((ROOT / "library").glob("[a-z]*.py"))

if str(ROOT / "module_utils") not in ansible.module_utils.__path__:
    ansible.module_utils.__path__.append(str(ROOT / "module_utils"))


def load(path: Path) -> ModuleType:
    """Return the module's code."""
    spec = importlib.util.spec_from_file_location(f"library_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(name: str, arguments: dict[str, Any], *, check: bool = False) -> dict[str, Any]:
    """Return the module's result."""
    module, said = load(ROOT / "library" / f"{name}.py"), io.StringIO()
    parameters = patch_module_args({**arguments, "_ansible_check_mode": check, "_ansible_diff": True})
    with parameters, redirect_stdout(said), suppress(SystemExit):  # which is how a module ends
        module.main()
    result: dict[str, Any] = json.loads(said.getvalue())
    return result
