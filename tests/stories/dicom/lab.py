"""Real peers in containers on an internal network: a PACS (Orthanc or dcmqrscp) and an Orthanc as archive.

dicom 10.98.5.0/24:  .1 this machine (the Gateway)   .10 PACS   .20 archive
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

from pydicom.dataset import Dataset

from gatekit.dicom.association import Timeouts
from gatekit.dicom.synchronise import Links
from gatekit.plan.vm1.model import PacsGatewayPlan, PacsSource
from tests.stories.dicom.studies import Slice, write
from tests.stories.firewall.lab import podman
from tests.unit.gatekit.dicom.example import example_plan, example_source

NETWORK, SUBNET = "labdicom", "10.98.5.0/24"
GATEWAY, PACS, ARCHIVE = "10.98.5.1", "10.98.5.10", "10.98.5.20"
DICOM_PORT, REST_PORT = 11112, 8042
PACS_AE, ARCHIVE_AE = "HOSPACS", "GWARCHIVE"
QUICK = Timeouts(connect_s=2.0, association_s=10.0, find_s=30.0, move_s=120.0)
KINDS = ("orthanc", "dcmqrscp")
NO_DELAY = "--env=TCP_NODELAY=1"
"""DCMTK waits 45 ms for each instance without it, on either side."""


def pacs_image() -> str:
    """Return GATEKIT_PACS_IMAGE, or the twin's own, built when it is missing."""
    named = os.environ.get("GATEKIT_PACS_IMAGE", "")
    if named:
        return named
    words = [sys.executable, "-m", "twin", "images", "--print", "pacs"]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.split()[-1]


@dataclass
class Container:
    """One peer and the folder of this machine it sees as /srv/lab."""

    name: str
    address: str
    folder: Path

    @property
    def packed(self) -> bytes:
        return IPv4Address(self.address).packed

    def start(self, *command: str, image: str) -> None:
        """Run the command as the container's only process."""
        self.remove()
        # a server keeps its MAC address when it starts again, and this machine remembers it
        link = f"--network={NETWORK}:ip={self.address},mac=02:61:{':'.join(f'{o:02x}' for o in self.packed)}"
        # process 1 has no handler of its own, every stop would wait
        place = [link, f"--volume={self.folder}:/srv/lab", NO_DELAY, "--stop-signal=SIGKILL"]
        podman("run", "--detach", f"--name={self.full_name}", *place, image, *command)

    def kill(self) -> None:
        """Pull the plug."""
        podman("kill", self.full_name)

    def start_again(self) -> None:
        """Start it as it lies there."""
        podman("start", self.full_name)
        self.wait()

    def remove(self) -> None:
        podman("rm", "--force", "--ignore", "--time", "2", self.full_name)

    @property
    def full_name(self) -> str:
        return f"{NETWORK}-{self.name}"

    def run(self, *command: str, check: bool = True) -> str:
        done = podman("exec", self.full_name, *command, check=check)
        return done.stdout + done.stderr

    def logs(self) -> str:
        done = podman("logs", self.full_name)
        return done.stdout + done.stderr

    def wait(self, seconds: float = 60.0) -> None:
        """Return when the peer answers a C-ECHO, and this machine has found the way to it."""
        echo = ("exec", self.full_name, "echoscu", "-aec", PACS_AE, "127.0.0.1", str(DICOM_PORT))
        end = time.monotonic() + seconds
        while podman(*echo, check=False).returncode != 0 or not self._is_reached():
            if time.monotonic() > end:
                raise TimeoutError(self.logs()[-3000:])
            time.sleep(0.1)

    def _is_reached(self) -> bool:
        try:
            socket.create_connection((self.address, DICOM_PORT), timeout=2).close()
        except OSError:
            return False
        return True


