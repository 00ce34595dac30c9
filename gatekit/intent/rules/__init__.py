"""What must hold between the parts of one hospital; every broken rule is reported, not the first."""

from __future__ import annotations

from collections.abc import Iterator

from gatekit.errors import IntentError
from gatekit.intent.data_centre import DataCentre
from gatekit.intent.rules.addresses import address_rules
from gatekit.intent.rules.data_centre import data_centre_rules
from gatekit.intent.rules.equipment import equipment_rules
from gatekit.intent.rules.esxi import esxi_rules
from gatekit.intent.rules.names import name_rules
from gatekit.intent.rules.networks import network_rules
from gatekit.intent.rules.people import people_rules
from gatekit.intent.rules.ups import ups_rules
from gatekit.intent.site import Site


def broken_rules(site: Site, data_centre: DataCentre) -> Iterator[IntentError]:
    """Yield an IntentError for every rule between fields that the site breaks."""
    yield from network_rules(site, data_centre)
    yield from address_rules(site)
    yield from name_rules(site)
    yield from equipment_rules(site, data_centre)
    yield from esxi_rules(site)
    yield from ups_rules(site)
    yield from people_rules(site)
    yield from data_centre_rules(data_centre)
