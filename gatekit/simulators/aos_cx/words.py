"""Every text and habit of the simulated AOS-CX that no source confirms (vendor reference 7.6, 10).

A real capture replaces a line here, and nothing else. Confirmed are ``Invalid input: x``, ``% Command incomplete.``,
the routing table, and the four messages of ``checkpoint auto`` (HPE's command reference).
"""

from __future__ import annotations

ABSENT = "Static route not found.\n"
BUSY = "Auto checkpoint mode is already in progress\n"
NOTHING_TO_CONFIRM = "Auto checkpoint mode is not in progress\n"
PENDING = "Auto checkpoint mode expires in {minutes} minute(s)\n"  # its place in `show checkpoint`; the words are HPE's
CHECKPOINTS = "Name{pad}Type        Writer  Date(UTC)             Hash\n"
MORE, ERASE = "-- MORE --, next page: Space, next line: Enter, quit: q", "\r\x1b[K"
SAVED = "Copying configuration: [Success]\n"
EDITOR = "\x1b[?25h"  # what the line editor sends before each prompt
RUNNING_HEAD = "Current configuration:\n!\n!Version ArubaOS-CX FL.{version}\n!export-password: default\n"
STARTUP_HEAD = "Startup configuration:\n!\n!Version ArubaOS-CX FL.{version}\n!export-password: default\n"
