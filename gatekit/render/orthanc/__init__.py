"""Orthanc as the Gateway's archive (AP-2, IN-1): configuration, free-space guard, retention, unit."""

from __future__ import annotations

from gatekit.render.orthanc.archive import archive_files, archive_units, orthanc_role_input

__all__ = ["archive_files", "archive_units", "orthanc_role_input"]
