"""Cisco IOS and IOS-XE: the CPE of patterns 1 to 3 and the hospital's L3 switch."""

from gatekit.devices.cisco_ios.platform import CiscoIos

__all__ = ["PLATFORM", "CiscoIos"]

PLATFORM = CiscoIos()
