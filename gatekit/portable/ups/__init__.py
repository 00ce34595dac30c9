"""What VM2 does when the UPS gives in: the other machines, the UPS, the host, itself; on the node, without us."""
