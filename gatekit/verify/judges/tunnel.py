"""The tunnel as strongSwan reports it (NW-6, VPN-4): state, negotiated algorithms, counters, no clear path."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from gatekit.model import Text
from gatekit.plan.flow import Zone
from gatekit.plan.model import Plan
from gatekit.plan.network_device import CryptoSuite, TunnelPlan
from gatekit.verify.judges.addresses import live_addresses
from gatekit.verify.model import Check, Verdict
from gatekit.verify.words import both

NO_SA = Text(ja="SAがない", en="no SA")
ENCRYPTION = {"aes256-gcm16": ("AES_GCM_16", "256"), "aes256-cbc": ("AES_CBC", "256")}
INTEGRITY = {"none": "", "sha256": "HMAC_SHA2_256_128"}
PRF = {"sha384": "PRF_HMAC_SHA2_384", "sha256": "PRF_HMAC_SHA2_256"}
GROUPS = {14: "MODP_2048", 15: "MODP_3072", 16: "MODP_4096", 19: "ECP_256", 20: "ECP_384"}

type Section = dict[str, Any]


def sas(text: str) -> tuple[tuple[str, Section], ...]:
    """Return (name, values) of each IKE SA in ``swanctl --list-sas --raw``.

    Sections are dicts, lists are lists, values strings. Source: vendor-configs 3.2, tried with 6.0.1.
    """
    rest = _words(text)
    found: list[tuple[str, Section]] = []
    for word in rest:
        if word == "{":
            found += _section(rest).items()
    return tuple(found)


def _words(text: str) -> Iterator[str]:
    """Yield braces, brackets and words; a value runs to the next space, brace or bracket at this level."""
    return iter(re.findall(r"[{}\[\]]|[^\s{}\[\]]+", text))


def _section(rest: Iterator[str]) -> Section:
    """Return the values up to the closing brace; the opening one is already read."""
    values: Section = {}
    name = ""
    for word in rest:
        if word == "}":
            break
        if word == "{":
            values[name] = _section(rest)
        elif word == "[":
            values[name.rstrip("=")] = list(iter(lambda: next(rest), "]"))
        else:
            key, equals, value = word.partition("=")
            name = word if equals and not value else key
            if equals and value:
                values[key] = value
    return values


def own_sa(plan: Plan, text: str) -> Section | None:
    """Return the established IKE SA of the plan's tunnel, the newest where a rekey left two."""
    rows = [sa for name, sa in sas(text) if name == plan.tunnel.name and sa.get("state") == "ESTABLISHED"]
    return rows[-1] if rows else None


def children(sa: Section) -> list[Section]:
    """Return the installed child SAs."""
    return [child for child in sa.get("child-sas", {}).values() if child.get("state") == "INSTALLED"]


def state(plan: Plan, check: Check, texts: tuple[str, ...]) -> Verdict:
    """NW-6: IKEv2 with the planned identities, and a child that carries exactly the planned networks."""
    del check
    sa = own_sa(plan, texts[0])
    if sa is None:
        return Verdict(ok=False, observed=NO_SA)
    wanted = _networks(plan.tunnel)
    carried = {(frozenset(child.get("local-ts", ())), frozenset(child.get("remote-ts", ()))) for child in children(sa)}
    ends = (sa.get("local-id"), sa.get("remote-id")) == (plan.tunnel.local.identity, plan.tunnel.remote.identity)
    seen = f"IKEv{sa.get('version')} {sa.get('state')} {sa.get('local-host')} - {sa.get('remote-host')}, "
    seen += "; ".join(
        f"{' '.join(sorted(own))} = {' '.join(sorted(far))}" for own, far in sorted(map(_ordered, carried))
    )
    return Verdict(ok=sa.get("version") == "2" and ends and wanted in carried, observed=both(seen))


def _ordered(pair: tuple[frozenset[str], frozenset[str]]) -> tuple[list[str], list[str]]:
    return sorted(pair[0]), sorted(pair[1])


def _networks(tunnel: TunnelPlan) -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(map(str, tunnel.local.networks)), frozenset(map(str, tunnel.remote.networks))


