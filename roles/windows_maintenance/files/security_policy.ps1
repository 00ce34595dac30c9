# Brings lines of the local security policy (passwords, lockout, rights) to the table, in one call of secedit.
[CmdletBinding(SupportsShouldProcess)]
param([object[]]$Wanted)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$export = Join-Path -Path $Ansible.Tmpdir -ChildPath found.inf
$template = Join-Path -Path $Ansible.Tmpdir -ChildPath wanted.inf
$database = Join-Path -Path $Ansible.Tmpdir -ChildPath policy.sdb
& secedit.exe /export /cfg $export /areas SECURITYPOLICY USER_RIGHTS /quiet
if ($LASTEXITCODE -ne 0) { throw "secedit /export ended with $LASTEXITCODE" }
$found = @{}
foreach ($line in Get-Content -LiteralPath $export -Encoding Unicode) {
    $name, $value = $line -split '\s*=\s*', 2
    $found[$name] = $value
}
$before = @{}; $after = @{}; $changed = @($Wanted | Where-Object { $found[$_.Name] -ne $_.Value })
foreach ($row in $changed) { $before[$row.Name] = "$($found[$row.Name])"; $after[$row.Name] = $row.Value }
if ($changed -and -not $Ansible.CheckMode) {
    $lines = @('[Unicode]', 'Unicode=yes', '[Version]', 'signature="$CHICAGO$"', 'Revision=1')
    foreach ($section in $changed | Group-Object -Property { $_.Section }) {
        $lines += "[$($section.Name)]"
        $lines += $section.Group | ForEach-Object { "$($_.Name) = $($_.Value)" }
    }
    Set-Content -LiteralPath $template -Value $lines -Encoding Unicode
    & secedit.exe /configure /db $database /cfg $template /areas SECURITYPOLICY USER_RIGHTS /quiet
    if ($LASTEXITCODE -ne 0) { throw "secedit /configure ended with $LASTEXITCODE" }
}
$Ansible.Changed = $after.Count -gt 0
$Ansible.Diff = @{ before = $before; after = $after }
