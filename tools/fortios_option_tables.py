"""Generate gatekit/simulators/fortios/option_tables.json: what the fortinet.fortios modules know of FortiOS.

    pip download ansible==14.5.0 --no-deps --dest DIRECTORY
    python tools/fortios_option_tables.py DIRECTORY/ansible-14.5.0-py3-none-any.whl [--check]

Only facts are taken, and only of the tables we write: names of options, their types, choices, and which tables a
value refers to. The modules are read with ``ast``, never imported. ``--check`` writes nothing and fails when the
committed file differs.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import json
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

import yaml

TARGET = Path(__file__).resolve().parent.parent / "gatekit/simulators/fortios/option_tables.json"
COLLECTION = "ansible_collections/fortinet/fortios/"
TABLES = {  # module -> table as typed; a module's name loses the difference between blank and hyphen
    "system_global": "system global",
    "system_interface": "system interface",
    "system_dns": "system dns",
    "system_ntp": "system ntp",
    "system_zone": "system zone",
    "system_admin": "system admin",
    "system_console": "system console",
    "firewall_address": "firewall address",
    "firewall_service_custom": "firewall service custom",
    "firewall_local_in_policy": "firewall local-in-policy",
    "firewall_policy": "firewall policy",
    "router_static": "router static",
    "router_policy": "router policy",
    "vpn_ipsec_phase1_interface": "vpn ipsec phase1-interface",
    "vpn_ipsec_phase2_interface": "vpn ipsec phase2-interface",
    "log_setting": "log setting",
    "log_syslogd_setting": "log syslogd setting",
    "log_syslogd2_setting": "log syslogd2 setting",
    "log_syslogd3_setting": "log syslogd3 setting",
    "log_syslogd4_setting": "log syslogd4 setting",
}
ANSIBLE_ONLY = {"intf_dict": "intf"}  # one key of the box with two names there: one value, and several
OLDEST = "v6.0.0"  # where the modules begin
PATH = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+$")
SOURCE = re.compile(r"\bSource ([a-z0-9.\- ]+[a-z0-9])")


def _literal(source: str, name: str) -> Any:
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == name:
            return ast.literal_eval(node.value)
    raise SystemExit(f"no {name} in the module")


def _typed(name: str) -> str:
    return name.replace("_", "-")


def _references(documented: dict[str, Any]) -> list[str]:
    """Return the tables whose keys are valid values, as the documentation names them: ``system.zone.name``."""
    text = " ".join(documented.get("description", []))
    return sorted(
        {path.rsplit(".", 1)[0] for found in SOURCE.findall(text) for path in found.split() if PATH.match(path)}
    )


def _releases(schema: dict[str, Any]) -> dict[str, str]:
    """Return the first and the last release that has the option, where it is not every one."""
    ranges = schema.get("v_range") or [[OLDEST, ""]]
    first, last = ranges[0][0], ranges[-1][1]
    return ({"since": first} if first != OLDEST else {}) | ({"until": last} if last else {})


def _option(schema: dict[str, Any], documented: dict[str, Any]) -> dict[str, Any]:
    children = schema.get("children")
    if schema["type"] in {"list", "dict"} and children:
        nested = documented.get("suboptions", {})
        if len(children) > 1:
            return {"table": _table(schema, nested)}
        (name,) = children  # several values of one kind behind ``set``
        one = _option(children[name], nested.get(name, {}))
        return {"several": True} | one | {"type": "list"} | _releases(schema)
    option: dict[str, Any] = {"type": schema["type"]} | _releases(schema)
    if "options" in schema:
        option["choices"] = [row["value"] for row in schema["options"]]
    if references := _references(documented):
        option["references"] = references
    return option


def _table(schema: dict[str, Any], documented: dict[str, Any]) -> dict[str, Any]:
    children = schema["children"]
    options = {
        _typed(name): _option(child, documented.get(name, {}))
        for name, child in sorted(children.items())
        if name not in ANSIBLE_ONLY
    }
    for second, name in ANSIBLE_ONLY.items():
        if second in children:
            options[name].pop("until", None)
    key = next((name for name, child in children.items() if child.get("required")), None)
    if schema["type"] == "list" and key is None:
        key = "id" if "id" in children else "name"
    return {"key": _typed(key) if schema["type"] == "list" and key else None, "options": options}


def option_tables(wheel: Path) -> dict[str, Any]:
    """Return the tables with the name, version and sha256 of what they were read from."""
    with zipfile.ZipFile(wheel) as archive:
        manifest = json.loads(archive.read(f"{COLLECTION}MANIFEST.json"))["collection_info"]
        tables: dict[str, Any] = {}
        for module, typed in TABLES.items():
            source = archive.read(f"{COLLECTION}plugins/modules/fortios_{module}.py").decode()
            documented = yaml.safe_load(_literal(source, "DOCUMENTATION"))["options"][module]["suboptions"]
            tables[typed] = _table(_literal(source, "versioned_schema"), documented)
    return {
        "collection": f"{manifest['namespace']}.{manifest['name']} {manifest['version']}",
        "wheel": wheel.name,
        "wheel_sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "tables": tables,
    }


def as_text(found: dict[str, Any]) -> str:
    """Return it as JSON with one option a line, so that a newer release shows as a small diff."""
    lines = [f' "{name}": {json.dumps(found[name])},' for name in ("collection", "wheel", "wheel_sha256")]
    rows = []
    for table, content in found["tables"].items():
        options = ",\n".join(f'   "{name}": {json.dumps(option)}' for name, option in content["options"].items())
        rows.append(f'  "{table}": {{"key": {json.dumps(content["key"])}, "options": {{\n{options}\n  }}}}')
    return "{\n" + "\n".join(lines) + '\n "tables": {\n' + ",\n".join(rows) + "\n }\n}\n"


def main() -> int:
    """Write or check the committed file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("wheel", type=Path)
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    text = as_text(option_tables(given.wheel))
    if not given.check:
        TARGET.write_text(text, encoding="utf-8")
        return 0
    if TARGET.read_text(encoding="utf-8") == text:
        return 0
    print(f"{TARGET.name} is not what this wheel says; generate it again.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
