"""Names given twice, and references to what is not there."""

from __future__ import annotations

from tests.refusals.case import REMOVED, Case

CASES = (
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
)
