"""Names, and other texts with a form of their own, that break their rule."""

from __future__ import annotations

from tests.refusals.case import Case

CASES = (
    Case(
        "site id with a capital",
        edit={"hospital.id": "Kita"},
        expected=(
            (
                "GW110",
                "hospital.id",
                "Kita",
                "Use 2 to 16 small letters and digits, a letter first, such as kita.",
            ),
        ),
    ),
    Case(
        "site id too long",
        edit={"hospital.id": "kkkkkkkkkkkkkkkkk"},
        expected=(
            (
                "GW110",
                "hospital.id",
                "kkkkkkkkkkkkkkkkk",
                "Use 2 to 16 small letters and digits, a letter first, such as kita.",
            ),
        ),
    ),
    Case(
        "network name with a hyphen",
        edit={"networks[1].name": "pacs-servers"},
        expected=(
            (
                "GW110",
                "networks[1].name",
                "pacs-servers",
                "Use small letters, digits and underscores, a letter first, 32 at most.",
            ),
        ),
    ),
    Case(
        "AE title of 17",
        edit={"archive.ae_title": "KKKKKKKKKKKKKKKKK"},
        expected=(
            (
                "GW110",
                "archive.ae_title",
                "KKKKKKKKKKKKKKKKK",
                ("Use 1 to 16 printable ASCII characters without a backslash or outer blanks (DICOM PS3.5, VR AE)."),
            ),
        ),
    ),
    Case(
        "AE title ending in a blank",
        edit={"pacs[0].ae_title": "KITA_PACS "},
        expected=(
            (
                "GW110",
                "pacs[0].ae_title",
                "KITA_PACS ",
                ("Use 1 to 16 printable ASCII characters without a backslash or outer blanks (DICOM PS3.5, VR AE)."),
            ),
        ),
    ),
    Case(
        "AE title with a backslash",
        edit={"pacs[0].ae_title": "KITA\\PACS"},
        expected=(
            (
                "GW110",
                "pacs[0].ae_title",
                "KITA\\PACS",
                ("Use 1 to 16 printable ASCII characters without a backslash or outer blanks (DICOM PS3.5, VR AE)."),
            ),
        ),
    ),
    Case(
        "AE title in full-width letters",
        edit={"pacs[0].ae_title": "ＫＩＴＡ"},
        expected=(
            (
                "GW110",
                "pacs[0].ae_title",
                "ＫＩＴＡ",
                ("Use 1 to 16 printable ASCII characters without a backslash or outer blanks (DICOM PS3.5, VR AE)."),
            ),
        ),
    ),
    Case(
        "empty AE title",
        edit={"archive.ae_title": ""},
        expected=(
            (
                "GW110",
                "archive.ae_title",
                "",
                ("Use 1 to 16 printable ASCII characters without a backslash or outer blanks (DICOM PS3.5, VR AE)."),
            ),
        ),
    ),
    Case(
        "name of two lines",
        edit={"hospital.name.en": "Kita\nHospital"},
        expected=(
            (
                "GW110",
                "hospital.name.en",
                "Kita\nHospital",
                "Write one line of 1 to 200 visible characters, without blanks at its ends.",
            ),
        ),
    ),
    Case(
        "name with a right-to-left mark",
        edit={"hospital.name.en": "Kita \u202eHospital"},
        expected=(
            (
                "GW110",
                "hospital.name.en",
                "Kita \u202eHospital",
                "Write one line of 1 to 200 visible characters, without blanks at its ends.",
            ),
        ),
    ),
    Case(
        "blank name",
        edit={"hospital.name.ja": "\u3000"},
        expected=(
            (
                "GW110",
                "hospital.name.ja",
                "\u3000",
                "Write one line of 1 to 200 visible characters, without blanks at its ends.",
            ),
        ),
    ),
    Case(
        "very long name",
        edit={"hospital.name.ja": "北" * 201},
        expected=(
            (
                "GW110",
                "hospital.name.ja",
                ("北" * 80 + "... (201 characters)"),
                "Write one line of 1 to 200 visible characters, without blanks at its ends.",
            ),
        ),
    ),
    Case(
        "mail address without at",
        edit={"contacts[0].email": "it.kita.example.jp"},
        expected=(
            (
                "GW110",
                "contacts[0].email",
                "it.kita.example.jp",
                "Write an address such as it@kita.example.jp.",
            ),
        ),
    ),
    Case(
        "phone number in full-width digits",
        edit={"contacts[0].phone": "０１１-000-0001"},
        expected=(
            (
                "GW110",
                "contacts[0].phone",
                "０１１-000-0001",
                "Write digits and hyphens, such as 011-000-0000.",
            ),
        ),
    ),
    Case(
        "MAC address with hyphens",
        pattern=2,
        edit={"vpn.cpe.unit.wan_mac": "02-00-00-00-02-01"},
        expected=(
            (
                "GW110",
                "vpn.cpe.unit.wan_mac",
                "02-00-00-00-02-01",
                ("Write the MAC address of the port in quotes, in small letters, such as '02:00:00:00:01:01'."),
            ),
        ),
    ),
    Case(
        "MAC address of a group",
        pattern=2,
        edit={"vpn.cpe.unit.wan_mac": "03:00:00:00:02:01"},
        expected=(
            (
                "GW110",
                "vpn.cpe.unit.wan_mac",
                "03:00:00:00:02:01",
                ("Write the MAC address of the port in quotes, in small letters, such as '02:00:00:00:01:01'."),
            ),
        ),
    ),
    Case(
        "host name that is an address",
        edit={"proxy.other_destinations": ["203.0.113.99"]},
        expected=(
            (
                "GW110",
                "proxy.other_destinations[0]",
                "203.0.113.99",
                "Use a full host name in lower case, such as portal.idlink.example.jp.",
            ),
        ),
    ),
    Case(
        "host name with a wildcard",
        edit={"proxy.other_destinations": ["*.example.jp"]},
        expected=(
            (
                "GW110",
                "proxy.other_destinations[0]",
                "*.example.jp",
                "Use a full host name in lower case, such as portal.idlink.example.jp.",
            ),
        ),
    ),
    Case(
        "NIC of another system",
        edit={"appliance.nic1": "eth0"},
        expected=(
            (
                "GW110",
                "appliance.nic1",
                "eth0",
                "Write ESXi's name of the port, such as vmnic0.",
            ),
        ),
    ),
    Case(
        "modality in small letters",
        edit={"publication.modalities": ["ct"]},
        expected=(
            (
                "GW110",
                "publication.modalities[0]",
                "ct",
                "Write a DICOM modality such as CT (PS3.3 C.7.3.1.1.1).",
            ),
        ),
    ),
    Case(
        "packages from ftp",
        edit={"packages": {"url": "ftp://mirror.kita.example.jp/debian", "signed_by": "/srv/key.gpg"}},
        expected=(
            (
                "GW110",
                "packages.url",
                "ftp://mirror.kita.example.jp/debian",
                "Write a URL such as https://mirror.kita.example.jp/debian or file:///srv/mirror.",
            ),
        ),
    ),
    Case(
        "packages from no folder",
        edit={"packages": {"url": "file://", "signed_by": "/srv/key.gpg"}},
        expected=(
            (
                "GW110",
                "packages.url",
                "file://",
                "Write a URL such as https://mirror.kita.example.jp/debian or file:///srv/mirror.",
            ),
        ),
    ),
    Case(
        "the only item of a list, not reported as an empty list too",
        edit={"proxy.clients": ["HIS clients"]},
        expected=(
            (
                "GW110",
                "proxy.clients[0]",
                "HIS clients",
                "Use small letters, digits and underscores, a letter first, 32 at most.",
            ),
        ),
    ),
    Case(
        "key path with dots",
        edit={"packages": {"url": "file:///srv/mirror", "signed_by": "../key.gpg"}},
        expected=(
            (
                "GW110",
                "packages.signed_by",
                "../key.gpg",
                "Write a path from the root, such as /srv/mirror/key.gpg.",
            ),
        ),
    ),
)
