"""Every text and habit of the simulated AlliedWare Plus that no source confirms (vendor reference 7.4, 10).

A real capture replaces a line here, and nothing else. Confirmed are the routing table, ``show system`` and that a
save asks nothing.
"""

from __future__ import annotations

ILLEGAL = "{marker}^\n% Invalid input detected at '^' marker.\n\n"
INCOMPLETE = "% Incomplete command.\n\n"
ABSENT = "% No matching route to delete\n"
WRONG_PASSWORD = "% Bad passwords\n"  # noqa: S105 - an answer of the box
MORE, ERASE = "--More-- ", "\r\x1b[K"
NOISE = "\r\x1b[K"  # what stays of the line editor before an answer
LINE_END = "\r\r\n"  # carriage returns twice, as captures show them
SAVED = "Building configuration...\n[OK]\n"
BANNER = "\nAlliedWare Plus (TM) 5.5.0 03/05/20 09:42:00\n\n"
"""What ``enable`` does for an account of privilege 15: it asks nothing unless an enable password is set."""
