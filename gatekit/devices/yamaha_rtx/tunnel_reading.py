"""How an RTX negotiates its tunnel, read from the lines under ``tunnel select 1`` (command reference 15)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import ip_address

from gatekit.devices.change.meaning import TunnelMeaning
from gatekit.devices.yamaha_rtx.filter_reading import Filters
from gatekit.errors import DeviceError
from gatekit.plan.network_device import CpePlan, CryptoSuite

GROUPS = {"modp768": 1, "modp1024": 2, "modp1536": 5, "modp2048": 14}
FIX = "Look at the lines of the tunnel on the router; one offer, IKEv2, PFS and a pre-shared key are what is known."
_ONCE = re.compile(r"tunnel enable 1|ipsec tunnel 101|description tunnel \S+|ipsec ike keepalive log 1 off")
_FILTERS = re.compile(r"ip tunnel secure filter (?:in|out) .+")
_IKE: dict[str, str] = {
    "policy": r"ipsec sa policy 101 1 (esp aes256-cbc sha256-hmac)",
    "child life": r"ipsec ike duration child-sa 1 (\d+)",
    "ike life": r"ipsec ike duration ike-sa 1 (\d+)",
    "encryption": r"ipsec ike encryption 1 (aes256-cbc)",
    "group": r"ipsec ike group 1 (modp\d+)",
    "hash": r"ipsec ike hash 1 (sha256)",
    "keepalive": r"ipsec ike keepalive use 1 on rfc4306 (\d+) 3",
    "local address": r"ipsec ike local address 1 ipv6 prefix (\S+ on \S+)",
    "local name": r"ipsec ike local name 1 (\S+) fqdn",
    "receive": r"ipsec ike negotiation receive 1 (off)",
    "pfs": r"ipsec ike pfs 1 (on)",
    "key": r"ipsec ike pre-shared-key 1 (.+)",
    "one offer": r"ipsec ike proposal-limitation 1 (on)",
    "remote address": r"ipsec ike remote address 1 (\S+)",
    "remote name": r"ipsec ike remote name 1 (\S+) fqdn",
    "version": r"ipsec ike version 1 (2)",
    "mtu": r"ip tunnel mtu (\d+)",
    "mss": r"ip tunnel tcp mss limit (\d+)",
}


def tunnel_meaning(lines: Iterable[str], plan: CpePlan, filters: Filters, auto_refresh: bool) -> TunnelMeaning | None:  # noqa: FBT001 - a fact of the configuration
    """Return how the tunnel is negotiated; None when the router does not begin it or it is not enabled.

    Raises:
        DeviceError: GW427 for a line in another form, or a line that is missing.
    """
    said = _sorted(lines)
    if not auto_refresh or "tunnel enable 1" not in said:
        return None
    missing = sorted(set(_IKE) - set(said)) + sorted({"ipsec tunnel 101"} - set(said))
    if missing:
        raise _unknown(f"no line for: {', '.join(missing)}")
    _check_underlay(said["local address"], plan)
    for subject, rekey_s in (("child life", plan.tunnel.child_rekey_s), ("ike life", plan.tunnel.ike_rekey_s)):
        if int(said[subject]) * 3 // 4 != rekey_s:  # renewed after 75 % of its life (15.48.1)
            raise _unknown(f"{subject} {said[subject]} s")
    group = GROUPS.get(said["group"])
    if group is None:
        raise _unknown(f"group {said['group']}")
    local, remote = filters.tunnel_ends()
    return TunnelMeaning(
        local_identity=said["local name"],
        remote_identity=said["remote name"],
        peer=ip_address(said["remote address"]),
        suite=CryptoSuite(
            level="BASE", encryption="aes256-cbc", integrity="sha256", prf="sha256", dh_group=group
        ),  # one hash is integrity and PRF (15.25)
        pfs_group=group,  # the first group of IKE is also PFS's (15.24)
        local_networks=local,
        remote_networks=remote,
        dpd_delay_s=int(said["keepalive"]),
        tunnel_mtu=int(said["mtu"]),
        mss=int(said["mss"]),
    )


def _sorted(lines: Iterable[str]) -> dict[str, str]:
    said: dict[str, str] = {}
    for line in lines:
        for subject, pattern in _IKE.items():
            if found := re.fullmatch(pattern, line):
                said[subject] = found.group(1)
                break
        else:
            if _ONCE.fullmatch(line):
                said[line] = ""
            elif not _FILTERS.fullmatch(line):
                raise _unknown(line)
    return said


def _check_underlay(value: str, plan: CpePlan) -> None:
    """See to it that IKE starts from the address with the plan's interface id."""
    source, port = ("ra", plan.wan.port) if plan.wan.prefix_by == "ra" else ("dhcp", plan.lan.port)
    if value != f"{source}-prefix@{plan.wan.port}{plan.wan.interface_id}/64 on {port}":
        raise _unknown(f"ipsec ike local address 1 ipv6 prefix {value}")


def _unknown(what: str) -> DeviceError:
    return DeviceError("GW427", "cpe.configuration", what, FIX)
