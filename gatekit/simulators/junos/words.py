"""Every text that the vendor reference does not verify, so that a real capture replaces it in one place.

What the reference (1.2, 1.3) or a capture quoted there verifies stands where it is used.
"""

from __future__ import annotations

BANNER = "--- JUNOS {release} Kernel 64-bit  JNPR-12.1-20230905.a3a83a1_buil\n"
MORE = "---(more)---"
MORE_ERASE = "\r            \r"
PENDING = "\n# commit confirmed will be rolled back in {minutes} minute{s}\n"  # at every prompt of both modes
NOT_CONFIRMED = (
    "\nBroadcast Message from root@{host}\n        (no tty) at {time}...\n\nCommit was not confirmed; {rest}\n"
)
NOT_CONFIRMED_REST = "automatic rollback complete."
EXCLUSIVE_WARNING = "warning: uncommitted changes will be discarded on exit\n"
DISCARDED = "warning: discarding uncommitted changes\n"
CHANGED = "The configuration has been changed but not committed\n"
LOCKED = "error: configuration database locked by:\n  {who}\n      exclusive [edit]\n"
NOT_FOUND = "warning: statement not found\n"
INSERT_NOT_FOUND = "error: statement '{what}' not found\n"
NO_ROLLBACK = "error: rollback configuration {number} does not exist\n"
MISSING = "missing argument.\n"
OUT_OF_RANGE = "error: Invalid numeric value: '{value}' at '{value}'\n"
NO_ADDRESS = "error: invalid ip address or hostname: '{value}' at '{value}'\n"
NOT_EQUAL = "error: passwords are not equal!\n"
SHORT = "error: minimum password length is 6\n"
VIA_TIMER = "by root via other"
"""Who the automatic rollback is said to be, in ``show system commit``."""
ROOT_MISSING = "[edit]\n  'system'\n    Missing mandatory statement: 'root-authentication'\n"
MANDATORY = "error: commit failed: (missing mandatory statements)\n"
NO_INTERFACE = (
    "[edit security zones security-zone {zone}]\n"
    "  'interfaces {unit}'\n"
    "    Interface {unit} must be configured under interfaces\n"
)
UNDEFINED = "[edit {path}]\n  '{statement}'\n    {what} must be defined\n"
EMPTY = "[edit {path}]\n  '{statement}'\n    Missing mandatory statement: '{missing}'\n"
TWO_ZONES = (
    "[edit security zones security-zone {zone}]\n"
    "  'interfaces {unit}'\n"
    "    Interface {unit} already assigned to another zone\n"
)
BOOT_ROLLS_BACK = True
"""Whether a box that lost power inside a confirm window comes up with the configuration before it."""
