"""The Windows guest on VM3, as far as the controller asks it itself: is it there, is it the one, who may log in."""

from gatekit.devices.windows.contact import Contact, Phase, contact_of
from gatekit.devices.windows.door import Door, log_in, shown_certificate, trusted_pem

__all__ = ["Contact", "Door", "Phase", "contact_of", "log_in", "shown_certificate", "trusted_pem"]
