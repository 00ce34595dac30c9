from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
NOTES_ITS_IMPORT = """
import os
from pathlib import Path

with Path({notes!r}).open("a", encoding="utf-8") as notes:
    notes.write(f"{{os.getpid()}}\\n")


class FilterModule:
    def filters(self):
        return {{"as_it_is": lambda value: value}}
"""
PLAY = """
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - ansible.builtin.debug: {msg: "{{ 'one' | as_it_is }}"}
    - ansible.builtin.debug: {msg: "{{ 'two' | as_it_is }}"}
    - ansible.builtin.debug: {msg: "{{ 'three' | upper }}"}
"""


@pytest.mark.parametrize(("with_preload", "imports"), [(True, 1), (False, 3)])
def test_filters_are_imported_once_for_all_tasks(tmp_path: Path, *, with_preload: bool, imports: int) -> None:
    """Without the callback every worker imports them: once Ansible does this itself, the callback can go."""
    notes = tmp_path / "imports"
    (tmp_path / "filters").mkdir()
    (tmp_path / "filters/noting.py").write_text(NOTES_ITS_IMPORT.format(notes=str(notes)))
    (tmp_path / "play.yml").write_text(PLAY)
    (tmp_path / "ansible.cfg").touch()
    callbacks = str(ROOT / "callback_plugins") if with_preload else str(tmp_path / "none")
    environment = os.environ | {
        "ANSIBLE_CONFIG": str(tmp_path / "ansible.cfg"),
        "ANSIBLE_FILTER_PLUGINS": str(tmp_path / "filters"),
        "ANSIBLE_CALLBACK_PLUGINS": callbacks,
    }
    play = ["ansible-playbook", "-i", "localhost,", "play.yml"]
    done = subprocess.run(play, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(notes.read_text().split()) == imports
