"""The unattended install of the ESXi host: an operator's own installer ISO, made to answer by itself.

Source of the directives, the boot options and the way to remaster: reference esxi-windows A.1.
"""

from gatekit.install.esxi.installation import Installation, installation, installer_iso
from gatekit.install.esxi.medium import Medium, make_medium, plan_medium, remove_medium

__all__ = [
    "Installation",
    "Medium",
    "installation",
    "installer_iso",
    "make_medium",
    "plan_medium",
    "remove_medium",
]
