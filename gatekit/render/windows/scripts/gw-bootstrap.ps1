# First boot of VM3, as local system, before anybody can log on: address, WinRM over HTTPS, VMware Tools, then
# everything that holds the one-time password goes. All decisions stand in gw-bootstrap.json.
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$plan = Get-Content -LiteralPath (Join-Path $PSScriptRoot 'gw-bootstrap.json') -Raw -Encoding UTF8 | ConvertFrom-Json

# Second line behind the answer file: only when the address is not there.
function Set-PlannedAddress {
    $adapter = Get-NetAdapter | Where-Object -Property MacAddress -EQ -Value $plan.Mac
    $there = Get-NetIPAddress -InterfaceIndex $adapter.ifIndex -AddressFamily IPv4 -ErrorAction SilentlyContinue
    if (@($there | Where-Object { $_ } | ForEach-Object { $_.IPAddress }) -contains $plan.Address) { return }
    Set-NetIPInterface -InterfaceIndex $adapter.ifIndex -AddressFamily IPv4 -Dhcp Disabled
    New-NetIPAddress -InterfaceIndex $adapter.ifIndex -IPAddress $plan.Address -PrefixLength $plan.PrefixLength -DefaultGateway $plan.Gateway | Out-Null
    Set-DnsClientServerAddress -InterfaceIndex $adapter.ifIndex -ServerAddresses $plan.DnsServers
}

function Set-AdministratorName {
    $administrator = Get-LocalUser | Where-Object { $_.SID.Value -like 'S-1-5-21-*-500' }
    if ($administrator.Name -ne $plan.Administrator) {
        Rename-LocalUser -InputObject $administrator -NewName $plan.Administrator
    }
}

# The private key is made here and never leaves; what leaves is the certificate's SHA-256.
function New-FirstCertificate {
    $names = "2.5.29.17={text}DNS=$($plan.HostName)&IPAddress=$($plan.Address)"
    New-SelfSignedCertificate -Subject "CN=$($plan.HostName)" -TextExtension @($names) -CertStoreLocation Cert:\LocalMachine\My -KeyLength 3072 -NotAfter (Get-Date).AddDays($plan.CertificateDays)
}

function Enable-MaintenanceAccess {
    param($Certificate)
    Enable-PSRemoting -SkipNetworkProfileCheck -Force | Out-Null
    Get-ChildItem -Path WSMan:\localhost\Listener | Remove-Item -Recurse -Force
    $settings = @{ CertificateThumbprint = $Certificate.Thumbprint; Enabled = $true; Port = $plan.WinRmPort }
    New-WSManInstance -ResourceURI winrm/config/listener -SelectorSet @{ Transport = 'HTTPS'; Address = "IP:$($plan.Address)" } -ValueSet $settings | Out-Null
    Set-Item -Path WSMan:\localhost\Service\AllowUnencrypted -Value $false -Force
    Set-Item -Path WSMan:\localhost\Service\Auth\Basic -Value $false -Force
    # Closed first: the groups' names are translated, their resource strings are not.
    Get-NetFirewallRule -Direction Inbound -Enabled True -Action Allow | Disable-NetFirewallRule
    New-NetFirewallRule -Name gw-winrm -DisplayName 'gw WinRM HTTPS' -Group gatekit -Direction Inbound -Protocol TCP -LocalPort $plan.WinRmPort -LocalAddress $plan.Address -RemoteAddress $plan.MaintenanceNetworks -Action Allow | Out-Null
}

# Drive letters are not predictable, so every CD is looked at. The first installation has been seen to leave its service stopped.
function Install-VmwareTool {
    $setup = Get-CimInstance -ClassName Win32_CDROMDrive | ForEach-Object { Join-Path -Path "$($_.Drive)\" -ChildPath setup64.exe } |
        Where-Object { (Test-Path -LiteralPath $_) -and (Get-Item -LiteralPath $_).VersionInfo.ProductName -like 'VMware Tools*' } | Select-Object -First 1
    foreach ($attempt in 1, 2) {
        Start-Process -FilePath $setup -ArgumentList '/s /v "/qn REBOOT=R"' -Wait
        Start-Service -Name VMTools -ErrorAction SilentlyContinue
        if ((Get-Service -Name VMTools -ErrorAction SilentlyContinue).Status -eq 'Running') { return }
    }
    throw 'VMware Tools do not run'
}

function Remove-SetupTrace {
    $copies = 'unattend.xml', 'unattend-original.xml' | ForEach-Object { Join-Path -Path $env:WINDIR -ChildPath "Panther\$_" }
    Get-Item -Path $copies -ErrorAction SilentlyContinue | Remove-Item -Force
    Get-ChildItem -LiteralPath $plan.SetupFolder -File | Remove-Item -Force
}

function Write-Outcome {
    param($State, $Fingerprint)
    New-Item -ItemType Directory -Path $plan.StateFolder -Force | Out-Null
    $outcome = @{ state = $State; certificate_sha256 = $Fingerprint }
    $outcome | ConvertTo-Json | Set-Content -LiteralPath (Join-Path -Path $plan.StateFolder -ChildPath bootstrap.json) -Encoding UTF8
    $rpc = Join-Path -Path $env:ProgramFiles -ChildPath 'VMware\VMware Tools\rpctool.exe'
    & $rpc "info-set $($plan.GuestCertificate) $Fingerprint"
    & $rpc "info-set $($plan.GuestState) $State"
}

$fingerprint = ''
try {
    Set-PlannedAddress
    Set-AdministratorName
    $certificate = New-FirstCertificate
    $hash = [System.Security.Cryptography.SHA256]::Create().ComputeHash($certificate.RawData)
    $fingerprint = [System.BitConverter]::ToString($hash).Replace('-', '').ToLowerInvariant()
    Enable-MaintenanceAccess -Certificate $certificate
    Install-VmwareTool
    Remove-SetupTrace
    Write-Outcome -State ok -Fingerprint $fingerprint
}
catch {
    Remove-SetupTrace
    Write-Outcome -State "failed at line $($_.InvocationInfo.ScriptLineNumber)" -Fingerprint $fingerprint
}