@dataclass
class Orthanc(Container):
    """Orthanc with its REST interface on the internal network, which only this machine is on."""

    ae_title: str = ARCHIVE_AE
    modalities: dict[str, tuple[str, str, int]] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)

    def up(self, image: str) -> None:
        configuration = {
            "Name": self.ae_title,
            "StorageDirectory": f"/srv/lab/{self.name}",
            "IndexDirectory": f"/srv/lab/{self.name}",
            "DicomAet": self.ae_title,
            "DicomCheckCalledAet": self.ae_title == PACS_AE,
            "DefaultEncoding": "Utf8",  # of its answers: with Latin1, its default, it drops what is Japanese
            "DicomPort": DICOM_PORT,
            "DicomAlwaysAllowFind": True,
            "DicomAlwaysAllowMove": True,
            "DicomModalities": {name: list(one) for name, one in self.modalities.items()},
            "HttpPort": REST_PORT,
            "RemoteAccessAllowed": True,
            "AuthenticationEnabled": False,
            "MaximumStorageSize": 0,
        } | self.settings
        (self.folder / f"{self.name}.json").write_text(json.dumps(configuration))
        self.start("Orthanc", "--verbose", f"/srv/lab/{self.name}.json", image=image)
        self.wait()

    def rest(self, path: str, method: str = "GET", body: bytes | None = None) -> Any:
        request = urllib.request.Request(f"http://{self.address}:{REST_PORT}{path}", data=body, method=method)
        with urllib.request.urlopen(request, timeout=20) as reply:  # noqa: S310 - http to our own container
            return json.loads(reply.read())

    def forget(self, uids: Iterable[str]) -> None:
        """Delete instances."""
        for uid in uids:
            for one in self.rest("/tools/lookup", "POST", uid.encode()):
                self.rest(one["Path"], "DELETE")

    def empty(self) -> None:
        """Delete everything."""
        for patient in self.rest("/patients"):
            self.rest(f"/patients/{patient}", "DELETE")

    def stores(self) -> int:
        """Return how many C-STOREs came from the PACS so far, also of what was there already."""
        return len(re.findall(f"Incoming Store request from AET {PACS_AE} ", self.logs()))

    def moves(self) -> int:
        """Return how many C-MOVE requests came so far."""
        return self.logs().count("Incoming Move request from AET")

    def moves_left(self) -> int:
        """Return how many C-MOVEs it left before the next instance, since whoever asked for them was gone."""
        return self.logs().count("Move SCP Failed: Peer aborted Association")

    def sent(self) -> int:
        """Return how many C-STOREs it sent so far."""
        return self.logs().count("Performing C-Store on instance")

    def finds(self) -> int:
        """Return how many C-FIND requests came so far."""
        return self.logs().count("Incoming Find request from AET")

    def holds(self, uid: str) -> bool:
        """Return whether it has something of the study, series or instance."""
        return bool(self.rest("/tools/lookup", "POST", uid.encode()))

    def arrivals(self) -> list[str]:
        """Return the SOP Instance UIDs in the order they were taken into the index."""
        found, since = [], 0
        while True:
            page = self.rest(f"/changes?since={since}&limit=1000")
            new = [one["Path"] for one in page["Changes"] if one["ChangeType"] == "NewInstance"]
            found += [self.rest(f"{path}/simplified-tags")["SOPInstanceUID"] for path in new]
            if page["Done"]:
                return found
            since = page["Last"]

    def instances(self) -> set[str]:
        """Return the SOP Instance UIDs it holds."""
        found = self.rest("/tools/find", "POST", b'{"Level": "Instance", "Query": {}, "Expand": true}')
        return {one["MainDicomTags"]["SOPInstanceUID"] for one in found}


@dataclass
class Dcmqrscp(Container):
    """DCMTK's image archive: no counts, no relational queries, files beside one index."""

    destination: tuple[str, str, int] = (ARCHIVE_AE, ARCHIVE, DICOM_PORT)

    def up(self, image: str) -> None:
        ae_title, address, port = self.destination
        (self.folder / "dcmqrscp.cfg").write_text(
            "NetworkTCPPort = 11112\nMaxPDUSize = 16384\nMaxAssociations = 16\n"
            f"HostTable BEGIN\narchive = ({ae_title}, {address}, {port})\nHostTable END\n"
            "VendorTable BEGIN\nVendorTable END\n"
            f"AETable BEGIN\n{PACS_AE} /var/lib/pacs RW (100000, 1024mb) ANY\nAETable END\n"
        )
        # a file, since podman's log mixes the lines of its processes
        script = "mkdir -p /var/lib/pacs && exec dcmqrscp -v -c /srv/lab/dcmqrscp.cfg >> /srv/lab/dcmqrscp.log 2>&1"
        self.start("sh", "-c", script, image=image)
        self.wait()

    def forget(self, uids: Iterable[str]) -> None:
        """Delete instances: it has no service for that, so its index is made again of the files that stay."""
        folder = "/var/lib/pacs"
        for uid in uids:
            self.run("sh", "-c", f"rm $(grep -l -F {uid} {folder}/CT_*)")
        self.run("sh", "-c", f"rm {folder}/index.dat && dcmqridx {folder} {folder}/CT_*")

    def logs(self) -> str:
        return (self.folder / "dcmqrscp.log").read_text(errors="replace")

    def moves(self) -> int:
        """Return how many C-MOVE requests came so far."""
        return self.logs().count("Received Move SCP:")

    def sent(self) -> int:
        """Return how many C-STOREs it sent so far."""
        return self.logs().count("Store SCU RQ: MsgID")

    def finds(self) -> int:
        """Return how many C-FIND requests came so far."""
        return self.logs().count("Received Find SCP")