def algorithms(plan: Plan, check: Check, texts: tuple[str, ...]) -> Verdict:
    """VPN-4: IKE and ESP use exactly the planned suite. The first child shows no group (it rides on IKE_AUTH)."""
    del check
    sa = own_sa(plan, texts[0])
    if sa is None or not children(sa):
        return Verdict(ok=False, observed=NO_SA)
    suite = plan.tunnel.suite
    ike = _spoken(sa) == _planned(suite) and sa.get("dh-group") == GROUPS[suite.dh_group]
    ike = ike and sa.get("prf-alg") == PRF[suite.prf]
    esp = all(
        _spoken(child) == _planned(suite) and child.get("dh-group", GROUPS[suite.dh_group]) == GROUPS[suite.dh_group]
        for child in children(sa)
    )
    words = [sa.get(key, "") for key in ("encr-alg", "encr-keysize", "integ-alg", "prf-alg", "dh-group")]
    child = [children(sa)[0].get(key, "") for key in ("encr-alg", "encr-keysize", "integ-alg", "dh-group")]
    seen = f"IKE {'/'.join(filter(None, words))}, ESP {'/'.join(filter(None, child))}"
    return Verdict(ok=ike and esp, observed=both(seen))


def _spoken(sa: Section) -> tuple[str, str, str]:
    return sa.get("encr-alg", ""), sa.get("encr-keysize", ""), sa.get("integ-alg", "")


def _planned(suite: CryptoSuite) -> tuple[str, str, str]:
    return *ENCRYPTION[suite.encryption], INTEGRITY[suite.integrity]


def counters(plan: Plan, check: Check, texts: tuple[str, ...]) -> Verdict:
    """NW-6: bytes went both ways while the questions were asked; a rekey in between starts counting anew."""
    del check
    before, after = (own_sa(plan, text) for text in texts)
    if after is None:
        return Verdict(ok=False, observed=NO_SA)
    old = {child.get("spi-in", ""): child for child in children(before)} if before else {}
    grown = {"in": 0, "out": 0}
    for child in children(after):
        for way in grown:
            count = f"bytes-{way}"
            grown[way] += int(child[count]) - int(old.get(child.get("spi-in", ""), {}).get(count, "0"))
    return Verdict(ok=min(grown.values()) > 0, observed=both(f"+{grown['in']} B in, +{grown['out']} B out"))


def no_clear(plan: Plan, check: Check, texts: tuple[str, ...]) -> Verdict:
    """NW-6: the way to the portal is not the line, and a drop rule or a blackhole holds when the tunnel is down."""
    del check
    route, links, ruleset = texts
    line = line_interfaces(plan, links)
    devices = {row.get("dev", row.get("type", "")) for row in json.loads(route)}
    guards = clear_path_guards(ruleset)
    seen = f"dev {','.join(sorted(devices))}, line {','.join(sorted(line))}; {', '.join(guards) or 'no rule'}"
    ok = bool(line) and bool(devices) and not devices & line and {"forward", "output"} <= set(guards)
    return Verdict(ok=ok, observed=both(seen))


def line_interfaces(plan: Plan, links: str) -> set[str]:
    """Return the interfaces towards the line: on the firewall the one with the planned address.

    A CPE learns its address there: it is the cable that does not bear the inner address.
    """
    if plan.cpe is None:
        address = next(row.address for row in plan.firewall.interfaces if row.zone is Zone.UNTRUST)
        return {name for name, each in live_addresses(links).items() if any(address == row.ip for row in each)}
    inner = {name for name, each in live_addresses(links).items() if any(plan.cpe.lan.address == a.ip for a in each)}
    rows = json.loads(links)
    ethernet = {row["ifname"] for row in rows if row.get("link_type") == "ether"}
    return ethernet - inner


def clear_path_guards(ruleset: str) -> tuple[str, ...]:
    """Return the base chains that drop what would leave for the data centre by another interface than the tunnel.

    Found by what the rule does, not by its comment: ``oifname != X``, a destination match, ``drop``.
    """
    items = json.loads(ruleset)["nftables"]
    hooks = {
        (row["chain"]["table"], row["chain"]["name"]): row["chain"].get("hook", "") for row in items if "chain" in row
    }
    found = []
    for rule in (row["rule"] for row in items if "rule" in row):
        matches = [part["match"] for part in rule["expr"] if "match" in part]
        elsewhere = any(m["op"] == "!=" and m["left"] == {"meta": {"key": "oifname"}} for m in matches)
        aimed = any(
            m["op"] in ("==", "in") and m["left"] == {"payload": {"protocol": "ip", "field": "daddr"}} for m in matches
        )
        if elsewhere and aimed and any("drop" in part for part in rule["expr"]):
            found.append(hooks[rule["table"], rule["chain"]])
    return tuple(dict.fromkeys(found))
