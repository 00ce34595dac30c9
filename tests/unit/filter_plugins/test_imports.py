"""What the filters bring along: every ansible-playbook loads all of them before its first task."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.sites import ROOT

LOADED = """
import importlib.util, json, pathlib, sys
for path in sorted(pathlib.Path("filter_plugins").glob("*.py")):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
print(json.dumps(sorted(sys.modules)))
"""
DIALOGUES = {"netmiko", "paramiko", "asyncssh"}
"""Libraries that talk to devices, some tenths of a second each: the modules' business alone."""


def test_the_filters_load_without_the_libraries_that_talk_to_devices() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = json.loads(done.stdout)
    assert "gatekit.verify.cpe_records" in loaded
    assert DIALOGUES.intersection(loaded) == set()