type Pacs = Orthanc | Dcmqrscp


class Lab:
    """A network, a PACS and an archive; ``close`` leaves nothing behind."""

    def __init__(
        self,
        kind: str,
        *,
        pacs: dict[str, Any] | None = None,
        archive: dict[str, Any] | None = None,
        archive_reached_at: tuple[str, int] = (ARCHIVE, DICOM_PORT),
    ) -> None:
        self.kind, self.folder = kind, Path(tempfile.mkdtemp(prefix=NETWORK))
        self.image = pacs_image()
        self.archive = Orthanc("archive", ARCHIVE, self.folder, settings=archive or {})
        known = {"archive": (ARCHIVE_AE, *archive_reached_at)}
        self.pacs: Pacs = (
            Orthanc("pacs", PACS, self.folder, ae_title=PACS_AE, modalities=known, settings=pacs or {})
            if kind == "orthanc"
            else Dcmqrscp("pacs", PACS, self.folder, known["archive"])
        )

    def up(self) -> None:
        self._remove_containers()
        podman("network", "create", "--internal", "--subnet", SUBNET, NETWORK)
        self.archive.up(self.image)
        self.pacs.up(self.image)

    def close(self) -> None:
        self._remove_containers()
        shutil.rmtree(self.folder)

    def acquire(self, ones: Iterable[Slice], *, side: int = 64) -> None:
        """Let the PACS get images by C-STORE, as from a scanner."""
        with tempfile.TemporaryDirectory(dir=self.folder) as files:
            write(Path(files), ones, side=side)
            self.acquire_files(Path(files))

    def acquire_files(self, folder: Path) -> None:
        """Let the PACS get the DICOM files of a folder below the lab's."""
        inside = Path("/srv/lab") / folder.relative_to(self.folder)
        target = ("-aec", PACS_AE, "127.0.0.1", str(DICOM_PORT))
        self.pacs.run("storescu", "--propose-lossless", "+sd", *target, str(inside))

    def acquire_datasets(self, *made: Dataset) -> None:
        """Let the PACS get datasets."""
        with tempfile.TemporaryDirectory(dir=self.folder) as files:
            for number, one in enumerate(made):
                one.save_as(Path(files) / f"{number}.dcm", enforce_file_format=True)
            self.acquire_files(Path(files))

    def links(self, *, of_plan: dict[str, Any] | None = None, **changes: Any) -> Links:
        """Return the links between PACS and archive; ``changes`` are the PACS's."""
        return Links(source(**changes), plan(**(of_plan or {})), QUICK, archive_address=ARCHIVE)

    def _remove_containers(self) -> None:
        self.archive.remove()
        self.pacs.remove()
        if podman("network", "exists", NETWORK, check=False).returncode == 0:
            podman("network", "rm", NETWORK)


def source(**changes: Any) -> PacsSource:
    """Return the lab's PACS as the plan describes it."""
    here = {"name": "main_pacs", "ae_title": PACS_AE, "address": IPv4Address(PACS), "port": DICOM_PORT}
    return example_source(**(here | changes))


def plan(**changes: Any) -> PacsGatewayPlan:
    """Return the plan of the lab's PACS GatewayService."""
    return example_plan(
        **({"ae_title": ARCHIVE_AE, "archive_ae_title": ARCHIVE_AE, "archive_port": DICOM_PORT} | changes)
    )
