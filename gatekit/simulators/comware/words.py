"""Every text and habit of the simulated Comware that no source confirms (vendor reference 7.3, 10).

A real capture replaces a line here, and nothing else. Confirmed are the refusals "Unrecognized command", "Wrong
parameter" and "Too many parameters", the routing table, and what the commit delay does.
"""

from __future__ import annotations

INCOMPLETE = "incomplete"
REFUSALS = {
    "unrecognized": "% Unrecognized command found at '^' position.",
    "wrong": "% Wrong parameter found at '^' position.",
    "many": "% Too many parameters found at '^' position.",
    INCOMPLETE: "% Incomplete command found at '^' position.",
}
ABSENT = "The specified route does not exist.\n"
NOTHING_TO_COMMIT = "% No configuration commit delay timer is running.\n"
MORE, ERASE = "---- More ----", "\r                \r"
DIFFERENCE = ("--- Startup configuration\n", "+++ Current configuration\n", "@@ -1,{old} +1,{new} @@\n")
SAVE_SURE = "The current configuration will be written to the device. Are you sure? [Y/N]:"
SAVE_NAME = (
    "Please input the file name(*.cfg)[flash:/startup.cfg]\n"
    "(To leave the existing filename unchanged, press the enter key):"
)
SAVE_OVER = "flash:/startup.cfg exists, overwrite? [Y/N]:"
SAVED = "Validating file. Please wait...\nSaved the current configuration to mainboard device successfully.\n"
ROLLED_BACK = "%{time} {name} CFGMAN/5/CFG_ROLLBACK: Configuration rollback was performed.\n"
ENTERED = "System View: return to User View with Ctrl+Z.\n"
WELCOME = "Press Y or ENTER to continue, N to exit."
VERSION = """\
H3C Comware Software, Version {version}
Copyright (c) 2004-2021 New H3C Technologies Co., Ltd. All rights reserved.
H3C S5560X-30C-EI uptime is 3 weeks, 2 days, 4 hours, 11 minutes
"""
