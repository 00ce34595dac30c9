"""The site file's words about Windows: refused where Setup or the guest would stop."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from gatekit.intent.artefacts import site_artefact_faults
from gatekit.intent.site import Site
from gatekit.intent.windows import WindowsMaintenance
from tests.sites import generated_intent

TOOL = {"path": "tools/putty.msi", "sha256": hashlib.sha256(b"putty").hexdigest(), "product_id": "PuTTY 0.83"}


def with_tool() -> Site:
    site = generated_intent(3).site
    return site.model_copy(update={"windows": WindowsMaintenance.model_validate({"tools": (TOOL,)})})


def test_a_tool_that_is_missing_or_another_one_is_refused_before_any_login(tmp_path: Path) -> None:
    site, file = with_tool(), tmp_path / "tools" / "putty.msi"
    (missing,) = site_artefact_faults(site, tmp_path)
    file.parent.mkdir()
    file.write_bytes(b"somebody's")
    (another,) = site_artefact_faults(site, tmp_path)
    file.write_bytes(b"putty")
    assert (missing.code, missing.path) == ("GW142", "windows.tools[0].path")
    assert (another.code, another.path) == ("GW142", "windows.tools[0].sha256")
    assert list(site_artefact_faults(site, tmp_path)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"language": "de-DE"},
        {"installation_media": {"file": "/iso/server.iso", "sha256": "0" * 64}},
        {"installation_media": {"file": "iso/server.iso", "sha256": "0" * 63}},
        {"tools": [TOOL | {"product_id": "..\\..\\Run"}]},
        {"autologon": True},
    ],
)
def test_what_windows_would_stumble_over_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        WindowsMaintenance.model_validate_json(json.dumps(wrong), strict=True)


def test_without_a_word_about_windows_it_is_japanese_with_the_desktop() -> None:
    windows = generated_intent(3).site.windows
    assert (windows.language, windows.desktop, windows.openssh, windows.installation_media) == (
        "ja-JP",
        True,
        False,
        None,
    )
