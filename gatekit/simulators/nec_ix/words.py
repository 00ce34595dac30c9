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
SERIAL = "1A2B3C4D5E"
HARDWARE = "Hardware information\n  Product name : IX2106\n  Serial number : {serial}\n"
CONSOLE_GREETING = "\nNEC Portable Internetwork Core Operating System Software\n\n"
CONSOLE_USER, CONSOLE_PASSWORD, CONSOLE_REFUSED = "login: ", "Password: ", "% Login incorrect\n"
GENERATING_KEY = "Generating RSA private key ........\n"  # verified (vendor reference 4.1)
KEY_REMOVED = "% Private key has been destroyed.\n"
ERASE_QUESTION = "Are you sure you want to erase the startup-configuration? (Yes or [No]): "
ERASED = "% Erasing the startup-configuration... done.\n"
