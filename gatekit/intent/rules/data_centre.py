"""What must hold inside the data centre's own file."""

from __future__ import annotations

from collections.abc import Iterator

from gatekit.errors import IntentError
from gatekit.intent.data_centre import DataCentre
from gatekit.intent.rules.addresses import inside


def data_centre_rules(data_centre: DataCentre) -> Iterator[IntentError]:
    """Yield GW111, GW121 and GW122 for names and addresses, GW104 and GW105 for the mirror's components."""
    yield from _addresses(data_centre)
    internet, closed = data_centre.peers.internet.identity, data_centre.peers.closed_network.identity
    if internet == closed:
        fix = "Use another: data_centre.peers.internet.identity has this one."
        yield IntentError("GW111", "data_centre.peers.closed_network.identity", closed, fix)
    mirror, path = data_centre.mirror, "data_centre.mirror.components"
    if mirror.suite.endswith("/") and mirror.components:
        fix = f"Write []: a flat mirror ({mirror.suite}) has no components (sources.list(5))."
        yield IntentError("GW104", path, ", ".join(mirror.components), fix)
    if not mirror.suite.endswith("/") and not mirror.components:
        yield IntentError(
            "GW105", path, "an empty list", f"Give at least one, such as main: suite {mirror.suite} has them."
        )


def _addresses(data_centre: DataCentre) -> Iterator[IntentError]:
    networks = data_centre.networks
    services, portal = data_centre.services, data_centre.portal.address
    for path, address in (("data_centre.services", services), ("data_centre.portal.address", portal)):
        home = next((network for network in networks if address in network), None)
        if home is None:
            yield IntentError("GW121", path, str(address), "Use an address in one of its `networks`.")
        else:
            yield from inside(path, address, home, "data_centre.networks")
    if services == portal:
        fix = "Use another address: data_centre.services has this one."
        yield IntentError("GW122", "data_centre.portal.address", str(portal), fix)
    if not any(data_centre.operations.subnet_of(network) for network in networks):
        fix = "Use a network inside one of `networks`."
        yield IntentError("GW121", "data_centre.operations", str(data_centre.operations), fix)
    if any(data_centre.portal.public_address in network for network in networks):
        fix = "Use the portal's address on the Internet."
        value = str(data_centre.portal.public_address)
        yield IntentError("GW121", "data_centre.portal.public_address", value, fix)
