"""Every PowerShell script of ours: it parses, and uses only commands and parameters from the list."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.unit.gatekit.render.windows.powershell import ALLOWED, faults, unguarded

ROOT = Path(__file__).resolve().parents[5]
BOOTSTRAP = ROOT / "gatekit/render/windows/scripts/gw-bootstrap.ps1"
ROLE = sorted((ROOT / "roles/windows_maintenance/files").glob("*.ps1"))
every_script = pytest.mark.parametrize("path", [BOOTSTRAP, *ROLE], ids=lambda path: path.stem)


def test_there_are_scripts_to_judge() -> None:
    assert {"registry", "firewall", "certificate", "audit_policy", "security_policy"} <= {path.stem for path in ROLE}


@every_script
def test_ap_4_a_script_parses_and_uses_known_commands_only(path: Path) -> None:
    assert faults(path.read_bytes()) == []


@every_script
def test_a_script_stops_at_its_first_error_and_reads_no_misspelt_variable(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "Set-StrictMode -Version 2.0\n$ErrorActionPreference = 'Stop'" in text
    assert text.isascii(), "Windows PowerShell reads a script without a mark in the system's old code page"


@pytest.mark.parametrize("path", ROLE, ids=lambda path: path.stem)
def test_a_script_of_the_role_tells_its_changes_and_keeps_to_check_mode(path: Path) -> None:
    """win_powershell skips a script in check mode unless it says it can; one that can must look before each write."""
    text = path.read_text(encoding="utf-8")
    assert "[CmdletBinding(SupportsShouldProcess)]" in text
    assert unguarded(path.read_bytes()) == []
    told = "$Ansible.Changed = $after.Count -gt 0\n$Ansible.Diff = @{ before = $before; after = $after }\n"
    assert told in text or "$Ansible.Changed = $false\n" in text


GUARDS = [
    (path, match.start(), match.group())
    for path in ROLE
    for match in re.finditer(
        r"if \(\$Ansible\.CheckMode\) \{ continue \}|-not \$Ansible\.CheckMode", path.read_text(encoding="utf-8")
    )
]


@pytest.mark.parametrize(("path", "at", "guard"), GUARDS, ids=[f"{path.stem}-{at}" for path, at, _ in GUARDS])
def test_no_guard_of_check_mode_can_be_left_out(path: Path, at: int, guard: str) -> None:
    text = path.read_text(encoding="utf-8")
    without = text[:at] + ("$true" if guard.startswith("-not") else "") + text[at + len(guard) :]
    assert unguarded(without.encode()) != []


def test_the_list_of_commands_has_no_row_nobody_uses() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in [BOOTSTRAP, *ROLE])
    unused = [name for name in [*ALLOWED["commands"], *ALLOWED["programs"]] if name not in text]
    assert unused == []


def test_what_is_splatted_on_a_firewall_rule_are_its_parameters() -> None:
    text = (ROOT / "roles/windows_maintenance/files/firewall.ps1").read_text(encoding="utf-8")
    (literal,) = re.findall(r"\$rule = @\{ (.*) \}", text)
    keys = {part.split(" = ")[0] for part in literal.split("; ")} | set(re.findall(r"\$rule\.(\w+) = ", text))
    assert keys == {
        "Name", "DisplayName", "Group", "Direction", "Action", "Profile", "Protocol", "RemoteAddress", "LocalPort",
        "RemotePort", "IcmpType",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("Get-NetAdapter", "Get-NetAdaptor", "Get-NetAdaptor: unknown command"),
        ("-PrefixLength", "-PrefixLenght", "New-NetIPAddress -PrefixLenght: unknown parameter"),
        ("Write-Outcome -State ok", "Write-Outcome -Sate ok", "Write-Outcome -Sate: unknown parameter"),
        ("(Get-Date)", "(Get-Dat)", "Get-Dat: unknown command"),
        ("Enable-PSRemoting", "Invoke-Expression", "Invoke-Expression: unknown command"),
        ("\ntry {", "\ntry {{", "does not parse"),
        ('"CN=$($plan.HostName)"', '"CN=$($plan.HostName)', "does not parse"),
    ],
)
def test_each_guard_sees_its_fault(right: str, wrong: str, fault: str) -> None:
    script = BOOTSTRAP.read_text(encoding="utf-8")
    assert right in script
    assert faults(script.replace(right, wrong, 1).encode())[0] == fault
