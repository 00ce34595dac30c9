"""The scenario's hospital: the example site with dcm4chee as its archive, and the zip beside its site file.

``hospital.py FOLDER DATA``. DCM4CHEE_DIST names the operator's own zip (with DCM4CHEE_DIST_SHA256 it has to have that
sha256); without it a distribution with stand-in applications is built from the LDIF and SQL files in DATA. The plan is
made from the site file as for any hospital, so a wrong zip is refused here as it is there. Writes plan.json and
scenario.json.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sys
import zipfile
from pathlib import Path
from typing import Any

import yaml

from gatekit.errors import IntentRefused
from gatekit.plan.document import plan_bytes
from gatekit.plan.make import plan_site
from tests.fixtures.dcm4chee_distribution import build
from tests.refusals.case import example

ZIP = "distribution.zip"


def given(folder: Path, real: str, data: Path) -> dict[str, str]:
    """Put the zip beside the site file and return what the site file says of it."""
    path = folder / ZIP
    if not real:
        return {"path": ZIP, "sha256": build(path, data)}
    shutil.copyfile(real, path)
    with path.open("rb") as file:
        actual = hashlib.file_digest(file, "sha256").hexdigest()
    with zipfile.ZipFile(path) as archive:
        version = re.match(r"dcm4chee-arc-(\d+\.\d+\.\d+)-", archive.namelist()[0])
    facts = {"path": ZIP, "sha256": os.environ.get("DCM4CHEE_DIST_SHA256") or actual}
    return facts | ({"version": version[1]} if version else {})


def main() -> None:
    root, data, real = Path(sys.argv[1]), Path(sys.argv[2]), os.environ.get("DCM4CHEE_DIST", "")
    inventories = root / "inventories"
    shutil.rmtree(inventories, ignore_errors=True)  # of an earlier run
    inventories.mkdir()
    folder = example(4, inventories)
    tree: dict[str, Any] = yaml.safe_load((folder / "site.yml").read_text(encoding="utf-8"))
    tree["archive"] |= {"engine": "dcm4chee", "retention_months": 36, "compression": "jpeg_ls_lossless"}
    tree["archive"]["distribution"] = given(folder, real, data)
    (folder / "site.yml").write_text(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False), encoding="utf-8")
    try:
        plan = plan_site(folder)
    except IntentRefused as refused:
        sys.exit(str(refused))
    (root / "plan.json").write_bytes(plan_bytes(plan))
    own = (data / "ldap/default-config.ldif").stat().st_size > 100_000  # 5.34.3's has 850 KB, our fixture a few lines
    scenario = {"real_archive": bool(real), "dcm4chees_data": bool(real) or own}
    (root / "scenario.json").write_text(json.dumps(scenario))
    print("The real distribution", real) if real else print("Stand-in applications, data from", data)


if __name__ == "__main__":
    main()
