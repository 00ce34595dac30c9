"""VM1's software: units, inner ports, what is published, and archive against PACS (AP-2, IN-2 .. IN-4, OP-1)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from gatekit.catalogue.vm1 import vm1
from gatekit.model import Text
from gatekit.plan.model import Plan
from gatekit.verify.model import Check, Verdict
from gatekit.verify.words import both

LOOPBACK = ("127.0.0.1", "[::1]", "[::ffff:127.0.0.1]")
BOUND_TO_ALL = ("archive_http",)
"""Orthanc 1.12 cannot bind HTTP to one address: it refuses strangers itself, and the scans of VM1 from every zone
show that the packet filter lets nobody that far."""
MISSING = ("studies", "series", "instances")


def units(plan: Plan, check: Check, texts: tuple[str, ...]) -> Verdict:
    """AP-2: every unit that was asked for is there and active."""
    del plan, check
    blocks = [dict(line.split("=", 1) for line in block.splitlines()) for block in texts[0].strip().split("\n\n")]
    active = {row["Id"]: row["ActiveState"] == "active" for row in blocks}
    seen = ", ".join(f"{row['Id'].removesuffix('.service')} {row['ActiveState']}/{row['SubState']}" for row in blocks)
    return Verdict(ok=bool(active) and all(active.values()), observed=both(seen))


def loopback(plan: Plan, check: Check, texts: tuple[str, ...]) -> Verdict:
    """AP-2: each inner port is heard, and on loopback only."""
    del check
    ports = vm1().loopback_ports
    used = {"postgresql", "wildfly_http", "wildfly_management", "pacs_gateway"}
    used |= {"archive_http"} if plan.vm1.archive.engine == "orthanc" else {"ldap"}
    heard = {name: set(_hosts(texts[0], port)) for name, port in ports.items()}
    silent = sorted(name for name in used if not heard[name])
    outside = sorted(name for name, hosts in heard.items() if name not in BOUND_TO_ALL and not hosts <= set(LOOPBACK))
    seen_ja, seen_en = f"{len(used)}個のポート", f"{len(used)} ports"
    if silent or outside:
        seen_ja = f"応答なし {' '.join(silent)}; 外部に公開 {' '.join(outside)}"
        seen_en = f"silent {' '.join(silent)}; open to others {' '.join(outside)}"
    return Verdict(ok=not silent and not outside, observed=Text(ja=seen_ja, en=seen_en))


def _hosts(text: str, port: int) -> Iterator[str]:
    for line in text.splitlines():
        host, _, heard = line.split()[3].rpartition(":")
        if heard == str(port):
            yield host.split("%")[0]


def publication(plan: Plan, check: Check, texts: tuple[str, ...]) -> Verdict:
    """OP-1: the running service publishes the plan's months and modalities."""
    del check
    live, wanted = json.loads(texts[0]), plan.vm1.pacs_gateway
    same = (live["published_months"], tuple(live["modalities"])) == (wanted.published_months, wanted.modalities)
    modalities = " ".join(live["modalities"])
    months = live["published_months"]
    return Verdict(
        ok=same,
        observed=Text(ja=f"{months}か月、{modalities or '全モダリティ'}", en=f"{months} months, {modalities or 'all'}"),
    )


def peers(plan: Plan, check: Check, texts: tuple[str, ...]) -> Verdict:
    """IN-2: this PACS and the archive take the association."""
    name = check.id.removeprefix("pacs.peers.")
    wanted = {name, "archive"}
    rows = {row["name"]: row for row in json.loads(texts[0])["peers"] if row["name"] in wanted}
    del plan
    said = "; ".join(f"{name}: {row['fault']['value'] if row['fault'] else 'ok'}" for name, row in sorted(rows.items()))
    return Verdict(ok=set(rows) == wanted and all(row["usable"] for row in rows.values()), observed=both(said))


def first_sync(plan: Plan, check: Check, texts: tuple[str, ...]) -> Verdict:
    """IN-3: after the retrieval nothing that is published is missing; texts: the retrieval, the difference after it."""
    del plan, check
    request, difference = _request(texts[0]), json.loads(texts[1])["differences"]
    missing = {part: sum(len(found[part]) for found in difference) for part in MISSING}
    ok = request["state"] == "done" and len(difference) == 1 and not any(missing.values())
    counts = ", ".join(f"{count} {part}" for part, count in missing.items())
    return Verdict(
        ok=ok, observed=Text(ja=f"{request['state']}、不足 {counts}", en=f"{request['state']}, missing {counts}")
    )


def second_sync(plan: Plan, check: Check, texts: tuple[str, ...]) -> Verdict:
    """IN-4: the later of two retrievals moved nothing; texts: both."""
    del plan, check
    first, second = (_request(text) for text in texts)
    ok = first["state"] == second["state"] == "done" and second["moved_instances"] == 0
    return Verdict(
        ok=ok,
        observed=Text(
            ja=f"1回目 {first['moved_instances']}件、2回目 {second['moved_instances']}件",
            en=f"{first['moved_instances']} instances first, {second['moved_instances']} then",
        ),
    )


def _request(text: str) -> dict[str, Any]:
    """Return the one request a retrieval of one patient from one PACS makes."""
    (request,) = json.loads(text)["requests"]
    return dict(request)
