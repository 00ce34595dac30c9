"""The image of our Linux VMs: one Debian 13 tree -> disk -> OVA, with its bill of materials."""
