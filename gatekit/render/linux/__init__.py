"""The Linux platform: nftables, strongSwan and systemd, as firewall of pattern 4 and as any tunnel end."""
