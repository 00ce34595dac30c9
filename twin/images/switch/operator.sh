#!/bin/sh
# The operator's account as staging leaves it: key only, sudo without a password. The key comes at run time.
set -eu
useradd --create-home --shell /bin/bash gwops
passwd --lock gwops
install -d -m 0700 -o gwops -g gwops /home/gwops/.ssh
printf 'gwops ALL=(ALL) NOPASSWD:ALL\n' > /etc/sudoers.d/gwops
chmod 0440 /etc/sudoers.d/gwops
cat > /etc/ssh/sshd_config.d/10-twin.conf <<'SSHD'
HostKey /etc/ssh/ssh_host_ed25519_key
PasswordAuthentication no
PermitRootLogin no
AuthorizedKeysFile /etc/ssh/authorized_keys/%u
UseDNS no
SSHD
systemctl mask sshd-keygen.service
