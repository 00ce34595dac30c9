"""Break VM1's software on purpose: the right records turn red, and what the archive lost comes back alone."""

from __future__ import annotations

import json
import shlex

import pytest

from gatekit.plan.model import Plan
from gatekit.verify.evidence import read_site
from tests.stories.site.breaking import SITE, Host, fault, green_again, red, verify

pytestmark = pytest.mark.story

ASK = """
import sys, urllib.request
method, address, *body = sys.argv[1:]
request = urllib.request.Request(address, method=method, data=body[0].encode() if body else None)
print(urllib.request.urlopen(request).read().decode())
"""


def archive(vm1: Host, plan: Plan, method: str, path: str, *body: str) -> str:
    """Return what the archive's REST interface says on VM1's loopback."""
    address = f"http://127.0.0.1:{plan.vm1.archive.http_port}{path}"
    return vm1(shlex.join(["python3", "-c", ASK, method, address, *body]))


def instances_of(vm1: Host, plan: Plan, patient: str) -> list[str]:
    """Return the archive's own ids of a patient's instances."""
    found: list[str] = json.loads(
        archive(vm1, plan, "POST", "/tools/find", json.dumps({"Level": "Instance", "Query": {"PatientID": patient}}))
    )
    return found


@pytest.fixture
def plan() -> Plan:
    return read_site(SITE)[0]


@pytest.fixture
def patient(plan: Plan) -> str:
    (named,) = (source.test_patient for source in plan.vm1.pacs_gateway.sources)
    assert named is not None
    return named


def test_ap_2_a_stopped_archive_turns_its_service_its_port_and_its_pages_red() -> None:
    vm1 = Host("vm1")
    with fault(lambda: vm1("systemctl stop orthanc.service"), lambda: vm1("systemctl start orthanc.service")):
        status, records = verify("service.vm1.*", "pacs.peers.*", "publish.*", "reach.pacs.store.*")
    expected = {
        "service.vm1.software",
        "service.vm1.loopback",
        "pacs.peers.main",
        "publish.studies.portal",
        "reach.pacs.store.main.pacs.main.vm1.11112",
    }
    assert (status, red(records)) == (1, expected)
    green_again("service.vm1.*", "pacs.peers.*", "publish.*")


def test_ap_2_a_stopped_apache_turns_the_portals_pages_red() -> None:
    vm1 = Host("vm1")
    with fault(lambda: vm1("systemctl stop apache2.service"), lambda: vm1("systemctl start apache2.service")):
        status, records = verify("service.vm1.*", "publish.*", "reach.publish.*")
    expected = {"service.vm1.software", "publish.studies.portal", "publish.download.portal", "publish.elsewhere.portal"}
    assert (status, red(records)) == (1, expected | {"reach.publish.portal.portal.vm1.443"})
    green_again("service.vm1.*", "publish.*", "reach.publish.*")


def test_in_4_one_instance_lost_by_the_archive_comes_back_alone(plan: Plan, patient: str) -> None:
    vm1 = Host("vm1")
    before = instances_of(vm1, plan, patient)
    archive(vm1, plan, "DELETE", f"/instances/{before[0]}")
    status, records = verify("pacs.*")
    assert (status, red(records)) == (0, set())
    assert records["pacs.difference.main"]["observed"]["en"] == "1 instances first, 0 then"
    assert sorted(instances_of(vm1, plan, patient)) == sorted(before)


def test_op_1_the_archive_has_exactly_the_published_studies_of_the_test_patient(plan: Plan, patient: str) -> None:
    """Of the twin's test patient two studies are published, one is too old and one of another modality."""
    studies = json.loads(archive(Host("vm1"), plan, "GET", "/studies?expand"))
    own = [row["MainDicomTags"] for row in studies if row["PatientMainDicomTags"]["PatientID"] == patient]
    assert sorted(row["StudyID"] for row in own) == ["CT", "MR"]
