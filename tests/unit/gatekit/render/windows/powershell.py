"""PowerShell without Windows: what tree-sitter reads, and each command against the list of what we use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import tree_sitter
import tree_sitter_powershell
import yaml

ALLOWED: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "powershell_commands.yml").read_text(encoding="utf-8")
)
WRITES = re.compile(
    r"(Set|New|Remove|Restart|Start|Stop|Disable|Import)-(?!StrictMode)"
    r"|& (secedit.exe /configure|auditpol.exe /set|icacls)|\$store.Add|\[System.IO.File\]::WriteAllBytes"
)
EVERYWHERE = {"ErrorAction"}
DEFINED = re.compile(rb"^function ([A-Za-z-]+) \{\n(?:    param\(([^)]*)\)\n)?", re.MULTILINE)


@cache
def _parser() -> tree_sitter.Parser:
    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))


def faults(script: bytes) -> list[str]:
    """Return what is wrong with a script: its grammar, an unknown command, an unknown parameter of a command."""
    root = _parser().parse(script).root_node
    if root.has_error:
        return ["does not parse"]
    own = {name.decode(): set(re.findall(r"\$(\w+)", given.decode())) for name, given in DEFINED.findall(script)}
    return [fault for command in _commands(root) for fault in _judged(command, own)]


def unguarded(script: bytes) -> list[str]:
    """Return the commands that write and would run in check mode too."""
    return list(_unguarded(_parser().parse(script).root_node, guarded=False))


def _unguarded(node: tree_sitter.Node, *, guarded: bool) -> Iterator[str]:
    """Walk with what stands around: `if (-not $Ansible.CheckMode) {...}`, or `continue` in check mode before it."""
    text = _text(node)
    if node.type in {"command", "invokation_expression"} and WRITES.match(text) and not guarded:
        yield text
    for child in node.children:
        said = _text(child)
        inner = (
            node.type == "if_statement"
            and child.type == "statement_block"
            and "-not $Ansible.CheckMode" in _condition(node)
        )
        yield from _unguarded(child, guarded=guarded or inner)
        guarded = guarded or said == "if ($Ansible.CheckMode) { continue }"


def _condition(node: tree_sitter.Node) -> str:
    return _text(next(child for child in node.children if child.type == "pipeline"))


def _text(node: tree_sitter.Node) -> str:
    return (node.text or b"").decode()


def _commands(node: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    if node.type == "command":
        yield node
    for child in node.children:
        yield from _commands(child)


def _judged(command: tree_sitter.Node, own: dict[str, set[str]]) -> Iterator[str]:
    name, parameters = _name(command), _parameters(command)
    if name.startswith("$"):  # & $rpc: a path that the script itself made
        return
    known = own.get(name)
    if known is None and name in ALLOWED["commands"]:
        known = set(ALLOWED["commands"][name] or ()) | EVERYWHERE
    if known is None and name in ALLOWED["programs"]:
        known = set()
    if known is None:
        yield f"{name}: unknown command"
        return
    for parameter in parameters:
        if parameter.partition(":")[0].removeprefix("-") not in known:
            yield f"{name} {parameter}: unknown parameter"


def _name(command: tree_sitter.Node) -> str:
    node = next(child for child in command.children if child.type in {"command_name", "command_name_expr"})
    return _text(node)


def _parameters(command: tree_sitter.Node) -> list[str]:
    """Return the parameters of this command, not of one in an argument's brackets."""
    elements = [child for child in command.children if child.type == "command_elements"]
    return [_text(part) for row in elements for part in row.children if part.type == "command_parameter"]
