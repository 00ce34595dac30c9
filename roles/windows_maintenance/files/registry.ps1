# Brings values of the registry to the table; what reads a value only when it starts is restarted once.
[CmdletBinding(SupportsShouldProcess)]
param([object[]]$Wanted)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$before = @{}; $after = @{}; $services = @(); $reboot = $false
foreach ($row in $Wanted) {
    $found = 'absent'
    $key = Get-Item -LiteralPath $row.Key -ErrorAction SilentlyContinue
    if ($key -and $key.GetValueNames() -contains $row.Name) {
        $found = "$($key.GetValueKind($row.Name)) $($key.GetValue($row.Name))"
    }
    $planned = "$($row.Type) $($row.Value)"
    if ($found -ceq $planned) { continue }
    $before[$row.Id] = $found; $after[$row.Id] = $planned
    if ($row.Restart) { $services += $row.Restart }
    if ($row.Reboot) { $reboot = $true }
    if ($Ansible.CheckMode) { continue }
    if (-not $key) { New-Item -Path $row.Key -Force | Out-Null }
    New-ItemProperty -LiteralPath $row.Key -Name $row.Name -PropertyType $row.Type -Value $row.Value -Force | Out-Null
}
if (-not $Ansible.CheckMode) {
    $services | Select-Object -Unique | ForEach-Object { Restart-Service -Name $_ -Force }
}
$Ansible.Changed = $after.Count -gt 0
$Ansible.Diff = @{ before = $before; after = $after }
$Ansible.Result = @{ reboot = $reboot }
