# Trusts the site's CA and gives WinRM the certificate it signed. The session in use stays: a listener takes its
# certificate for new connections. The private key comes as PKCS#12 under a password of this run alone.
[CmdletBinding(SupportsShouldProcess)]
param([string]$Authority, [string]$Thumbprint, [SecureString]$Pkcs12, [SecureString]$Pkcs12Password)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$before = @{}; $after = @{}
$root = [System.Security.Cryptography.X509Certificates.X509Certificate2]::new([System.Convert]::FromBase64String($Authority))
if (-not (Test-Path -LiteralPath "Cert:\LocalMachine\Root\$($root.Thumbprint)")) {
    $before.authority = 'absent'; $after.authority = $root.Thumbprint
    if (-not $Ansible.CheckMode) {
        $store = [System.Security.Cryptography.X509Certificates.X509Store]::new('Root', 'LocalMachine')
        $store.Open('ReadWrite'); $store.Add($root); $store.Close()
    }
}
$there = "Cert:\LocalMachine\My\$Thumbprint"
if (-not (Test-Path -LiteralPath $there)) {
    $before.certificate = 'absent'; $after.certificate = $Thumbprint
    if (-not $Ansible.CheckMode) {
        $file = Join-Path -Path $Ansible.Tmpdir -ChildPath winrm.p12
        $text = [System.Net.NetworkCredential]::new('', $Pkcs12).Password
        [System.IO.File]::WriteAllBytes($file, [System.Convert]::FromBase64String($text))
        Import-PfxCertificate -FilePath $file -CertStoreLocation Cert:\LocalMachine\My -Password $Pkcs12Password | Out-Null
        Remove-Item -LiteralPath $file -Force
    }
}
$listener = Get-WSManInstance -ResourceURI winrm/config/listener -Enumerate | Where-Object { $_.Transport -eq 'HTTPS' }
$found = "$($listener.CertificateThumbprint)" -replace '\s', ''
if ($found -ne $Thumbprint) {
    $before.listener = $found; $after.listener = $Thumbprint
    if (-not $Ansible.CheckMode) {
        Set-WSManInstance -ResourceURI winrm/config/listener -SelectorSet @{ Transport = 'HTTPS'; Address = $listener.Address } -ValueSet @{ CertificateThumbprint = $Thumbprint } | Out-Null
        Get-ChildItem -Path Cert:\LocalMachine\My | Where-Object { $_.Thumbprint -ne $Thumbprint -and $_.Subject -eq $_.Issuer } | Remove-Item -Force
    }
}
$Ansible.Changed = $after.Count -gt 0
$Ansible.Diff = @{ before = $before; after = $after }
