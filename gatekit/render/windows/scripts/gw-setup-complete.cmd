@powershell.exe -NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -File %WINDIR%\Setup\Scripts\gw-bootstrap.ps1
