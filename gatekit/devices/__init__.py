"""Sessions with devices, change sets and their undo. Nobody else opens a socket to a device."""
