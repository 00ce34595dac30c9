"""OP-1, OP-2: no patient in any log, and no original image through the front where the site forbids it."""

from __future__ import annotations

import base64
import gzip
import json
from urllib.parse import quote

import pytest
from front import INSTANCE, INSTANCE_PATH, SERIES, SERIES_PATH, STUDY, guest, portal, request
from testinfra.host import Host

testinfra_hosts = ["ansible://vm1"]

SECRET_ID, SECRET_NAME = "Z-7734021", "Himitsu"  # a patient who is nowhere else
UID = "1.2.392.200036.9116.77340.21"


def everything_written(root: Host) -> str:
    """Return the whole journal and every file a daemon may log to.

    The words are looked for here, not on VM1: sudo writes our own command lines into its journal.
    """
    files = "find /var/log /var/cache/modsecurity -type f -not -path '*/journal/*' -exec cat {} +"
    packed = root.check_output(f"(journalctl --output cat --no-pager; {files}) | gzip | base64 --wrap=0")
    return gzip.decompress(base64.b64decode(packed)).decode("utf-8", "replace")


def test_op_1_no_log_file_at_all_holds_what_was_asked_for(root: Host) -> None:
    attack = quote("' OR 1=1 -- ")
    headers = ("--header", f"Referer: https://portal/?PatientID={SECRET_ID}", "--header", f"X-Patient: {SECRET_ID}")
    asked = [
        f"/dicom-web/studies?PatientID={SECRET_ID}&PatientName={SECRET_NAME}*",
        f"/dicom-web/studies?PatientID={SECRET_ID}{attack}",
        f"/dicom-web/studies/{UID}/series",
        f"/dicom-web/studies/{UID}/archive?PatientID={SECRET_ID}",
        f"/dicom-web/studies/{UID}/series?q={attack}",
        f"/gateway/patients/{SECRET_ID}/sync",
        f"/{SECRET_ID}",
        f"/gateway/%00{SECRET_ID}",
        f"/gateway/x y/{SECRET_ID}",
        f"/gateway/..%2f{SECRET_ID}",
        f"/gateway/x?{SECRET_ID}={'a' * 8300}",
        f"/gateway/%zz{SECRET_ID}",
    ]
    for path in asked:
        portal(path, *headers)
        request("stranger", path, *headers)
    portal("/gateway/x", "--data", json.dumps({"patient": SECRET_ID}), "--header", "Content-Type: application/json")
    portal("/gateway/x", "--data", f'{{"patient": "{SECRET_ID}"', "--header", "Content-Type: application/json")
    portal("/gateway/x", "--request", SECRET_ID)
    portal("/gateway/x", "--header", f"Host: {SECRET_ID}.example.jp")
    portal("/gateway/x", "--request-target", f"http://{SECRET_ID}/x")
    written = everything_written(root)
    assert "/dicom-web/:query GET 200" in written
    assert "matched rule 942100" in written
    assert [word for word in (SECRET_ID, SECRET_NAME, UID, SECRET_ID.lower()) if word in written] == []


def test_op_1_errors_of_a_backend_name_no_url(root: Host) -> None:
    """Every way Apache complains about a backend, with a patient in the URL."""
    root.check_output("systemctl stop backend.service")
    cut = (
        "import socket;s=socket.create_server(('127.0.0.1',8390))\n"
        "for answer in (b'', b'garbage\\r\\n\\r\\n', b'HTTP/1.1 200 OK\\r\\nContent-Length: 900\\r\\n\\r\\nshort'):\n"
        "    c,_=s.accept();c.recv(9999);c.sendall(answer);c.close()\n"
    )
    try:
        portal(f"/gateway/patients/{SECRET_ID}?q={SECRET_ID}")
        root.check_output(f'systemd-run --unit=cutting --collect python3 -c "{cut}"')
        guest("portal").check_output("sleep 2")
        for _ in range(3):
            portal(f"/gateway/patients/{SECRET_ID}?q={SECRET_ID}", "--data", SECRET_ID)
    finally:
        root.run("systemctl stop cutting.service")
        root.check_output("systemd-run --unit=backend python3 /usr/local/sbin/backend.py 8390")
    written = everything_written(root)
    assert "proxy_http:error" in written
    assert SECRET_ID not in written


def test_access_log_is_made_of_rule_method_status_and_sizes(root: Host) -> None:
    portal(f"{INSTANCE_PATH}/rendered?quality=90")
    line = root.check_output("journalctl -t apache-access --output cat --lines 1")
    address, matched, method, status, *rest = line.split()
    assert (address, matched, method, status) == ("10.166.243.20", "/dicom-web/:rendered", "GET", "200")
    assert [word.split("=")[0] for word in rest[:3]] == ["in", "out", "us"]


