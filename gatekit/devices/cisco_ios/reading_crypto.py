"""What the CPE's crypto objects negotiate, followed from the tunnel interface to the keyring."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_address, ip_interface
from typing import NamedTuple

from gatekit.devices.change.meaning import TunnelMeaning
from gatekit.devices.cisco_ios.lists import AccessList, entries
from gatekit.devices.cisco_ios.text import Section
from gatekit.devices.cisco_ios.unknown import unknown
from gatekit.devices.cisco_ios.words import ANY4
from gatekit.plan.flow import Address, Network
from gatekit.plan.network_device import CryptoSuite

_OBJECT = re.compile(
    r"crypto (ikev2 proposal|ikev2 policy|ikev2 keyring|ikev2 profile|ipsec transform-set|ipsec profile) (\S+)(.*)$"
)
_NOT_OURS = ("crypto pki ", "crypto key ")  # the certificate of the box's own SSH and HTTPS
_ENCRYPTION = {"aes-gcm-256": "aes256-gcm16", "aes-cbc-256": "aes256-cbc"}
_TRANSFORM = {"esp-gcm 256": "aes256-gcm16", "esp-aes 256 esp-sha256-hmac": "aes256-cbc"}
_HIGH = ("aes256-gcm16", "sha384", 20)  # vendor reference 0.2


class TunnelInterface(NamedTuple):
    """What the reader of interfaces found of the tunnel's."""

    name: str
    destination: str
    profile: str
    selectors: str | None  # list that says what is carried; without it everything is
    mtu: int
    mss: int


class CryptoObjects:
    """Every crypto object by kind: exactly one of each, since a second one is a second offer."""

    def __init__(self, parts: tuple[Section, ...]) -> None:
        self._found: dict[str, tuple[str, str, Section]] = {}
        for part in parts:
            if not part.header.startswith("crypto ") or part.header.startswith(_NOT_OURS):
                continue
            match = _OBJECT.match(part.header)
            if match is None or match.group(1) in self._found:
                raise unknown("crypto", part.header)
            self._found[match.group(1)] = (match.group(2), match.group(3).strip(), part)

    def __bool__(self) -> bool:
        return bool(self._found)

    def take(self, kind: str, name: str) -> tuple[str, Section]:
        """Return the rest of the header and the section of an object that something refers to."""
        found, rest, part = self._found.get(kind, ("", "", Section("")))
        if found != name:
            raise unknown(f"crypto {kind}", f"{name} is not there")
        return rest, part

    def only(self, kind: str) -> tuple[str, Section]:
        """Return the name and the section of the one object of a kind."""
        if kind not in self._found:
            raise unknown(f"crypto {kind}", "is not there")
        name, _, part = self._found[kind]
        return name, part


def tunnel_of(found: TunnelInterface, crypto: CryptoObjects, lists: Mapping[str, AccessList]) -> TunnelMeaning:
    """Return how the tunnel of an interface is negotiated.

    Raises:
        DeviceError: GW427 for an object, a line or a combination that is not known.
    """
    protection = _fields(crypto.take("ipsec profile", found.profile)[1], _PROTECTION)
    profile = _fields(crypto.take("ikev2 profile", protection["ikev2-profile"])[1], _PROFILE)
    transform, part = crypto.take("ipsec transform-set", protection["transform-set"])
    if part.lines != (" mode tunnel",) or transform not in _TRANSFORM:
        raise unknown(part.header, " ".join(part.lines))
    peer = _peer(crypto.take("ikev2 keyring", profile["keyring"])[1], profile)
    if peer != ip_address(found.destination):
        raise unknown(f"interface {found.name}", f"tunnel destination {found.destination} is not the keyring's peer")
    suite = _suite(crypto)
    if suite.encryption != _TRANSFORM[transform]:
        raise unknown(part.header, "IKE and ESP encrypt differently")
    local, remote = _selectors(found, lists)
    return TunnelMeaning.model_validate(
        {
            "local_identity": profile["local"],
            "remote_identity": profile["remote"],
            "peer": peer,
            "suite": suite,
            "pfs_group": int(protection["pfs"]),
            "local_networks": local,
            "remote_networks": remote,
            "dpd_delay_s": int(profile["dpd"]),
            "tunnel_mtu": found.mtu,
            "mss": found.mss,
        }
    )


