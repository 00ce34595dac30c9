# Reads, by other means than those that set it, what the evidence says about this Windows. Changes nothing.
[CmdletBinding(SupportsShouldProcess)]
param()
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$system = Get-CimInstance -ClassName Win32_OperatingSystem
$listening = Get-NetTCPConnection -State Listen | Where-Object { $_.LocalAddress -notin '127.0.0.1', '::1' } | Select-Object -ExpandProperty LocalPort | Sort-Object -Unique
$defender = Get-MpComputerStatus
$updated = $defender.AntivirusSignatureLastUpdated
$Ansible.Changed = $false
$Ansible.Result = @{
    system                = "$($system.Caption) $($system.Version)"
    time_source           = "$(& w32tm.exe /query /source)".Trim()
    listening_tcp         = @($listening)
    defender_real_time    = $defender.RealTimeProtectionEnabled
    defender_definitions  = if ($updated) { $updated.ToUniversalTime().ToString('yyyy-MM-dd') } else { 'none' }
    smb1                  = (Get-SmbServerConfiguration).EnableSMB1Protocol
    enabled_accounts      = @(Get-LocalUser | Where-Object { $_.Enabled } | Select-Object -ExpandProperty Name | Sort-Object)
}
