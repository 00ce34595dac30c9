"""Cisco IOS and IOS-XE as a router or L3 switch behind SSH."""

from gatekit.simulators.cisco_ios.device import CiscoIosDevice

__all__ = ["CiscoIosDevice"]
