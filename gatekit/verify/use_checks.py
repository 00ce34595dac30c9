"""What the people at the hospital and at viewing facilities use: proxy, PAC file, portal. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gatekit.model import Text
from gatekit.plan.flow import Zone
from gatekit.plan.model import Plan
from gatekit.probes.target import ProbeTarget
from gatekit.verify.flow_checks import TIMEOUT_S, tier
from gatekit.verify.model import Check, Kind, NotRun, Operation, Scalar
from gatekit.verify.refusal_checks import strangers
from gatekit.verify.targets import Targets

PAC_PATH = "/proxy.pac"
STRANGER = "www.example.org"  # a name of no plan (RFC 2606)
HTTPS = 443
NO_CERTIFICATE = Text(ja="検査用のクライアント証明書がない", en="no client certificate is there to ask with")


def use_checks(plan: Plan, targets: Targets) -> Iterator[Check | NotRun]:
    """Yield the checks of HC-1 and HC-2 from each HIS terminal, and of OP-9 from each viewing facility."""
    for name, probe in strangers(targets):
        if probe.zone is Zone.TRUST and any(probe.address in network for network in plan.proxy.clients):
            yield from _proxy_checks(plan, targets, name, probe)
            yield _pac_check(plan, targets, name)
        if probe.zone is Zone.UNTRUST:
            yield from _portal_checks(plan, targets, name, probe)


@dataclass(frozen=True, slots=True)
class _Words:
    """What is asked and expected; ``detail`` is what the answer must contain."""

    title: Text
    expected: Text
    detail: str = ""


type _Key = tuple[str, Kind, str]
"""Id, kind, requirement."""
type _Way = tuple[str, str, int]
"""Source, destination, port."""


def _check(targets: Targets, key: _Key, way: _Way, asks: Operation, accepts: tuple[str, ...], words: _Words) -> Check:
    (identity, kind, requirement), (source, destination, port) = key, way
    return Check(
        id=identity,
        kind=kind,
        requirement=requirement,
        title=words.title,
        source=source,
        destination=destination,
        protocol="tcp",
        port=str(port),
        expected=words.expected,
        tier=tier(targets, source, destination),
        asks=asks,
        accepts=accepts,
        detail=words.detail,
    )


def _proxy_checks(plan: Plan, targets: Targets, name: str, probe: ProbeTarget) -> Iterator[Check]:
    portal, port = plan.data_centre.portal_name, plan.proxy.connect_ports[0]
    fixed: tuple[tuple[str, Scalar], ...] = (
        ("proxy", str(plan.proxy.address)),
        ("proxy_port", plan.proxy.port),
        ("timeout_s", 2 * TIMEOUT_S),
        ("path", "/"),
    )
    served = Operation(
        "proxy",
        (*fixed, ("method", "CONNECT"), ("host", portal), ("port", port), ("tls", True), ("ca_file", probe.ca_file)),
    )
    yield _check(
        targets,
        (f"proxy.portal.{name}", Kind.PROXY, "HC-1"),
        (name, "portal", port),
        served,
        ("served",),
        _Words(
            Text(ja="HIS端末がプロキシ経由でポータルを開ける", en="A HIS terminal opens the portal through the proxy"),
            Text(ja="ポータルのページが検証済みTLSで届く", en="the portal's page arrives over verified TLS"),
        ),
    )
    vm1, esxi = str(plan.vm("vm1").address), str(plan.esxi.address)
    strangers = (
        ("other_name", "CONNECT", STRANGER, HTTPS, "計画外の名前", "a name outside the plan"),
        ("other_port", "CONNECT", portal, 22, "計画外のポート", "a port outside the plan"),
        ("vm1", "CONNECT", vm1, 22, "VM1自身", "VM1 itself"),
        ("esxi", "CONNECT", esxi, HTTPS, "ESXiの管理画面", "the management page of ESXi"),
        ("plain", "GET", STRANGER, 80, "計画外への平文HTTP", "plain HTTP to a name outside the plan"),
    )
    for word, method, host, stranger_port, ja, en in strangers:
        asks = Operation("proxy", (*fixed, ("method", method), ("host", host), ("port", stranger_port)))
        yield _check(
            targets,
            (f"proxy.{word}.{name}", Kind.PROXY, "HC-1"),
            (name, host, stranger_port),
            asks,
            ("refused_by_proxy",),
            _Words(
                Text(ja=f"プロキシは{ja}を拒否する", en=f"The proxy refuses {en}"),
                Text(ja="403で拒否", en="refused with 403"),
                "403",
            ),
        )


def _pac_check(plan: Plan, targets: Targets, name: str) -> Check:
    address = str(plan.proxy.address)
    asks = Operation(
        "http",
        (
            ("address", address),
            ("port", plan.proxy.pac_port),
            ("host", address),
            ("path", PAC_PATH),
            ("timeout_s", TIMEOUT_S),
        ),
    )
    return _check(
        targets,
        (f"pac.{name}", Kind.PAC, "HC-2"),
        (name, "vm2", plan.proxy.pac_port),
        asks,
        ("served",),
        _Words(
            Text(ja="PACファイルが配布され、内容が計画どおり", en="The PAC file is served and says what the plan says"),
            Text(ja="計画の宛先だけがプロキシを通る", en="exactly the plan's destinations go to the proxy"),
        ),
    )


def _portal_checks(plan: Plan, targets: Targets, name: str, probe: ProbeTarget) -> Iterator[Check | NotRun]:
    centre = plan.data_centre
    fixed: tuple[tuple[str, Scalar], ...] = (
        ("address", str(centre.portal_public)),
        ("port", HTTPS),
        ("host", centre.portal_name),
        ("path", "/"),
        ("timeout_s", TIMEOUT_S),
        ("ca_file", probe.ca_file),
    )
    yield _check(
        targets,
        (f"portal.without_certificate.{name}", Kind.PORTAL, "OP-9"),
        (name, "portal_public", HTTPS),
        Operation("https", fixed),
        ("tls_refused", "denied", "forbidden"),
        _Words(
            Text(
                ja="証明書のない閲覧施設はポータルに拒否される",
                en="A viewing facility without a client certificate is refused",
            ),
            Text(ja="TLSまたは4xxで拒否", en="refused in TLS or with 4xx"),
        ),
    )
    title = Text(
        ja="証明書のある閲覧施設はポータルを開ける", en="A viewing facility with a client certificate is served"
    )
    identity = f"portal.with_certificate.{name}"
    if probe.certificate is None or probe.key is None:
        yield NotRun(identity, "OP-9", title, NO_CERTIFICATE)
        return
    asks = Operation("https", (*fixed, ("certificate", probe.certificate), ("key", probe.key)))
    yield _check(
        targets,
        (identity, Kind.PORTAL, "OP-9"),
        (name, "portal_public", HTTPS),
        asks,
        ("served",),
        _Words(title, Text(ja="ページが配信される", en="the page is served")),
    )
