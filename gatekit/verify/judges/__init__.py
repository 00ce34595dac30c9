"""What an answer is worth: (plan, check, texts read) -> Verdict. Pure; a judge never guesses at unreadable text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from gatekit.plan.model import Plan
from gatekit.verify.judges import addresses, esxi, gateway, guests, hardening, routes, tunnel, ups, windows
from gatekit.verify.model import Check, Verdict

type Judge = Callable[[Plan, Check, tuple[str, ...]], Verdict]

JUDGES: Mapping[str, Judge] = MappingProxyType(
    {
        "dmz_rule": addresses.dmz_rule,
        "trust_address": addresses.trust_address,
        "zones": addresses.zones,
        "guest_address": addresses.guest_address,
        "tunnel_state": tunnel.state,
        "tunnel_algorithms": tunnel.algorithms,
        "tunnel_counters": tunnel.counters,
        "no_clear": tunnel.no_clear,
        "switch_route": routes.switch_route,
        "overlap": routes.overlap,
        "listening": guests.listening,
        "no_failed_unit": guests.no_failed_unit,
        "squid": guests.squid,
        "gateway_units": gateway.units,
        "gateway_loopback": gateway.loopback,
        "gateway_publication": gateway.publication,
        "gateway_peers": gateway.peers,
        "gateway_first_sync": gateway.first_sync,
        "gateway_second_sync": gateway.second_sync,
        "esxi_machines": esxi.machines,
        "esxi_autostart": esxi.autostart,
        "esxi_network": esxi.network,
        "windows_hardware": windows.hardware,
        "esxi_hardening": hardening.item,
        "esxi_licence": hardening.licence,
        "ups_watched": ups.watched,
    }
)
