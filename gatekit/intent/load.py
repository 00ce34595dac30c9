"""From files to a valid intent, or every fault at once. Nothing is logged into here."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import ValidationError

from gatekit.errors import IntentError, IntentRefused
from gatekit.intent.artefacts import site_artefact_faults
from gatekit.intent.data_centre import DataCentre
from gatekit.intent.faults import translated
from gatekit.intent.rules import broken_rules
from gatekit.intent.secret_words import found_secrets, missing_secrets, not_hidden
from gatekit.intent.site import Site
from gatekit.intent.yaml_text import read_mapping
from gatekit.model import Frozen

__all__ = ["DATA_CENTRE_FILE", "SITE_FILE", "Intent", "load_intent", "missing_secrets"]

SITE_FILE = "site.yml"
DATA_CENTRE_FILE = "data_centre.yml"


class Intent(Frozen):
    """One hospital and the data centre it is linked with, both valid, and valid together."""

    site: Site
    data_centre: DataCentre


def load_intent(folder: Path) -> Intent:
    """Return the intent of ``inventories/<site>``; the data centre's file stands beside the folder.

    Raises:
        IntentRefused: every fault (GW1xx) of both files, with path, value and fix.
    """
    secrets: list[IntentError] = []
    errors: list[IntentError] = []
    site = _model(Site, folder / SITE_FILE, "", secrets, errors)
    data_centre = _model(DataCentre, folder.parent / DATA_CENTRE_FILE, "data_centre", secrets, errors)
    if site is not None and data_centre is not None:
        errors.extend(broken_rules(site, data_centre))
    if site is not None:
        errors.extend(site_artefact_faults(site, folder))
    faults = (*secrets, *not_hidden(errors, secrets))
    if faults or site is None or data_centre is None:
        raise IntentRefused(faults)
    return Intent(site=site, data_centre=data_centre)


def _model[M: Frozen](
    kind: type[M], path: Path, prefix: str, secrets: list[IntentError], errors: list[IntentError]
) -> M | None:
    """Return the model in a file, or None after adding why not to ``secrets`` and ``errors``."""
    try:
        mapping = read_mapping(path)
    except IntentRefused as refused:
        errors.extend(refused)
        return None
    secrets.extend(found_secrets(mapping, prefix))
    try:
        # JSON mode, strict: lists become tuples and text becomes dates, and nothing else is coerced.
        return kind.model_validate_json(json.dumps(mapping), strict=True)
    except ValidationError as invalid:
        for error in translated(kind, mapping, invalid):
            code, place, value, fix = error.facts
            errors.append(IntentError(code, f"{prefix}.{place}" if prefix else place, value, fix))
        return None
