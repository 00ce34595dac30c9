"""A stateful FortiGate for tests: prompts, contexts, pager, live tables, save modes and the reboot that undoes."""

from gatekit.simulators.fortios.device import FortiGate, Model

__all__ = ["FortiGate", "Model"]