ORIGINALS = 'Accept: multipart/related; type="application/dicom"'


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        (f"/dicom-web/studies/{STUDY}", ORIGINALS),
        (f"/dicom-web/studies/{STUDY}", "Accept: application/zip"),
        (f"/dicom-web/studies/{STUDY}", "Accept: */*"),
        (f"/dicom-web/studies/{STUDY}?accept=application/zip", "Accept: */*"),
        (SERIES_PATH, ORIGINALS),
        (INSTANCE_PATH, ORIGINALS),
        (INSTANCE_PATH, "Accept: application/dicom"),
        (f"{INSTANCE_PATH}/", "Accept: application/dicom"),
        (f"{INSTANCE_PATH}/frames/1", 'Accept: multipart/related; type="application/octet-stream"'),
        (f"{INSTANCE_PATH}/frames/1", "Accept: image/jpeg"),
        (f"{INSTANCE_PATH}/bulk/7fe00010", "Accept: application/octet-stream"),
        (f"{INSTANCE_PATH}/rendered", "Accept: application/dicom"),
        (f"{INSTANCE_PATH}/rendered", ORIGINALS),
        (f"{INSTANCE_PATH}/rendered?accept=application/dicom", "Accept: image/jpeg"),
        (f"{INSTANCE_PATH}/rendered;x", "Accept: image/jpeg"),
        (f"/dicom-web/studies/{STUDY}/archive", "Accept: */*"),
        (f"/dicom-web/studies/{STUDY}/media", "Accept: */*"),
        (f"/dicom-web/studies/{STUDY}.zip", "Accept: */*"),
        (f"/dicom-web/instances/{INSTANCE}/file", "Accept: */*"),
        (f"/dicom-web/series/{SERIES}", ORIGINALS),
        ("/web-viewer/instances/f689ddd2-662f8fe1-8b18180d-ec2a2cee-937917af/file", "Accept: */*"),
        ("/instances/f689ddd2-662f8fe1-8b18180d-ec2a2cee-937917af/file", "Accept: */*"),
        ("/studies/x/archive", "Accept: */*"),
    ],
)
def test_op_2_originals_are_refused(path: str, accept: str) -> None:
    answer = portal(path, "--header", accept)
    assert (answer.status, answer.body) in ((403, "refused\n"), (404, "not found\n"))


@pytest.mark.parametrize(
    ("path", "accept", "kind"),
    [
        ("/dicom-web/studies", "application/dicom+json", "application/dicom+json"),
        (f"/dicom-web/studies/{STUDY}/series", "application/json", "application/dicom+json"),
        (f"{SERIES_PATH}/instances", "application/dicom+json", "application/dicom+json"),
        (f"{SERIES_PATH}/metadata", "application/dicom+json", "application/dicom+json"),
        (f"{INSTANCE_PATH}/rendered", "image/jpeg", "image/jpeg"),
        (f"{INSTANCE_PATH}/rendered?viewport=64,64", "image/png", "image/png"),
        (f"{INSTANCE_PATH}/frames/1/rendered", "*/*", "image/jpeg"),
    ],
)
def test_op_2_what_is_looked_at_still_answers(path: str, accept: str, kind: str) -> None:
    answer = portal(path, "--header", f"Accept: {accept}")
    assert (answer.status, answer.header("content-type")) == (200, kind)


def test_op_2_web_viewer_shows_a_series(root: Host) -> None:
    """Every request its page makes, in its order: page, scripts, series, is-stable, one image in both qualities."""
    (series,) = json.loads(root.check_output(f"curl -s -d '{SERIES}' http://127.0.0.1:8042/tools/lookup"))
    page = portal(f"/web-viewer/app/viewer.html?series={series['ID']}")
    assert page.status == 200
    assert "script-src 'self'" in page.header("content-security-policy")
    assert page.header("cache-control") == "private, max-age=3600"
    linked = [part.split('"')[0] for key in ('src="', 'href="') for part in page.body.split(key)[1:]]
    assert len(linked) > 10
    for name in linked:
        path = name.removeprefix("../") if name.startswith("../") else f"app/{name}"
        assert portal(f"/web-viewer/{path}").status == 200, name
    volume = portal(f"/web-viewer/series/{series['ID']}?_=1795401453")
    assert volume.header("cache-control") == "no-store"
    assert portal(f"/web-viewer/is-stable-series/{series['ID']}").status == 200
    image = json.loads(volume.body)["Slices"][0]
    for quality in ("jpeg80", "jpeg95", "deflate"):
        assert json.loads(portal(f"/web-viewer/instances/{quality}-{image}").body)["columns"] == 128
