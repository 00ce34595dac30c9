# Brings the audit policy to the table by GUID. It is read from a backup, whose last column is a number:
# every other output of auditpol is translated. Events: 1 success, 2 failure, 3 both.
[CmdletBinding(SupportsShouldProcess)]
param([object[]]$Wanted)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$backup = Join-Path -Path $Ansible.Tmpdir -ChildPath audit.csv
& auditpol.exe /backup "/file:$backup" | Out-Null
if ($LASTEXITCODE -ne 0) { throw "auditpol /backup ended with $LASTEXITCODE" }
$found = @{}
$columns = 'Machine', 'Target', 'Subcategory', 'Guid', 'Inclusion', 'Exclusion', 'Value'
foreach ($line in Get-Content -LiteralPath $backup | ConvertFrom-Csv -Header $columns | Select-Object -Skip 1) {
    $found["$($line.Guid)".Trim('{}')] = $line.Value
}
$before = @{}; $after = @{}
foreach ($row in $Wanted) {
    $value = "$($found[$row.Guid])"
    if ($value -eq "$($row.Events)") { continue }
    $before[$row.Name] = $value; $after[$row.Name] = "$($row.Events)"
    if ($Ansible.CheckMode) { continue }
    $success = if ($row.Events -band 1) { 'enable' } else { 'disable' }
    $failure = if ($row.Events -band 2) { 'enable' } else { 'disable' }
    & auditpol.exe /set "/subcategory:{$($row.Guid)}" "/success:$success" "/failure:$failure" | Out-Null
    if ($LASTEXITCODE -ne 0) { throw "auditpol /set $($row.Name) ended with $LASTEXITCODE" }
}
$Ansible.Changed = $after.Count -gt 0
$Ansible.Diff = @{ before = $before; after = $after }
