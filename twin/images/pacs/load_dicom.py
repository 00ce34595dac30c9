"""Give Orthanc the files of /srv/dicom over its REST interface; fails when one is refused."""

import http.client
import pathlib
import socket
import sys
import time

ORTHANC = ("127.0.0.1", 8042)
DEADLINE_S = 30.0


def wait_for_orthanc() -> None:
    """Return when the REST interface takes connections; OSError after DEADLINE_S."""
    end = time.monotonic() + DEADLINE_S
    while True:
        try:
            socket.create_connection(ORTHANC, timeout=2).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            return


def load(folder: pathlib.Path) -> int:
    """Return how many instances Orthanc took (a second time is no fault: AlreadyStored)."""
    rest = http.client.HTTPConnection(*ORTHANC, timeout=10)
    count = 0
    for path in sorted(folder.glob("*.dcm")):
        rest.request("POST", "/instances", body=path.read_bytes())
        reply = rest.getresponse()
        reply.read()
        if reply.status != http.client.OK:
            raise SystemExit(f"{path.name}: Orthanc says {reply.status} {reply.reason}")
        count += 1
    return count


if __name__ == "__main__":
    wait_for_orthanc()
    loaded = load(pathlib.Path("/srv/dicom"))
    print(f"{loaded} instances")
    sys.exit(0 if loaded else 1)
