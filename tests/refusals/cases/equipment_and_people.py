"""Equipment, line and pattern; dates, contacts, names and artefacts."""

from __future__ import annotations

from tests.refusals.case import REMOVED, Case

NO_SHA256 = "0" * 64

CASES = (
    Case(
        "pattern 4 with a CPE",
        edit={"vpn.cpe": {"product": "nec_ix", "unit": {"serial": "IX", "wan_mac": "02:00:00:00:02:01"}}},
        expected=(
            (
                "GW130",
                "vpn.cpe",
                "a mapping",
                "Remove cpe: in pattern 4 the firewall ends the tunnel.",
            ),
        ),
    ),
    Case(
        "pattern 4 without a global address",
        edit={"vpn.line.global_address": REMOVED},
        expected=(
            (
                "GW131",
                "vpn.line.global_address",
                "missing",
                "Give the line's one global IPv4 address (VPN-4).",
            ),
        ),
    ),
    Case(
        "pattern 4 over FLET'S",
        edit={
            "vpn.line": {
                "kind": "flets_hikari_next",
                "area": "east",
                "ipv6_option": True,
                "hikari_denwa": False,
                "home_gateway": False,
            }
        },
        expected=(
            (
                "GW131",
                "vpn.line.kind",
                "flets_hikari_next",
                "Use internet: pattern 4 is the hospital's own line (VPN-4).",
            ),
        ),
    ),
    Case(
        "pattern 4 with other services",
        edit={"vpn.other_services": []},
        expected=(
            (
                "GW131",
                "vpn.other_services",
                "an empty list",
                "Remove it: only pattern 1's line carries others.",
            ),
        ),
    ),
    Case(
        "other services without a home gateway",
        pattern=1,
        edit={"vpn.line.home_gateway": False},
        expected=(
            (
                "GW131",
                "vpn.line.home_gateway",
                False,
                "Give the line a home gateway: other services are IPv4, which only it hands to the CPE (by DHCP).",
            ),
        ),
    ),
    Case(
        "pattern 2 over an Internet line",
        pattern=2,
        edit={"vpn.line.kind": "internet"},
        expected=(
            (
                "GW131",
                "vpn.line.kind",
                "internet",
                "Use flets_hikari_next: patterns 1 to 3 need FLET'S.",
            ),
        ),
    ),
    Case(
        "pattern 2 without a CPE",
        pattern=2,
        edit={"vpn.cpe": REMOVED},
        expected=(
            (
                "GW130",
                "vpn.cpe",
                "missing",
                "Give cpe: patterns 1 to 3 end the tunnel in a CPE.",
            ),
        ),
    ),
    Case(
        "pattern 3 with a spare",
        pattern=3,
        edit={"vpn.cpe.spare": {"serial": "RTX-2", "wan_mac": "02:00:00:00:03:02"}},
        expected=(
            (
                "GW130",
                "vpn.cpe.spare",
                "a mapping",
                "Remove it: patterns 2 and 3 have one `unit`.",
            ),
        ),
    ),
    Case(
        "pattern 1 with one CPE",
        pattern=1,
        edit={"vpn.cpe.spare": REMOVED},
        expected=(
            (
                "GW130",
                "vpn.cpe.spare",
                "missing",
                "Give main and spare: pattern 1 has two CPEs (VPN-1).",
            ),
        ),
    ),
    Case(
        "pattern 1 with a unit",
        pattern=1,
        edit={"vpn.cpe": {"product": "cisco_iosxe", "unit": {"serial": "S1", "wan_mac": "02:00:00:00:01:01"}}},
        expected=(
            (
                "GW130",
                "vpn.cpe.main",
                "missing",
                "Give main and spare: pattern 1 has two CPEs (VPN-1).",
            ),
            (
                "GW130",
                "vpn.cpe.spare",
                "missing",
                "Give main and spare: pattern 1 has two CPEs (VPN-1).",
            ),
            (
                "GW130",
                "vpn.cpe.unit",
                "a mapping",
                "Give main and spare: pattern 1 has two CPEs (VPN-1).",
            ),
        ),
    ),
    Case(
        "main and spare are one unit",
        pattern=1,
        edit={"vpn.cpe.spare": {"serial": "CPE-0101", "wan_mac": "02:00:00:00:01:01"}},
        expected=(
            (
                "GW111",
                "vpn.cpe.spare.serial",
                "CPE-0101",
                "Give the spare's own, as on its label: main has this one.",
            ),
            (
                "GW111",
                "vpn.cpe.spare.wan_mac",
                "02:00:00:00:01:01",
                "Give the spare's own, as on its label: main has this one.",
            ),
        ),
    ),
    Case(
        "FLET'S without the IPv6 option",
        pattern=2,
        edit={"vpn.line.ipv6_option": False},
        expected=(
            (
                "GW131",
                "vpn.line.ipv6_option",
                False,
                "Order フレッツ・v6オプション first: the pattern needs it.",
            ),
        ),
    ),
    Case(
        "FLET'S with the IPv6 option not said",
        pattern=2,
        edit={"vpn.line.ipv6_option": REMOVED},
        expected=(
            (
                "GW131",
                "vpn.line.ipv6_option",
                "missing",
                "Give ipv6_option: true; the pattern needs フレッツ・v6オプション.",
            ),
        ),
    ),
    Case(
        "firewall that is none",
        edit={"firewall.product": "nec_ix"},
        expected=(
            (
                "GW130",
                "firewall.product",
                "nec_ix",
                "Use one of: fortigate, juniper_srx, linux.",
            ),
        ),
    ),
    Case(
        "CPE that is none",
        pattern=3,
        edit={"vpn.cpe.product": "fortigate"},
        expected=(
            (
                "GW130",
                "vpn.cpe.product",
                "fortigate",
                "Use one of: cisco_iosxe, linux, nec_ix, yamaha_rtx.",
            ),
        ),
    ),
    Case(
        "L3 switch misspelt",
        edit={"l3_switch.product": "cisco_iso"},
        expected=(
            (
                "GW130",
                "l3_switch.product",
                "cisco_iso",
                "Did you mean `cisco_ios`?",
            ),
        ),
    ),
    Case(
        "product of nowhere",
        edit={"firewall.product": "pix"},
        expected=(
            (
                "GW130",
                "firewall.product",
                "pix",
                "Use one of: fortigate, juniper_srx, linux.",
            ),
        ),
    ),
    Case(
        "switch as the tunnel end of pattern 4",
        edit={"firewall.product": "cisco_ios"},
        expected=(
            (
                "GW130",
                "firewall.product",
                "cisco_ios",
                "Use one of: fortigate, juniper_srx, linux.",
            ),
        ),
    ),
    Case(
        "HIGH on a NEC IX",
        pattern=2,
        edit={"vpn.crypto": "HIGH", "vpn.cpe.product": "nec_ix"},
        expected=(
            (
                "GW132",
                "vpn.crypto",
                "HIGH",
                "Use BASE: NEC UNIVERGE IX reaches no more (catalogue/products/nec_ix.yml).",
            ),
        ),
    ),
    Case(
        "HIGH on a Yamaha RTX",
        pattern=3,
        edit={"vpn.crypto": "HIGH", "vpn.cpe.product": "yamaha_rtx"},
        expected=(
            (
                "GW132",
                "vpn.crypto",
                "HIGH",
                "Use BASE: Yamaha RTX reaches no more (catalogue/products/yamaha_rtx.yml).",
            ),
        ),
    ),
    Case(
        "no crypto",
        edit={"vpn.crypto": "NONE"},
        expected=(
            (
                "GW104",
                "vpn.crypto",
                "NONE",
                "Use one of: HIGH, BASE.",
            ),
        ),
    ),
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
    Case(
        "build before the line",
        swap={"build: 2027-01-12": "build: 2026-11-30"},
        expected=(
            (
                "GW141",
                "schedule.build",
                "2026-11-30",
                "Use a date not before line_ready (2026-12-01).",
            ),
        ),
    ),
    Case(
        "go-live before the tests",
        swap={"s_in: 2027-02-15": "s_in: 2027-01-31"},
        expected=(
            (
                "GW141",
                "schedule.s_in",
                "2027-01-31",
                "Use a date not before viewing_tests (2027-02-01).",
            ),
            (
                "GW141",
                "schedule.line_ready",
                "2026-12-01",
                ("Use 2026-11-30 or earlier: line and environment stand two months before S-in (OP-10)."),
            ),
        ),
    ),
    Case(
        "line ready too late",
        swap={"line_ready: 2026-12-01": "line_ready: 2026-12-16"},
        expected=(
            (
                "GW141",
                "schedule.line_ready",
                "2026-12-16",
                ("Use 2026-12-15 or earlier: line and environment stand two months before S-in (OP-10)."),
            ),
        ),
    ),
    Case(
        "nobody in the hospital",
        edit={"contacts[0].role": "regional_office"},
        expected=(
            (
                "GW103",
                "contacts",
                "missing",
                "Give a contact with role hospital_it.",
            ),
        ),
    ),
    Case(
        "nobody to build the route",
        pattern=3,
        edit={"contacts[1]": REMOVED},
        expected=(
            (
                "GW103",
                "contacts",
                "missing",
                "Give a contact with role network_vendor.",
            ),
        ),
    ),
    Case(
        "two networks of one name",
        edit={"networks[1].name": "his"},
        expected=(
            (
                "GW111",
                "networks[1].name",
                "his",
                "Use another: networks[0].name has this one.",
            ),
        ),
    ),
    Case(
        "two linked systems of one name",
        edit={"linked_systems[2].name": "emr"},
        expected=(
            (
                "GW111",
                "linked_systems[2].name",
                "emr",
                "Use another: linked_systems[0].name has this one.",
            ),
        ),
    ),
    Case(
        "two PACS of one name and AE title",
        edit={"pacs[1]": {"name": "main", "ae_title": "KITA_PACS", "address": "192.168.30.11", "port": 104}},
        expected=(
            (
                "GW111",
                "pacs[1].name",
                "main",
                "Use another: pacs[0].name has this one.",
            ),
            (
                "GW111",
                "pacs[1].ae_title",
                "KITA_PACS",
                "Use another: pacs[0].ae_title has this one.",
            ),
        ),
    ),
    Case(
        "PACS with the AE title of the archive",
        edit={"pacs[0].ae_title": "KITA_GW"},
        expected=(
            (
                "GW111",
                "pacs[0].ae_title",
                "KITA_GW",
                "Use another: archive.ae_title has this one.",
            ),
        ),
    ),
    Case(
        "category twice",
        edit={"publication.categories[5]": {"category": "reports", "months": 12}},
        expected=(
            (
                "GW111",
                "publication.categories[5].category",
                "reports",
                "Use another: publication.categories[3].category has this one.",
            ),
        ),
    ),
    Case(
        "modality twice",
        edit={"publication.modalities": ["CT", "CT"]},
        expected=(
            (
                "GW111",
                "publication.modalities[1]",
                "CT",
                "Use another: publication.modalities[0] has this one.",
            ),
        ),
    ),
    Case(
        "facility twice",
        edit={"viewing_facilities[1].name": "東内科クリニック"},
        expected=(
            (
                "GW111",
                "viewing_facilities[1].name",
                "東内科クリニック",
                "Use another: viewing_facilities[0].name has this one.",
            ),
        ),
    ),
    Case(
        "client network twice",
        edit={"proxy.clients": ["clients", "clients"]},
        expected=(
            (
                "GW111",
                "proxy.clients[1]",
                "clients",
                "Use another: proxy.clients[0] has this one.",
            ),
        ),
    ),
    Case(
        "other service twice",
        pattern=1,
        edit={
            "vpn.other_services[1]": {
                "name": "regional_portal",
                "network": "203.0.113.96/28",
                "used_by": "proxy",
                "protocol": "tcp",
                "port": 443,
            }
        },
        expected=(
            (
                "GW111",
                "vpn.other_services[1].name",
                "regional_portal",
                "Use another: vpn.other_services[0].name has this one.",
            ),
        ),
    ),
    Case(
        "proxy client misspelt",
        edit={"proxy.clients": ["client"]},
        expected=(
            (
                "GW112",
                "proxy.clients[0]",
                "client",
                "Did you mean `clients`?",
            ),
        ),
    ),
    Case(
        "proxy client is not a client network",
        edit={"proxy.clients": ["his"]},
        expected=(
            (
                "GW112",
                "proxy.clients[0]",
                "his",
                "Use the name of a network of kind his_clients.",
            ),
        ),
    ),
    Case(
        "images without a PACS",
        edit={"pacs": []},
        expected=(
            (
                "GW144",
                "publication.categories[4].category",
                "pacs_images",
                "Add the PACS to `pacs`, or do not publish its images.",
            ),
        ),
    ),
    Case(
        "download without a PACS",
        edit={"pacs": [], "publication.categories[4]": REMOVED, "publication.pacs_image_download": True},
        expected=(
            (
                "GW144",
                "publication.pacs_image_download",
                True,
                "Write false: there is no PACS whose images could be downloaded.",
            ),
        ),
    ),
    Case(
        "staff file missing",
        edit={"staff_file": {"path": "staff.csv", "sha256": NO_SHA256}},
        expected=(
            (
                "GW142",
                "staff_file.path",
                "staff.csv",
                "Put the file itself, not a link, into pattern4/.",
            ),
        ),
    ),
    Case(
        "staff file outside the folder",
        edit={"staff_file": {"path": "../data_centre.yml", "sha256": NO_SHA256}},
        expected=(
            (
                "GW110",
                "staff_file.path",
                "../data_centre.yml",
                "Write a path below the site's folder, such as files/staff.csv.",
            ),
        ),
    ),
    Case(
        "staff file with another sha256",
        edit={"staff_file": {"path": "site.txt", "sha256": NO_SHA256}},
        expected=(
            (
                "GW142",
                "staff_file.sha256",
                NO_SHA256,
                (
                    "The file's sha256 is "
                    "170a81d7ff46c5d2930e8a928867388f61be8c516a0f6091d46cc03e62cc1da6: fetch the "
                    "right file, or write this one's."
                ),
            ),
        ),
    ),
    Case(
        "staff file with half a sha256",
        edit={"staff_file": {"path": "site.txt", "sha256": "abc"}},
        expected=(
            (
                "GW110",
                "staff_file.sha256",
                "abc",
                "Write the 64 small hexadecimal digits that sha256sum prints.",
            ),
        ),
    ),
    Case(
        "faults of many kinds at once",
        edit={
            "hospital.id": "KITA",
            "dmz.netwrok": "10.161.4.0/24",
            "pacs[0].port": 0,
            "vpn.line.global_address": REMOVED,
            "l3_switch.managed_by": "vendor",
        },
        expected=(
            (
                "GW110",
                "hospital.id",
                "KITA",
                "Use 2 to 16 small letters and digits, a letter first, such as kita.",
            ),
            (
                "GW102",
                "dmz.netwrok",
                "netwrok",
                "Did you mean `network`?",
            ),
            (
                "GW104",
                "l3_switch.managed_by",
                "vendor",
                "Did you mean network_vendor? Use one of: us, network_vendor.",
            ),
            (
                "GW131",
                "vpn.line.global_address",
                "missing",
                "Give the line's one global IPv4 address (VPN-4).",
            ),
            (
                "GW105",
                "pacs[0].port",
                0,
                "Use 1 or more.",
            ),
        ),
    ),
    Case(
        "broken rules of many kinds at once",
        edit={
            "trust.firewall_address": "192.168.11.5",
            "firewall.product": "pix",
            "networks[1].name": "his",
            "appliance.memory_gb": 16,
            "proxy.clients": ["ward"],
            "dmz.network": "192.168.20.0/24",
        },
        expected=(
            (
                "GW120",
                "dmz.network",
                "192.168.20.0/24 overlaps 192.168.20.0/24 (networks[0].network)",
                "Use 10.160.1.0/24, the first free network of 10.16X.",
            ),
            (
                "GW123",
                "dmz.network",
                "192.168.20.0/24",
                ("Use 10.16X.XXX.0/24 (NW-1), or give outside_10_16x_because: why it could not be used here (NW-2)."),
            ),
            (
                "GW121",
                "trust.firewall_address",
                "192.168.11.5",
                "Use an address in 192.168.10.0/24 (trust.network).",
            ),
            (
                "GW111",
                "networks[1].name",
                "his",
                "Use another: networks[0].name has this one.",
            ),
            (
                "GW112",
                "proxy.clients[0]",
                "ward",
                "Use the name of a network of kind his_clients.",
            ),
            (
                "GW130",
                "firewall.product",
                "pix",
                "Use one of: fortigate, juniper_srx, linux.",
            ),
            (
                "GW140",
                "appliance.memory_gb",
                16,
                "Use a server with 34 GB or more: the virtual machines and ESXi need them.",
            ),
        ),
    ),
)
