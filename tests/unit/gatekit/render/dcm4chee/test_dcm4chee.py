"""The archive's entries, files and part of WildFly follow from the plan, and only from it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import Any

import pytest

from gatekit.catalogue.vm1 import vm1
from gatekit.errors import RenderError
from gatekit.plan.vm1.model import DirectoryPlan
from gatekit.portable.directory.ldif import parse
from gatekit.render.dcm4chee.role_input import dcm4chee_role_input, dcm4chee_running
from tests.sites import example_plan

DEVICE = "dicomDeviceName=dcm4chee-arc,cn=Devices,cn=DICOM Configuration,dc=dcm4che,dc=org"
FOUND = {"dcm4chee-arc-ear-5.34.3-psql.ear": "e" * 64, "dcm4chee-arc-ui2-5.34.3.war": "a" * 64}


def parts(**archive: Any) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Return archive, directory and WildFly of pattern 4 as if its site file named dcm4chee."""
    plan = example_plan().vm1
    artefact = {"path": "arc.zip", "sha256": "f" * 64}
    row = plan.archive.model_dump(mode="json")
    row |= {"engine": "dcm4chee", "distribution": {"version": "5.34.3", "artefact": artefact}} | archive
    facts = vm1()
    tree = DirectoryPlan(
        port=facts.loopback_ports["ldap"],
        suffix=facts.directory.suffix,
        password="directory_password",
        size_limit=facts.directory.size_limit,
        dump_at=facts.directory.dump_at,
        time_zone=plan.postgresql.time_zone,
        dumps_kept_days=facts.postgresql.dumps_kept_days,
        backup_folder=facts.directory.backup_folder,
    )
    return row, tree.model_dump(mode="json"), plan.wildfly.model_dump(mode="json")


def changes(**archive: Any) -> dict[str, dict[str, list[str]]]:
    """Return, of the site's own LDIF, name -> attribute -> values."""
    text = dcm4chee_role_input(*parts(**archive))["entries"]["sources"][-1]["text"]
    found: dict[str, dict[str, list[str]]] = {}
    for record in parse(text.encode(), "text", lambda url: url.encode()):
        rows = [(name, values) for name, values in record.attributes]
        rows += [(change.attribute, change.values) for change in record.changes]
        found[record.dn] = {name: [value.decode() for value in values] for name, values in rows}
    return found


def test_ap_2_only_the_plans_nodes_and_vm1_itself_may_associate() -> None:
    own = changes()[f"dicomAETitle=KITA_GW,{DEVICE}"]
    assert own["dcmAcceptedCallingAETitle"] == ["KITA_GW", "KITA_PACS"]
    assert own["dicomNetworkConnectionReference"] == [f"cn=dicom,{DEVICE}"]


def test_ap_2_every_other_face_and_port_of_the_archive_is_closed() -> None:
    closed = {dn.split(",")[0] for dn, row in changes().items() if row.get("dicomInstalled") == ["FALSE"]}
    assert closed == {
        *(f"cn={name}" for name in ("dicom-tls", "hl7", "hl7-tls")),
        *(f"dicomAETitle={name}" for name in ("AS_RECEIVED", "WORKLIST")),
        *(f"dicomAETitle=IOCM_{name}" for name in ("EXPIRED", "PAT_SAFETY", "QUALITY", "REGULAR_USE", "WRONG_MWL")),
    }


def test_ap_2_images_go_to_their_own_volume_and_stop_before_it_is_full() -> None:
    assert changes()[f"dcmStorageID=fs1,{DEVICE}"] == {
        "dcmURI": ["file:///srv/archive/"],
        "dcmStorageThreshold": ["20GB"],
        "dcmStorageThresholdExceedsPermanently": ["FALSE"],
    }


def test_ap_2_the_key_store_everybody_knows_is_replaced_by_the_sites() -> None:
    assert changes()[DEVICE] == {
        "dcmKeyStoreURL": ["file:/etc/wildfly/https.p12"],
        "dcmKeyStorePin": ["<secret wildfly_keystore_password>"],
        "dcmTrustStoreURL": [],
        "dcmTrustStorePin": [],
        "dcmTrustStoreType": [],
    }


def test_ap_2_a_pacs_is_a_device_of_its_own_and_its_title_is_registered() -> None:
    found = changes()
    device = DEVICE.replace("dcm4chee-arc", "pacs-main")
    assert found[f"cn=dicom,{device}"]["dicomHostname"] == ["192.168.30.10"]
    assert found[f"cn=dicom,{device}"]["dicomPort"] == ["104"]
    assert found[f"dicomAETitle=KITA_PACS,{device}"]["dicomNetworkConnectionReference"] == [f"cn=dicom,{device}"]
    assert "dicomAETitle=KITA_PACS,cn=Unique AE Titles Registry,cn=DICOM Configuration,dc=dcm4che,dc=org" in found


