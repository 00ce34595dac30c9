# Proves that the password of the answer file is worth nothing any more. Reads only.
[CmdletBinding(SupportsShouldProcess)]
param([string]$Account, [SecureString]$Password)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
Add-Type -AssemblyName System.DirectoryServices.AccountManagement
$machine = [System.DirectoryServices.AccountManagement.PrincipalContext]::new('Machine')
$text = [System.Net.NetworkCredential]::new('', $Password).Password
if ($machine.ValidateCredentials($Account, $text)) { throw 'the one-time password still logs in' }
$Ansible.Changed = $false
