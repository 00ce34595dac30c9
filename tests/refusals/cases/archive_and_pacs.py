"""The archive, the applications on WildFly, and how a PACS is asked."""

from __future__ import annotations

from tests.refusals.case import REMOVED, Case

NO_SHA256 = "0" * 64
NO_FILE = "Put the file itself, not a link, into pattern4/."
DCM4CHEE = {"engine": "dcm4chee", "ae_title": "KITA_GW"}
APPLICATION = {"name": "collector", "context": "/collector", "path": "collector.war", "sha256": NO_SHA256}

CASES = (
    Case(
        "archive without an engine",
        edit={"archive.engine": REMOVED},
        expected=(("GW103", "archive.engine", "missing", "Give engine, one of: dcm4chee, orthanc."),),
    ),
    Case(
        "an engine we do not have",
        edit={"archive.engine": "dcm4che"},
        expected=(("GW104", "archive.engine", "dcm4che", "Did you mean dcm4chee? Use one of: dcm4chee, orthanc."),),
    ),
    Case(
        "dcm4chee without its distribution",
        edit={"archive": DCM4CHEE},
        expected=(("GW103", "archive.distribution", "missing", "Give distribution: The distribution's zip."),),
    ),
    Case(
        "distribution missing",
        edit={"archive": {**DCM4CHEE, "distribution": {"path": "arc-psql.zip", "sha256": NO_SHA256}}},
        expected=(("GW142", "archive.distribution.path", "arc-psql.zip", NO_FILE),),
    ),
    Case(
        "a version of dcm4chee without a known WildFly",
        edit={"archive": {**DCM4CHEE, "distribution": {"path": "a.zip", "sha256": NO_SHA256, "version": "5.20.0"}}},
        expected=(("GW104", "archive.distribution.version", "5.20.0", "Use one of: 5.34.2, 5.34.3."),),
    ),
    Case(
        "Orthanc with a distribution",
        edit={"archive.distribution": {"path": "arc-psql.zip", "sha256": NO_SHA256}},
        expected=(
            (
                "GW102",
                "archive.distribution",
                "distribution",
                "Remove it; the keys here are ae_title, port, compression, retention_months, engine.",
            ),
        ),
    ),
    Case(
        "lossy compression",
        edit={"archive.compression": "jpeg"},
        expected=(("GW104", "archive.compression", "jpeg", "Use one of: none, jpeg_ls_lossless, jpeg_2000_lossless."),),
    ),
    Case(
        "application missing",
        edit={"application": {"deployments": [APPLICATION]}},
        expected=(("GW142", "application.deployments[0].path", "collector.war", NO_FILE),),
    ),
    Case(
        "application on a path of the Gateway's own",
        edit={"application": {"deployments": [{**APPLICATION, "context": "/gateway"}]}},
        expected=(
            (
                "GW111",
                "application.deployments[0].context",
                "/gateway",
                "Use another: what the Gateway itself answers has this one.",
            ),
            ("GW142", "application.deployments[0].path", "collector.war", NO_FILE),
        ),
    ),
    Case(
        "WildFly's zip missing",
        edit={"application": {"wildfly": {"path": "wildfly.zip", "sha256": NO_SHA256}}},
        expected=(("GW142", "application.wildfly.path", "wildfly.zip", NO_FILE),),
    ),
    Case(
        "a window of the day without end",
        edit={"pacs[0].move_windows": ["22:00-22:00"]},
        expected=(
            (
                "GW105",
                "pacs[0].move_windows[0]",
                "22:00-22:00",
                "Use two different times, or leave the windows out for always.",
            ),
        ),
    ),
    Case(
        "a window of the day past 24 hours",
        edit={"pacs[0].move_windows": ["22:00-24:00"]},
        expected=(
            (
                "GW110",
                "pacs[0].move_windows[0]",
                "22:00-24:00",
                "Write a time of the day in quotes, such as '22:00-06:00'; it may pass midnight.",
            ),
        ),
    ),
    Case(
        "a test patient with a wildcard",
        edit={"pacs[0].test_patient": "0000*"},
        expected=(
            (
                "GW110",
                "pacs[0].test_patient",
                "0000*",
                "Write a patient id in quotes: letters, digits, - _ . (no wildcards).",
            ),
        ),
    ),
    Case(
        "patient ids of no digits",
        edit={"pacs[0].patient_id": {"digits": 0}},
        expected=(("GW105", "pacs[0].patient_id.digits", 0, "Use 1 or more."),),
    ),
    Case(
        "no bandwidth at all",
        edit={"pacs[0].bandwidth_mbit_s": 0},
        expected=(("GW105", "pacs[0].bandwidth_mbit_s", 0, "Use 1 or more."),),
    ),
    Case(
        "archive on PostgreSQL's port",
        edit={"archive.port": 5432},
        expected=(
            (
                "GW122",
                "archive.port",
                5432,
                "Use another address or port: the postgresql of VM1 has this one.",
            ),
        ),
    ),
    Case(
        "images deleted before their publication ends",
        edit={"archive.retention_months": 12},
        expected=(
            (
                "GW105",
                "archive.retention_months",
                12,
                "Use 36 or more, or leave it out: pacs_images are published for that many months.",
            ),
        ),
    ),
)
