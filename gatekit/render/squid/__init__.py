"""The hospital's way to the service: Squid, and the proxy settings of the terminals (HC-1, HC-2)."""

from __future__ import annotations

from gatekit.render.squid.proxy import proxy_files
from gatekit.render.squid.terminal_settings import SETTINGS_ROOT, automatic_script, settings_files

__all__ = ["SETTINGS_ROOT", "automatic_script", "proxy_files", "settings_files"]
