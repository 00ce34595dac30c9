"""Cisco IOS and IOS-XE as a router or L3 switch behind SSH."""

from gatekit.simulators.cisco_ios.device import CiscoIosDevice
from gatekit.simulators.cisco_ios.factory import factory_fresh

__all__ = ["CiscoIosDevice", "factory_fresh"]
