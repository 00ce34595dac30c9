"""NW-4 on an AX: only the role that it has."""

from __future__ import annotations

import pytest

from gatekit.devices.alaxala_ax import PLATFORM
from gatekit.errors import RenderError
from tests.sites import example_plan


def test_another_role_is_refused() -> None:
    with pytest.raises(RenderError) as refused:
        PLATFORM.render(example_plan("pattern4").firewall)
    assert refused.value.facts[:3] == ("GW302", "firewall.product", "linux")
