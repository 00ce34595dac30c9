"""Hosts that ask by packets: where they are, and our self-contained programs run on them."""
