# Runs OpenSSH's server with PowerShell as its shell and keys only, or keeps it off.
[CmdletBinding(SupportsShouldProcess)]
param([bool]$Wanted, [string[]]$Keys)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$before = @{}; $after = @{}
$service = Get-Service -Name sshd -ErrorAction SilentlyContinue
if ($Wanted -and -not $service) { throw 'OpenSSH is not on this Windows: add the capability from the media first (Add-WindowsCapability -Source).' }
$found = if ($service) { "$($service.StartType) $($service.Status)" } else { 'absent' }
$planned = if ($Wanted) { 'Automatic Running' } else { 'Disabled Stopped' }
if ($Wanted) {
    $file = Join-Path -Path $env:ProgramData -ChildPath 'ssh\administrators_authorized_keys'
    $text = ($Keys -join "`n") + "`n"
    $there = if (Test-Path -LiteralPath $file) { Get-Content -LiteralPath $file -Raw } else { '' }
    if ($there -cne $text) {
        $before.keys = "$($there.Length) characters"; $after.keys = "$($text.Length) characters"
        if (-not $Ansible.CheckMode) {
            New-Item -ItemType Directory -Path (Split-Path -Path $file -Parent) -Force | Out-Null
            Set-Content -LiteralPath $file -Value $text -NoNewline -Encoding Ascii
            # sshd refuses the file while anybody but the system and administrators can write it.
            & icacls.exe $file /inheritance:r /grant '*S-1-5-18:F' /grant '*S-1-5-32-544:F' | Out-Null
            if ($LASTEXITCODE -ne 0) { throw "icacls ended with $LASTEXITCODE" }
        }
    }
}
if ($found -ne $planned -and ($Wanted -or $service)) {
    $before.sshd = $found; $after.sshd = $planned
    if (-not $Ansible.CheckMode) {
        if ($Wanted) {
            New-Item -Path HKLM:\SOFTWARE\OpenSSH -Force | Out-Null
            New-ItemProperty -LiteralPath HKLM:\SOFTWARE\OpenSSH -Name DefaultShell -PropertyType String -Value "$PSHOME\powershell.exe" -Force | Out-Null
            Set-Service -Name sshd -StartupType Automatic
            Start-Service -Name sshd
        }
        else {
            Stop-Service -Name sshd -Force
            Set-Service -Name sshd -StartupType Disabled
        }
    }
}
$Ansible.Changed = $after.Count -gt 0
$Ansible.Diff = @{ before = $before; after = $after }
