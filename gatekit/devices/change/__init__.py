"""Changing a network device without losing it: one way for every platform (docs/adr/0015).

observe -> change set -> arm the device's own undo -> push, stop at the first refused line -> confirm on
evidence from a new session and from other hosts -> keep and save, or go back and say why.
"""
