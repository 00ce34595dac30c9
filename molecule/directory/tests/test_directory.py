"""The archive's directory as its one client sees it (AP-2)."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import pytest
from testinfra.host import Host

testinfra_hosts = ["ansible://vm1"]

SUFFIX = "dc=dcm4che,dc=org"
DEVICE = f"dicomDeviceName=dcm4chee-arc,cn=Devices,cn=DICOM Configuration,{SUFFIX}"
DATA = ("init-baseDN", "init-config", "default-config", "default-ui-config")
ENTRIES_OF_5_34_3 = 1546
CONFIGURATION = "/etc/ldap/gatekit.d"
BACKUPS = "/var/backups/gatekit/directory"
PASSWORD_FILE = "/root/directory_password"  # noqa: S105 - a path


@pytest.fixture
def root(host: Host) -> Iterator[Host]:
    with host.sudo():
        yield host


def ask(host: Host, base: str, *words: str, given: str | None = None) -> tuple[int, str]:
    """Search as the archive does: over loopback with its name and password (of the vault unless one is given)."""
    login = ["-x", "-D", f"cn=admin,{SUFFIX}", *(["-w", given] if given else ["-y", PASSWORD_FILE])]
    command = ["ldapsearch", "-LLL", "-o", "ldif_wrap=no", *login, "-H", "ldap://127.0.0.1:389/", "-b", base, *words]
    found = host.run(shlex.join(command))
    return found.rc, found.stdout + found.stderr


def test_ap_2_every_entry_of_the_distribution_is_there(root: Host) -> None:
    texts = [root.file(f"/srv/dcm4chee/ldap/{name}.ldif").content_string for name in DATA]
    wanted = sum(len(re.findall(r"(?m)^dn:", text)) for text in texts)
    real = any("dcmStorageID" in text for text in texts)
    print("dcm4chee's own data" if real else "the project's fixture")
    status, found = ask(root, SUFFIX, "dn")
    assert status == 0
    assert len(re.findall(r"(?m)^dn:", found)) == wanted
    assert not real or wanted == ENTRIES_OF_5_34_3


def test_size_limit_is_that_of_the_plan_everywhere(root: Host) -> None:
    limit = root.check_output(f"slapcat -F {CONFIGURATION} -n 0 | grep -c 'olcSizeLimit: 100000'")
    assert int(limit) == 3


def test_vendor_data_are_those_of_the_file(root: Host) -> None:
    status, found = ask(root, DEVICE, "-s", "base", "dicomVendorData")
    assert status == 0
    encoded = re.search(r"(?m)^dicomVendorData:: (\S+)$", found)
    assert encoded is not None
    assert encoded.group(1) == root.check_output("base64 -w 0 /srv/dcm4chee/ldap/vendor-data.zip")


@pytest.mark.parametrize(
    "name", ["objectClass", "dicomDeviceName", "dicomAETitle", "hl7ApplicationName", "dcmWebAppName"]
)
def test_what_the_archive_searches_for_is_indexed(root: Host, name: str) -> None:
    found = root.check_output(f"slapcat -F {CONFIGURATION} -n 0 -o ldif-wrap=no | grep olcDbIndex")
    assert f"olcDbIndex: {name} eq" in found.splitlines()


def test_nobody_is_anonymous_and_a_wrong_password_is_refused(root: Host) -> None:
    found = root.run(f"ldapsearch -x -H ldap://127.0.0.1:389/ -b {SUFFIX} -s base")
    assert found.rc == 48
    assert ask(root, SUFFIX, given="wrong")[0] == 49


def test_other_accounts_of_the_machine_read_nothing(host: Host) -> None:
    found = host.run(f"ldapsearch -Q -LLL -Y EXTERNAL -H ldapi:/// -b {SUFFIX} -s base")
    assert found.rc == 32
    assert "dn:" not in found.stdout


def test_it_listens_on_loopback_only(root: Host) -> None:
    sockets = [line.split()[3] for line in root.check_output("ss -Hltn").splitlines()]
    assert [entry for entry in sockets if not entry.endswith(":22")] == ["127.0.0.1:389"]


def test_password_is_stored_as_a_salted_hash_only(root: Host) -> None:
    assert root.run(f"grep -rlFf {PASSWORD_FILE} /etc /var/lib/ldap /var/log /var/backups").stdout == ""
    stored = root.check_output(
        f"slapcat -F {CONFIGURATION} -n 0 -o ldif-wrap=no | grep olcRootPW:: | cut -d' ' -f2 | base64 -d"
    )
    assert stored.startswith("{SSHA512}")


def test_drift_was_mended_and_an_operators_own_attribute_was_left(root: Host) -> None:
    """After the side effects: a changed value is back, a deleted entry too, what an operator added is still there."""
    if not root.file("/srv/side-effect-played").exists:
        return
    status, device = ask(root, DEVICE, "-s", "base")
    assert status == 0
    assert "dicomInstalled: TRUE" in device
    assert "dicomDescription: of an operator" in device
    assert ask(root, f"dicomAETitle=AS_RECEIVED,{DEVICE}", "-s", "base", "dn")[0] == 0


def test_nightly_dump_is_whole_and_is_started_by_its_timer(root: Host) -> None:
    root.check_output("systemctl start gatekit-directory-dump.service")
    names = root.check_output(f"ls -A {BACKUPS}").split()
    assert {name.split("-")[0] for name in names} == {"configuration", "entries"}
    newest = max(name for name in names if name.startswith("entries-"))
    dumped = int(root.check_output(f"zcat {BACKUPS}/{newest} | grep -c ^dn:"))
    assert dumped == len(re.findall(r"(?m)^dn:", ask(root, SUFFIX, "dn")[1]))
    shown = root.check_output("systemctl show gatekit-directory-dump.timer -p TimersCalendar -p ActiveState")
    assert "01:20:00 Asia/Tokyo" in shown
    assert "ActiveState=active" in shown


def test_it_comes_back_by_itself(root: Host) -> None:
    root.check_output("pkill -9 -x slapd")
    root.check_output(
        "timeout 20 bash -c 'until ldapwhoami -Q -Y EXTERNAL -H ldapi:/// 2>/dev/null; do sleep 0.2; done'"
    )
    assert ask(root, SUFFIX, "-s", "base", "dn")[0] == 0


def test_hardening_is_in_force(root: Host) -> None:
    status = root.check_output("cat /proc/$(pidof slapd)/status")
    assert re.search(r"(?m)^Seccomp:\s+2$", status)
    assert re.search(r"(?m)^NoNewPrivs:\s+1$", status)
    assert root.check_output("ps -o user= -C slapd").strip() == "openldap"
