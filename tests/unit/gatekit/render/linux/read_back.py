"""Rules as nft itself holds them: loaded in a network namespace of its own, twice, and read back."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from ipaddress import IPv4Network, collapse_addresses
from pathlib import Path
from typing import Any

import pytest


def loaded(text: str) -> list[dict[str, Any]]:
    """Return the rules as the kernel holds them, in a network namespace of its own, after loading the text twice."""
    if shutil.which("nft") is None:
        pytest.fail("nft is needed to read rules back: apt-get install nftables")
    with tempfile.TemporaryDirectory() as folder:
        rules, foreign = Path(folder, "rules.nft"), Path(folder, "foreign.nft")
        rules.write_text(text)
        foreign.write_text("table ip others {\n chain keep {\n counter\n }\n}\n")
        script = f"nft -f {foreign} && nft -f {rules} && nft -f {rules} && nft -j list ruleset"
        rootless = [] if os.geteuid() == 0 else ["--map-root-user"]
        words = ["unshare", "--net", *rootless, "sh", "-c", script]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    items = json.loads(done.stdout)["nftables"]
    assert [item["table"]["name"] for item in items if "table" in item] == ["others", "gatekit_fw"]
    return [item["rule"] for item in items if "rule" in item and item["rule"]["table"] == "gatekit_fw"]


def matches(rule: dict[str, Any]) -> dict[str, Any]:
    """Return what a rule asks for, by field."""
    asked = {}
    for part in rule["expr"]:
        if "match" in part:
            left, right = part["match"]["left"], part["match"]["right"]
            field = left["payload"]["protocol"] + " " + left["payload"]["field"] if "payload" in left else str(left)
            asked[left["meta"]["key"] if "meta" in left else field] = right
    return asked


def networks(right: Any) -> list[str]:
    items = right["set"] if isinstance(right, dict) and "set" in right else [right]
    found = [
        IPv4Network((item["prefix"]["addr"], item["prefix"]["len"])) if isinstance(item, dict) else IPv4Network(item)
        for item in items
    ]
    return [str(network) for network in collapse_addresses(found)]