def test_op_1_retention_and_compression_are_entries_when_wanted_and_absent_when_not() -> None:
    limited = changes(retention_months=36, compression="jpeg_ls_lossless")
    assert limited[f"cn=gatekit retention,{DEVICE}"]["dcmRetentionPeriod"] == ["P36M"]
    assert limited[f"cn=gatekit compression,{DEVICE}"]["dicomTransferSyntax"] == ["1.2.840.10008.1.2.4.80"]
    wanted = dcm4chee_role_input(*parts(retention_months=36, compression="jpeg_ls_lossless"))
    absent = [f"cn=gatekit compression,{DEVICE}", f"cn=gatekit retention,{DEVICE}"]
    assert not set(absent) & set(wanted["entries"]["absent"])
    assert dcm4chee_role_input(*parts())["entries"]["absent"] == [*absent, *wanted["entries"]["absent"]]


def test_ap_2_a_pacs_or_its_title_that_left_the_site_file_leaves_the_configuration() -> None:
    devices = DEVICE.partition(",")[2]
    wanted = dcm4chee_role_input(*parts(retention_months=36, compression="jpeg_ls_lossless"))
    assert wanted["entries"]["absent"] == [
        f"dicomDeviceName=pacs-*,{devices}",
        f"dicomAETitle=*,dicomDeviceName=pacs-main,{devices}",
    ]


@pytest.mark.parametrize("title", ["A,B", "KITA GW", "A/B"])
def test_an_ae_title_dcm4chee_cannot_have_is_refused(title: str) -> None:
    with pytest.raises(RenderError) as caught:
        dcm4chee_role_input(*parts(ae_title=title))
    fix = "dcm4chee has it in web paths and names of entries: use letters, digits, - and _ only."
    assert caught.value.facts == ("GW302", "archive.ae_title", title, fix)


def test_ap_2_the_data_source_is_validated_and_the_executors_are_adjusted() -> None:
    rows = {row["address"]: row["attributes"] for row in dcm4chee_role_input(*parts())["resources"]["resources"]}
    source = rows["/subsystem=datasources/data-source=PacsDS"]
    assert (source["jndi-name"], source["validate-on-match"]) == ("java:/PacsDS", True)
    assert source["credential-reference"]["alias"] == "<secret archive_database_password>"
    executor = rows["/subsystem=ee/managed-executor-service=default"]
    assert (executor["core-threads"], executor["max-threads"], executor["queue-length"]) == (2, 100, 0)
    assert executor["hung-task-threshold"] == 0  # the default, which the vendor gets by undefining it


def test_ap_2_the_user_interface_is_deployed_before_the_archive() -> None:
    running = dcm4chee_running(*parts(), FOUND)
    rows = running["applications"]["deployments"]
    assert [row["name"] for row in rows] == ["dcm4chee-arc-ui2-5.34.3.war", "dcm4chee-arc-ear-5.34.3-psql.ear"]
    assert rows[1]["file"] == "/opt/dcm4chee-5.34.3/deploy/dcm4chee-arc-ear-5.34.3-psql.ear"


def test_secrets_stand_by_name_in_files_that_only_their_reader_opens() -> None:
    wanted, running = dcm4chee_role_input(*parts()), dcm4chee_running(*parts(), FOUND)
    bearing = {row["path"]: row["mode"] for row in wanted["files"] + running["files"] if "<secret " in row["content"]}
    assert bearing == {
        "/var/lib/wildfly/server/configuration/dcm4chee-arc/ldap.properties": "0600",
        "/etc/gatekit/dcm4chee_watch.json": "0600",
    }
    named = set(re.findall(r"<secret (\w+)>", json.dumps([wanted, running])))
    assert named == {
        "archive_database_password",
        "directory_password",
        "wildfly_keystore_password",
        "wildfly_management_password",
    }


def test_ap_2_wildfly_starts_after_what_the_archive_needs() -> None:
    files = {row["path"]: row["content"] for row in dcm4chee_role_input(*parts())["files"]}
    unit = files["/etc/systemd/system/wildfly.service.d/60-dcm4chee.conf"]
    assert "After=postgresql.service slapd.service" in unit.splitlines()
    assert "ReadWritePaths=/srv/archive" in unit.splitlines()


def test_the_watch_runs_from_what_is_laid_down_alone(tmp_path) -> None:

    for row in dcm4chee_role_input(*parts())["files"]:
        if row["path"].startswith("/usr/local/lib/gatekit/"):
            path = tmp_path / row["path"].removeprefix("/usr/local/lib/gatekit/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(row["content"])
    command = [
        sys.executable,
        "-I",
        "-c",
        "import sys; sys.path.insert(0, sys.argv[1]); import gatekit_archive.dcm4chee.watch",
    ]
    subprocess.run([*command, str(tmp_path)], check=True)
