"""Every text and habit of the simulated UNIVERGE IX that no source or capture confirms (vendor reference 4, 10).

A real capture replaces a line here, and nothing else.
"""

from __future__ import annotations

MASKED_KEY = "key ****"  # one author expects a mask, samples show the key in clear: the simulator can do both
NOT_THERE = "% {line} -- Not found."  # the removal of what is not there
INVALID = "% {line} -- Invalid command."  # general form verified; that the whole line is echoed is ours
OUT_OF_RANGE = "% {line} -- Invalid value."
THROWN_OUT = "\n% Configuration session was interrupted by another user.\n"
OCCUPIED_HINT = "% Use svintr-config to interrupt the other session.\n"
STARTUP_HEADER = "! Last updated {time} JST\n"
HELP = "\n  <cr>\n"  # what `?` prints; the typed text stays on the line (verified)
CONTINUATION = "    "  # indentation of a folded echo; that it folds and indents is verified, the depth is not
RELOAD_OFF_S = 90.0
NO_CONFIGURATION_PRIVILEGE = "% {line} -- Invalid command."
SSH_LIST_AT_LOGIN_ONLY = True  # an open session outlives its source's removal from the list; a filter cuts it
IKE_SA = """\
IKEv2 SA - {number} configured
Interface {interface}
  Peer {peer}
  State {state}
  Encryption {encryption}, Integrity {integrity}, PRF {prf}, DH {group}
"""
CHILD_SA = """\
Child SA - {number} configured
Interface {interface}
  Peer {peer}
  State {state}
  Encryption {encryption}, Integrity {integrity}, PFS {pfs}
"""
