"""What only the host knows: how its interfaces are called. Given to the one rendering, never planned."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from gatekit.model import Frozen
from gatekit.plan.flow import Zone

type InterfaceName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.-]{0,14}$")]


class FirewallHostFacts(Frozen):
    """Names of the interfaces of one Linux firewall, as its kernel calls them.

    ``tunnel`` is the tunnel interface: an xfrm interface of our making with ``if_id``, or, where
    ``if_id`` is None, the one that strongSwan's kernel-libipsec brings (always ``ipsec0``). Where a
    CPE ends the tunnel it is None: the data centre then lies behind UNTRUST.
    ``manage_addresses``: whether we put the addresses on the interfaces; False where the
    surroundings do so (PPPoE, podman).
    """

    untrust: InterfaceName
    dmz: InterfaceName
    trust: InterfaceName
    tunnel: InterfaceName | None
    if_id: Annotated[int, Field(ge=1, le=2**32 - 1)] | None
    manage_addresses: bool = True

    @model_validator(mode="after")
    def _names_differ(self) -> FirewallHostFacts:
        names = [name for name in (self.untrust, self.dmz, self.trust, self.tunnel) if name is not None]
        if len(set(names)) != len(names):
            raise ValueError("each zone has an interface of its own")
        return self

    @property
    def ours(self) -> tuple[str, str, str]:
        """Return the names of the three interfaces that bear addresses of ours."""
        return self.untrust, self.dmz, self.trust

    def interface(self, zone: Zone) -> str:
        """Return the name of the interface behind which the zone lies; KeyError for the firewall itself."""
        towards = {Zone.UNTRUST: self.untrust, Zone.DMZ: self.dmz, Zone.TRUST: self.trust}
        return {**towards, Zone.DATA_CENTRE: self.data_centre}[zone]

    @property
    def data_centre(self) -> str:
        """Return the only interface on which data-centre addresses may be sent or seen."""
        return self.tunnel or self.untrust


class CpeHostFacts(Frozen):
    """Names of the interfaces of one Linux CPE, as its kernel calls them; ``tunnel`` and ``if_id`` as above.

    ``lan`` leads to the firewall, ``wan`` to the ONU. Both addresses are networkd's to set: the inner one from
    the plan, the line's as the line gives it.
    """

    lan: InterfaceName
    wan: InterfaceName
    tunnel: InterfaceName
    if_id: Annotated[int, Field(ge=1, le=2**32 - 1)] | None

    @model_validator(mode="after")
    def _names_differ(self) -> CpeHostFacts:
        if len({self.lan, self.wan, self.tunnel}) != 3:
            raise ValueError("each side has an interface of its own")
        return self

    @property
    def ours(self) -> tuple[str, str]:
        """Return the names of the two interfaces that bear addresses."""
        return self.lan, self.wan
