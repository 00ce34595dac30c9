"""Secrets outside the vault: refused, and never shown."""

from __future__ import annotations

from tests.refusals.case import Case, at_the_end

PRIVATE_KEY = (
    "-----BEGIN OPENSSH " + "PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH " + "PRIVATE KEY-----\n"
)
CRYPT_HASH = "$6$saltsalt$abcdefghijklmnop"

CASES = (
    Case(
        "pre-shared key in the site file",
        edit={"vpn.psk": "correct horse battery"},
        expected=(
            (
                "GW106",
                "vpn.psk",
                "<hidden>",
                ("Remove it here and put it into group_vars/all/vault.yml, encrypted with ansible-vault."),
            ),
        ),
    ),
    Case(
        "password at the top",
        edit={"esxi_password": "hunter2"},
        expected=(
            (
                "GW106",
                "esxi_password",
                "<hidden>",
                ("Remove it here and put it into group_vars/all/vault.yml, encrypted with ansible-vault."),
            ),
        ),
    ),
    Case(
        "password in a list",
        edit={"linked_systems[0].passwords": ["hunter2"]},
        expected=(
            (
                "GW106",
                "linked_systems[0].passwords",
                "<hidden>",
                ("Remove it here and put it into group_vars/all/vault.yml, encrypted with ansible-vault."),
            ),
        ),
    ),
    Case(
        "private key as a value",
        edit={"hospital.name.en": PRIVATE_KEY},
        expected=(
            (
                "GW106",
                "hospital.name.en",
                "<hidden>",
                ("Remove it here and put it into group_vars/all/vault.yml, encrypted with ansible-vault."),
            ),
        ),
    ),
    Case(
        "crypt hash as a value",
        edit={"viewing_facilities[0].name": CRYPT_HASH},
        expected=(
            (
                "GW106",
                "viewing_facilities[0].name",
                "<hidden>",
                ("Remove it here and put it into group_vars/all/vault.yml, encrypted with ansible-vault."),
            ),
        ),
    ),
    Case(
        "yescrypt hash as a value",
        edit={"contacts[0].name": "$y$j9T$saltsalt$abcdefghij"},
        expected=(
            (
                "GW106",
                "contacts[0].name",
                "<hidden>",
                ("Remove it here and put it into group_vars/all/vault.yml, encrypted with ansible-vault."),
            ),
        ),
    ),
    Case(
        "vault text in the site file",
        edit={"hospital.name.en": "$ANSIBLE_VAULT;1.1;AES256\n6162"},
        expected=(
            (
                "GW106",
                "hospital.name.en",
                "<hidden>",
                ("Remove it here and put it into group_vars/all/vault.yml, encrypted with ansible-vault."),
            ),
        ),
    ),
    Case(
        "account in a URL",
        edit={"packages": {"url": "https://kita:hunter2@mirror.kita.example.jp/debian", "signed_by": "/srv/key.gpg"}},
        expected=(
            (
                "GW106",
                "packages.url",
                "<hidden>",
                ("Remove it here and put it into group_vars/all/vault.yml, encrypted with ansible-vault."),
            ),
        ),
    ),
    Case(
        "secret and another fault, both named",
        edit={"linked_systems[0].token": "hunter2", "pacs[0].port": 0},
        expected=(
            (
                "GW106",
                "linked_systems[0].token",
                "<hidden>",
                ("Remove it here and put it into group_vars/all/vault.yml, encrypted with ansible-vault."),
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
        "secret with a broken rule",
        edit={"contacts[0].name": CRYPT_HASH, "l3_switch.address": "192.168.10.5"},
        expected=(
            (
                "GW106",
                "contacts[0].name",
                "<hidden>",
                ("Remove it here and put it into group_vars/all/vault.yml, encrypted with ansible-vault."),
            ),
            (
                "GW122",
                "l3_switch.address",
                "192.168.10.5",
                "Use another address: trust.firewall_address has this one.",
            ),
        ),
    ),
    Case(
        "unquoted password that begins like an alias",
        after="esxi_password: *hunter2\n",
        expected=(
            (
                "GW101",
                at_the_end(),
                "an alias (*)",
                "Write the value out, or put text that begins with * in quotes.",
            ),
        ),
    ),
    Case(
        "unquoted password that begins like a tag",
        after="esxi_password: !hunter2\n",
        expected=(
            (
                "GW101",
                at_the_end(),
                "a tag (!)",
                "Remove the tag, or put text that begins with ! in quotes.",
            ),
        ),
    ),
    Case(
        "unquoted password that begins like an anchor",
        after="esxi_password: &hunter2\n",
        expected=(
            (
                "GW101",
                at_the_end(),
                "an anchor (&)",
                "Remove the anchor, or put text that begins with & in quotes.",
            ),
        ),
    ),
    Case(
        "secret in the file of the data centre",
        file="data_centre.yml",
        edit={"mirror.password": "hunter2"},
        expected=(
            (
                "GW106",
                "data_centre.mirror.password",
                "<hidden>",
                ("Remove it here and put it into group_vars/all/vault.yml, encrypted with ansible-vault."),
            ),
        ),
    ),
)
