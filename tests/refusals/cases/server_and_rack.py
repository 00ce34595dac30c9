"""Too little room in the server for the virtual machines, and a rack that is not ready (AP-7)."""

from __future__ import annotations

from tests.refusals.case import Case

CASES = (
    Case(
        "memory too small",
        edit={"appliance.memory_gb": 32},
        expected=(
            (
                "GW140",
                "appliance.memory_gb",
                32,
                "Use a server with 34 GB or more: the virtual machines and ESXi need them.",
            ),
        ),
    ),
    Case(
        "too few threads",
        edit={"appliance.cpus": 2},
        expected=(
            (
                "GW140",
                "appliance.cpus",
                2,
                "Use a server with 4 hardware threads or more: the largest virtual machine has 4.",
            ),
        ),
    ),
    Case(
        "datastore too small",
        edit={"appliance.datastore_gb": 800},
        expected=(
            (
                "GW140",
                "appliance.datastore_gb",
                800,
                "Use 950 GB or more: the disks, and 20% that stays free.",
            ),
        ),
    ),
    Case(
        "datastore too small for a disk of the archive's own",
        edit={"appliance.datastore_gb": 1900, "appliance.archive_disk_gb": 1000},
        expected=(
            (
                "GW140",
                "appliance.datastore_gb",
                1900,
                "Use 2200 GB or more: the disks, and 20% that stays free.",
            ),
        ),
    ),
    Case(
        "uploads fill the disk",
        edit={"uploads": {"to": "gateway", "quota_gb": 600}},
        expected=(
            (
                "GW140",
                "uploads.quota_gb",
                600,
                "Use less than the 600 GB of VM1's disk, which holds the archive too.",
            ),
        ),
    ),
    Case(
        "uploads without a quota",
        edit={"uploads": {"to": "gateway"}},
        expected=(
            (
                "GW103",
                "uploads.quota_gb",
                "missing",
                "Give quota_gb: Room for uploads on VM1 in GB.",
            ),
        ),
    ),
    Case(
        "rack not ready at all",
        edit={
            "rack": {
                "free_units": 2,
                "circuit_amperes": 15,
                "circuit_dedicated": False,
                "earthed_outlets": False,
                "kvm_cable": "ps2",
            }
        },
        expected=(
            (
                "GW143",
                "rack.free_units",
                2,
                "Free 3 units: Gateway, UPS and firewall (AP-7).",
            ),
            (
                "GW143",
                "rack.circuit_amperes",
                15,
                "Provide one 20 A circuit (AP-7).",
            ),
            (
                "GW143",
                "rack.earthed_outlets",
                False,
                "Provide earthed outlets near the rack (AP-7).",
            ),
            (
                "GW143",
                "rack.kvm_cable",
                "ps2",
                "Provide a USB cable: the server has no PS/2 port (AP-7).",
            ),
        ),
    ),
)
