# Switches services off for good; one that this Windows does not have is as good as off.
[CmdletBinding(SupportsShouldProcess)]
param([string[]]$Wanted)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$before = @{}; $after = @{}
foreach ($name in $Wanted) {
    $service = Get-Service -Name $name -ErrorAction SilentlyContinue
    # One that refuses to stop ends with the next start of Windows.
    if (-not $service -or ($service.StartType -eq 'Disabled' -and -not $service.CanStop)) { continue }
    $before[$name] = "$($service.StartType) $($service.Status)"; $after[$name] = 'Disabled'
    if ($Ansible.CheckMode) { continue }
    # Some protected services let their start type be changed in the registry only.
    Set-ItemProperty -LiteralPath "HKLM:\SYSTEM\CurrentControlSet\Services\$name" -Name Start -Value 4
    if ($service.CanStop) { Stop-Service -Name $name -Force }
}
$Ansible.Changed = $after.Count -gt 0
$Ansible.Diff = @{ before = $before; after = $after }
