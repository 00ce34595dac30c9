"""Every text and habit of the simulated AX that no source or capture confirms (vendor reference 7.2, 10).

A real capture replaces a line here, and nothing else.
"""

from __future__ import annotations

ILLEGAL = "{marker}^\n% illegal parameter at '^' marker.\n"
NOT_THERE = "% No such configuration.\n"
WRONG_PASSWORD = "Sorry\n"  # noqa: S105 - an answer of the box
MORE, ERASE = "Press any key to continue (Q to quit)", "\r" + " " * 40 + "\r"
EVENT = "{time} E3 VLAN 20110002 0700:000000000000 STP (PVST+:VLAN 10) : This bridge becomes the Root Bridge."
ROUTES = """\
Total: {total} routes
Destination        Next Hop         Interface    Metric  Protocol  Age
{rows}"""
ROUTE = "{network:<18} {hop:<16} {interface:<12} 0/0     {protocol:<9} 1m 20s, -\n"
SAVE_QUESTION = "Do you wish to save? (y/n): "  # AX2600S may ask; AX3600S does not (verified)
