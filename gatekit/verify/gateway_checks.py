"""VM1's software as its users meet it: the portal's way in, the archive and the PACS. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from gatekit.model import Text
from gatekit.plan.model import Plan
from gatekit.plan.vm1.model import PacsSource
from gatekit.probes.target import ProbeTarget
from gatekit.render.postgresql.server import cluster_unit
from gatekit.verify.flow_checks import NO_PROBE, TIMEOUT_S, tier
from gatekit.verify.model import Check, Kind, NotRun, Operation
from gatekit.verify.readings import NO_HOST, Row, check_of, unless
from gatekit.verify.targets import Targets

SOCKETS = "ss -H -l -n -t"
UNITS = "systemctl show --property=Id,ActiveState,SubState"
CONFIGURED = "gatekit-pacs --json rules"
SYNC_LIMIT_S = 120
NO_TEST_PATIENT = Text(ja="サイトファイルに試験患者がない", en="the site file names no test patient of this PACS")
UNKNOWN_STUDY = "1.2.826.0.1.3680043.8.498.1"  # below pydicom's root; nobody's study


def gateway_checks(plan: Plan, targets: Targets) -> Iterator[Check | NotRun]:
    """Yield the checks of AP-2, OP-1, OP-2 and of IN-2 to IN-4 for each PACS."""
    portal = next((row for row in targets.probes.items() if row[1].address == plan.data_centre.portal), None)
    for word, requirement, path, accepts, title, expected in _pages(plan):
        identity = f"publish.{word}.portal"
        if portal is None or portal[1].ca_file is None:
            yield NotRun(identity, requirement, title, NO_PROBE)
        else:
            yield _page(plan, targets, portal, (identity, requirement, path, accepts, title, expected))
    unread = None if "vm1" in targets.hosts else NO_HOST
    for row in _state_rows(plan):
        yield unless(check_of(targets, "vm1", row), unread)
    for source in plan.vm1.pacs_gateway.sources:
        for row in _pacs_rows(source):
            unasked = NO_TEST_PATIENT if row.kind is Kind.SYNCHRONISATION and source.test_patient is None else None
            yield unless(check_of(targets, "vm1", row), unread or unasked)


type _Page = tuple[str, str, str, tuple[str, ...], Text, Text]


def _pages(plan: Plan) -> tuple[_Page, ...]:
    """Return (word, requirement, path, what proves it, title, what is expected) of each page the portal asks for."""
    allowed = plan.vm1.apache.images_may_be_downloaded
    refused = Text(ja="拒否される", en="refused")
    return (
        (
            "studies",
            "AP-2",
            "/dicom-web/studies?limit=1",
            ("served",),
            Text(ja="ポータルはVM1のアーカイブに照会できる", en="The portal can query VM1's archive"),
            Text(ja="検証済みTLSで応答", en="answered over verified TLS"),
        ),
        (
            "download",
            "OP-2",
            f"/dicom-web/studies/{UNKNOWN_STUDY}",
            # a study nobody has: Apache lets the question through to the archive (404), or refuses it itself (403)
            ("not_found",) if allowed else ("forbidden",),
            Text(ja="PACS画像の取得は計画どおり", en="Downloading PACS images is as planned"),
            Text(ja="アーカイブに届く", en="the question reaches the archive") if allowed else refused,
        ),
        (
            "elsewhere",
            "AP-2",
            "/system",
            ("forbidden", "not_found"),
            Text(ja="計画にないパスはVM1で拒否される", en="VM1 refuses a path that the plan does not name"),
            refused,
        ),
    )


def _page(plan: Plan, targets: Targets, portal: tuple[str, ProbeTarget], page: _Page) -> Check:
    (name, probe), (identity, requirement, path, accepts, title, expected) = portal, page
    web = plan.vm1.apache
    asks = Operation(
        "https",
        (
            ("address", str(web.address)),
            ("port", web.port),
            ("host", web.host_name),
            ("path", path),
            ("timeout_s", TIMEOUT_S),
            ("ca_file", probe.ca_file),
        ),
    )
    return Check(
        id=identity,
        kind=Kind.PUBLICATION,
        requirement=requirement,
        title=title,
        source=name,
        destination="vm1",
        protocol="tcp",
        port=str(web.port),
        expected=expected,
        tier=tier(targets, name, "vm1"),
        asks=asks,
        accepts=accepts,
    )


def units(plan: Plan) -> tuple[str, ...]:
    """Return the units that make up VM1's software."""
    software = plan.vm1
    archive = ("orthanc.service",) if software.archive.engine == "orthanc" else ("slapd.service",)
    database = cluster_unit(software.postgresql)
    return ("apache2.service", "gatekit-pacs-gateway.service", *archive, database, "wildfly.service")


