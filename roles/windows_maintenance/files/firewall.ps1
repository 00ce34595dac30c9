# Brings the firewall to the flow matrix: our rules as planned, then every other permission off, then both
# directions closed by default. In this order the session in use always has its rule.
[CmdletBinding(SupportsShouldProcess)]
param([object[]]$Wanted, [string]$Group)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$before = @{}; $after = @{}

# The same words as the table's Text, whatever language Windows speaks.
function Get-RuleText {
    param($Rule)
    $filter = $Rule | Get-NetFirewallPortFilter
    $ports = if ($filter.Protocol -eq 'ICMPv4') { "type $(@($filter.IcmpType) -join ',')" } else { "$(@($filter.LocalPort) -join ',') $(@($filter.RemotePort) -join ',')" }
    $peers = ($Rule | Get-NetFirewallAddressFilter).RemoteAddress | Sort-Object
    "$($Rule.Enabled) $($Rule.Direction) $($Rule.Action) $($filter.Protocol) $ports $(@($peers) -join ',')"
}

$ours = @{}
Get-NetFirewallRule -Group $Group -ErrorAction SilentlyContinue | ForEach-Object { $ours[$_.Name] = $_ }
foreach ($row in $Wanted) {
    $found = if ($ours.ContainsKey($row.Name)) { Get-RuleText -Rule $ours[$row.Name] } else { 'absent' }
    if ($found -eq $row.Text) { continue }
    $before[$row.Name] = $found; $after[$row.Name] = $row.Text
    if ($Ansible.CheckMode) { continue }
    $rule = @{ Name = $row.Name; DisplayName = $row.Title; Group = $Group; Direction = $row.Direction; Action = 'Allow'; Profile = 'Any'; Protocol = $row.Protocol; RemoteAddress = $row.RemoteAddress }
    if ($row.Protocol -eq 'ICMPv4') { $rule.IcmpType = $row.IcmpType } else { $rule.LocalPort = $row.LocalPort; $rule.RemotePort = $row.RemotePort }
    if ($ours.ContainsKey($row.Name)) { Remove-NetFirewallRule -Name $row.Name }
    New-NetFirewallRule @rule | Out-Null
}
$names = @($Wanted | ForEach-Object { $_.Name })
foreach ($rule in Get-NetFirewallRule -Enabled True -Action Allow | Where-Object { $names -notcontains $_.Name }) {
    $before[$rule.Name] = 'allowed'; $after[$rule.Name] = 'off'
    if (-not $Ansible.CheckMode) { $rule | Disable-NetFirewallRule }
}
foreach ($zone in Get-NetFirewallProfile) {
    $found = "$($zone.Enabled) $($zone.DefaultInboundAction) $($zone.DefaultOutboundAction) $($zone.LogBlocked)"
    if ($found -eq 'True Block Block True') { continue }
    $before["profile $($zone.Name)"] = $found; $after["profile $($zone.Name)"] = 'True Block Block True'
    if ($Ansible.CheckMode) { continue }
    Set-NetFirewallProfile -Name $zone.Name -Enabled True -DefaultInboundAction Block -DefaultOutboundAction Block -LogBlocked True -LogMaxSizeKilobytes 16384
}
$Ansible.Changed = $after.Count -gt 0
$Ansible.Diff = @{ before = $before; after = $after }
