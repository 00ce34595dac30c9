"""What an SRX's IKE and IPsec sections negotiate."""

from __future__ import annotations

from ipaddress import IPv4Network, ip_address

from gatekit.devices.change.meaning import TunnelMeaning
from gatekit.devices.junos.statements import Statements
from gatekit.plan.network_device import CryptoSuite

_PROPOSAL = "security ike proposal <name>"
_GATEWAY = "security ike gateway <name>"
_ESP = "security ipsec proposal <name>"
_VPN = "security ipsec vpn <name>"
PRFS = {"sha-256": "sha256", "sha-384": "sha384"}


def tunnel(said: Statements) -> TunnelMeaning | None:
    """Return the one tunnel, or None when there is no VPN.

    Raises:
        DeviceError: GW427 for more than one gateway, VPN or offer, for anything but IKEv2 with a pre-shared key,
            and for an ESP offer that differs from the IKE offer.
    """
    vpns = said[f"{_VPN} bind-interface <unit>"]
    gateways = said[f"{_GATEWAY} address <address>"]
    if not vpns and not gateways:
        return None
    if len(vpns) != 1 or len(gateways) != 1:
        raise said.unclear("security ipsec", f"{len(vpns)} VPNs, {len(gateways)} gateways")
    vpn, gateway = vpns[0][0], said.one_of(f"{_VPN} ike gateway <gateway>", vpns[0][0])
    _bound(said, vpn, gateway)
    pfs = _group(said, said.one("security ipsec policy <name> perfect-forward-secrecy keys <group>")[1])
    suite = _suite(said, gateway)
    _esp_as_ike(said, vpn, suite)
    return TunnelMeaning(
        local_identity=said.one_of(f"{_GATEWAY} local-identity hostname <identity>", gateway),
        remote_identity=said.one_of(f"{_GATEWAY} remote-identity hostname <identity>", gateway),
        peer=ip_address(said.one_of(f"{_GATEWAY} address <address>", gateway)),
        suite=suite,
        pfs_group=pfs,
        local_networks=_selected(said, vpn, "local-ip"),
        remote_networks=_selected(said, vpn, "remote-ip"),
        dpd_delay_s=int(said.one_of(f"{_GATEWAY} dead-peer-detection interval <seconds>", gateway)),
        tunnel_mtu=int(said.one("interfaces st0 unit 0 family inet mtu <octets>")[0]),
        mss=int(said.one("security flow tcp-mss ipsec-vpn mss <octets>")[0]),
    )


def _bound(said: Statements, vpn: str, gateway: str) -> None:
    """What holds the pieces together: st0.0, IKEv2, the port of UNTRUST, a secret, DPD that always asks."""
    unit = said.one_of(f"{_VPN} bind-interface <unit>", vpn)
    version = said.one_of(f"{_GATEWAY} version <version>", gateway)
    outside = said.one_of(f"{_GATEWAY} external-interface <unit>", gateway)
    if (unit, version) != ("st0.0", "v2-only"):
        raise said.unclear(f"security ike gateway {gateway}", f"{unit} {version}")
    zones = {
        row[1]: row[0]
        for row in said[
            "security zones security-zone <zone> interfaces <unit> host-inbound-traffic system-services <service>"
        ]
    }
    if zones.get(outside) != "UNTRUST":
        raise said.unclear(f"security ike gateway {gateway} external-interface", outside)
    policy = said.one_of(f"{_GATEWAY} ike-policy <policy>", gateway)
    said.one_of("security ike policy <name> pre-shared-key ascii-text <secret>", policy)
    said.one(f"{_GATEWAY} dead-peer-detection always-send")


def _suite(said: Statements, gateway: str) -> CryptoSuite:
    """Return the IKE offer; the level is HIGH only with all of what HIGH asks for (vendor reference 0.2)."""
    policy = said.one_of(f"{_GATEWAY} ike-policy <policy>", gateway)
    offer = said.one_of("security ike policy <name> proposals <proposal>", policy)
    if said.one_of(f"{_PROPOSAL} authentication-method <method>", offer) != "pre-shared-keys":
        raise said.unclear(f"security ike proposal {offer}", "not a pre-shared key")
    hashed = said.one_of(f"{_PROPOSAL} authentication-algorithm <algorithm>", offer)
    cipher = said.one_of(f"{_PROPOSAL} encryption-algorithm <algorithm>", offer)
    group = _group(said, said.one_of(f"{_PROPOSAL} dh-group <group>", offer))
    if hashed not in PRFS or cipher not in {"aes-256-gcm", "aes-256-cbc"}:
        raise said.unclear(f"security ike proposal {offer}", f"{cipher} {hashed}")
    gcm = cipher == "aes-256-gcm"
    return CryptoSuite.model_validate(
        {
            "level": "HIGH" if (gcm, hashed, group) == (True, "sha-384", 20) else "BASE",
            "encryption": "aes256-gcm16" if gcm else "aes256-cbc",
            "integrity": "none" if gcm else PRFS[hashed],
            "prf": PRFS[hashed],
            "dh_group": group,
        }
    )


def _esp_as_ike(said: Statements, vpn: str, suite: CryptoSuite) -> None:
    policy = said.one_of(f"{_VPN} ike ipsec-policy <policy>", vpn)
    offer = said.one_of("security ipsec policy <name> proposals <proposal>", policy)
    cipher = said.one_of(f"{_ESP} encryption-algorithm <algorithm>", offer)
    integrity = said.of(f"{_ESP} authentication-algorithm <algorithm>", offer)
    gcm = suite.encryption == "aes256-gcm16"
    wanted = ("esp", "aes-256-gcm", ()) if gcm else ("esp", "aes-256-cbc", ("hmac-sha-256-128",))
    if (said.one_of(f"{_ESP} protocol <protocol>", offer), cipher, integrity) != wanted:
        raise said.unclear(f"security ipsec proposal {offer}", f"{cipher} {' '.join(integrity)}: not as IKE")
    said.one_of("security ipsec policy <name> perfect-forward-secrecy keys <group>", policy)


def _group(said: Statements, text: str) -> int:
    number = text.removeprefix("group")
    if not number.isdigit():
        raise said.unclear("security ike dh-group", text)
    return int(number)


def _selected(said: Statements, vpn: str, side: str) -> frozenset[IPv4Network]:
    """Return one side of the selectors; GW427 unless every local network is paired with every remote one."""
    pairs: dict[str, dict[str, str]] = {}
    for end in ("local-ip", "remote-ip"):
        for name, selector, network in said[f"{_VPN} traffic-selector <selector> {end} <network>"]:
            if name == vpn:
                pairs.setdefault(selector, {})[end] = network
    if any(len(pair) != 2 for pair in pairs.values()):
        raise said.unclear(f"security ipsec vpn {vpn} traffic-selector", "an end is missing")
    whole = {(pair["local-ip"], pair["remote-ip"]) for pair in pairs.values()}
    locals_, remotes = ({pair[0] for pair in whole}, {pair[1] for pair in whole})
    if not pairs or len(whole) != len(locals_) * len(remotes) or len(whole) != len(pairs):
        raise said.unclear(f"security ipsec vpn {vpn} traffic-selector", "not every pair of networks, once")
    return frozenset(IPv4Network(network) for network in (locals_ if side == "local-ip" else remotes))
