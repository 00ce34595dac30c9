"""What writing to the host needs and nobody may read: never in a plan, a change set, a log or an error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gatekit.certificates.authority import Issued

__all__ = ["NO_SECRETS", "HostSecrets"]


@dataclass(frozen=True, slots=True)
class HostSecrets:
    """The accounts' passwords by account, and the site's CA with its key where it is ours."""

    passwords: Mapping[str, str] = field(default_factory=dict, repr=False)
    authority: Issued | None = None


NO_SECRETS = HostSecrets()