def _state_rows(plan: Plan) -> tuple[Row, ...]:
    return (
        Row(
            "service.vm1.software",
            Kind.SERVICE,
            "AP-2",
            Text(
                ja="VM1でWildFly・Apache・アーカイブ・PACS GatewayServiceが稼働している",
                en="WildFly, Apache, the archive and PACS GatewayService run on VM1",
            ),
            Text(ja="全サービス稼働中", en="every service active"),
            (f"{UNITS} {' '.join(units(plan))}",),
            "gateway_units",
        ),
        Row(
            "service.vm1.loopback",
            Kind.SERVICE,
            "AP-2",
            Text(
                ja="データベース・WildFly・サービスの内部ポートはVM1内部だけで待ち受ける",
                en="Database, WildFly and the services' inner ports listen inside VM1 only",
            ),
            Text(ja="127.0.0.1のみ", en="127.0.0.1 only"),
            (SOCKETS,),
            "gateway_loopback",
        ),
        Row(
            "publication.rules",
            Kind.PUBLICATION,
            "OP-1",
            Text(
                ja="公開する画像の期間とモダリティは計画どおり",
                en="The period and the modalities of published images are as planned",
            ),
            Text(ja="稼働中のサービスの設定が計画と一致", en="what the running service says equals the plan"),
            (CONFIGURED,),
            "gateway_publication",
        ),
    )


def _pacs_rows(source: PacsSource) -> tuple[Row, ...]:
    patient = f" --patient {quote(source.test_patient)}" if source.test_patient else ""
    sync = f"gatekit-pacs --json sync --pacs {source.name}{patient} --deep --wait --timeout {SYNC_LIMIT_S}"
    difference = f"gatekit-pacs --json sync --pacs {source.name}{patient} --deep --dry-run"
    return (
        Row(
            f"pacs.peers.{source.name}",
            Kind.SERVICE,
            "IN-2",
            Text(
                ja=f"PACS {source.name}とアーカイブがDICOMで応答する",
                en=f"PACS {source.name} and the archive answer in DICOM",
            ),
            Text(ja="両者がアソシエーションを受け入れる", en="both take our association"),
            ("gatekit-pacs --json check",),
            "gateway_peers",
        ),
        Row(
            f"pacs.sync.{source.name}",
            Kind.SYNCHRONISATION,
            "IN-3",
            Text(
                ja=f"試験患者の公開対象検査はすべてPACS {source.name}からアーカイブに届いている",
                en=f"Every published study of the test patient is in the archive, from PACS {source.name}",
            ),
            Text(ja="取得後、差分なし", en="after the retrieval nothing differs"),
            (sync, difference),
            "gateway_first_sync",
        ),
        Row(
            f"pacs.difference.{source.name}",
            Kind.SYNCHRONISATION,
            "IN-4",
            Text(
                ja=f"アーカイブにあるものはPACS {source.name}から再取得しない",
                en=f"What the archive has is not requested again from PACS {source.name}",
            ),
            Text(ja="2回目の取得は0件", en="the second retrieval moves nothing"),
            (sync,),
            "gateway_second_sync",
            twice=True,
        ),
    )