_PROTECTION = (
    r" set security-association lifetime seconds (?P<lifetime>\d+)",
    r" set transform-set (?P<transform_set>\S+)",
    r" set pfs group(?P<pfs>\d+)",
    r" set ikev2-profile (?P<ikev2_profile>\S+)",
)
_PROFILE = (
    r" match identity remote fqdn (?P<remote>\S+)",
    r" identity local fqdn (?P<local>\S+)",
    r" authentication remote (?P<their_proof>pre-share)",
    r" authentication local (?P<our_proof>pre-share)",
    r" keyring local (?P<keyring>\S+)",
    r" lifetime (?P<lifetime>\d+)",
    r" dpd (?P<dpd>\d+) \d+ periodic",
)
_PEER = (
    r" peer (?P<peer>\S+)",
    r"  address (?P<address>\S+)",
    r"  pre-shared-key local (?P<ours>\S.*)",
    r"  pre-shared-key remote (?P<theirs>\S.*)",
)
_PROPOSAL = (
    r" encryption (?P<encryption>aes-gcm-256|aes-cbc-256)",
    r" integrity (?P<integrity>sha256)",
    r" prf (?P<prf>sha384|sha256)",
    r" group (?P<group>\d+)",
)


def _fields(part: Section, forms: tuple[str, ...], *, optional: frozenset[str] = frozenset()) -> dict[str, str]:
    """Return a section's values by name; every line known, none twice, none missing."""
    found: dict[str, str] = {}
    for line in part.lines:
        match = next((one for form in forms if (one := re.fullmatch(form, line))), None)
        fields = {} if match is None else {key.replace("_", "-"): value for key, value in match.groupdict().items()}
        if not fields or fields.keys() & found.keys():
            raise unknown(part.header, line)
        found |= fields
    wanted = {name.replace("_", "-") for form in forms for name in re.findall(r"\?P<(\w+)>", form)} - optional
    for name in sorted(wanted - found.keys()):
        raise unknown(part.header, f"{name} is missing")
    return found


def _peer(part: Section, profile: Mapping[str, str]) -> Address:
    peer = _fields(part, _PEER)
    address = ip_interface(peer["address"])
    if address.network.prefixlen != address.max_prefixlen:
        raise unknown(part.header, f"address {peer['address']} is more than one peer ({profile['remote']})")
    return address.ip


def _suite(crypto: CryptoObjects) -> CryptoSuite:
    """Return the one proposal that the one policy offers."""
    _, policy = crypto.only("ikev2 policy")
    name, part = crypto.only("ikev2 proposal")
    if policy.lines != (f" proposal {name}",):
        raise unknown(policy.header, " ".join(policy.lines))
    found = _fields(part, _PROPOSAL, optional=frozenset({"integrity", "prf"}))
    encryption, integrity = _ENCRYPTION[found["encryption"]], found.get("integrity", "none")
    prf = found.get("prf", integrity)
    if prf == "none" or (encryption == "aes256-gcm16") is not (integrity == "none"):
        raise unknown(part.header, f"encryption {found['encryption']} with integrity {integrity} and prf {prf}")
    group = int(found["group"])
    level = "HIGH" if (encryption, prf, group) == _HIGH else "BASE"
    return CryptoSuite.model_validate(
        {"level": level, "encryption": encryption, "integrity": integrity, "prf": prf, "dh_group": group}
    )


def _selectors(
    found: TunnelInterface, lists: Mapping[str, AccessList]
) -> tuple[frozenset[Network], frozenset[Network]]:
    """Return the networks of both sides; every pair of them has to be a line of the list."""
    if found.selectors is None:
        return frozenset({ANY4}), frozenset({ANY4})
    pairs = selector_pairs(found.selectors, lists)
    local, remote = frozenset(one for one, _ in pairs), frozenset(one for _, one in pairs)
    if len(pairs) != len(local) * len(remote):
        raise unknown(f"list {found.selectors}", "not every pair of networks is carried")
    return local, remote


def selector_pairs(name: str, lists: Mapping[str, AccessList]) -> frozenset[tuple[Network, Network]]:
    """Return the pairs of networks that a list of plain permits names."""
    if name not in lists:
        raise unknown(f"list {name}", "is not there")
    try:
        rows = entries(lists[name])
    except ValueError as err:
        raise unknown(f"list {name}", str(err)) from err
    for row, line in zip(rows, lists[name].raw, strict=True):
        if not row.permits or row.protocol != "ip":
            raise unknown(f"list {name}", line)
    return frozenset((row.source, row.destination) for row in rows)
