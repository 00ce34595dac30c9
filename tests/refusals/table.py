"""Every bad inventory and exactly what is said about it."""

from __future__ import annotations

from tests.refusals.case import Case
from tests.refusals.cases import (
    addresses,
    archive_and_pacs,
    data_centre,
    equipment_and_people,
    esxi,
    keys_and_types,
    ranges_and_names,
    secrets,
    ups,
    yaml_files,
)

TABLE: tuple[Case, ...] = (
    *yaml_files.CASES,
    *keys_and_types.CASES,
    *ranges_and_names.CASES,
    *addresses.CASES,
    *archive_and_pacs.CASES,
    *equipment_and_people.CASES,
    *esxi.CASES,
    *secrets.CASES,
    *ups.CASES,
    *data_centre.CASES,
)
