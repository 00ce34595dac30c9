"""A Yamaha RTX router that one can log in to."""

from gatekit.simulators.yamaha_rtx.device import YamahaRtx, factory_fresh, load

__all__ = ["YamahaRtx", "factory_fresh", "load"]
