# Installs MSI packages that are missing, judged by their product id; each file by its SHA-256 first.
[CmdletBinding(SupportsShouldProcess)]
param([object[]]$Wanted, [string]$Folder)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$before = @{}; $after = @{}; $reboot = $false
$uninstall = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall', 'HKLM:\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall'
foreach ($tool in $Wanted) {
    $there = $uninstall | Where-Object { Test-Path -LiteralPath (Join-Path -Path $_ -ChildPath $tool.product_id) }
    if ($there) { continue }
    $before[$tool.product_id] = 'absent'; $after[$tool.product_id] = $tool.path
    if ($Ansible.CheckMode) { continue }
    $file = Join-Path -Path $Folder -ChildPath (Split-Path -Path $tool.path -Leaf)
    $hash = (Get-FileHash -LiteralPath $file -Algorithm SHA256).Hash
    if ($hash -ne $tool.sha256) { throw "$($tool.path) has SHA-256 $hash" }
    $run = Start-Process -FilePath msiexec.exe -ArgumentList "/i `"$file`" /qn /norestart" -Wait -PassThru
    if ($run.ExitCode -eq 3010) { $reboot = $true } elseif ($run.ExitCode -ne 0) { throw "$($tool.path): msiexec ended with $($run.ExitCode)" }
}
$Ansible.Changed = $after.Count -gt 0
$Ansible.Diff = @{ before = $before; after = $after }
$Ansible.Result = @{ reboot = $reboot }
