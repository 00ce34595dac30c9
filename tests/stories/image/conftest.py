"""The simulated host of tests/stories/esxi, for the import of the real image."""

from __future__ import annotations

from tests.stories.esxi.conftest import certificates, esxi, esxsim

__all__ = ["certificates", "esxi", "esxsim"]
