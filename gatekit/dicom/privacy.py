"""The one place that keeps patients out of the logs of pynetdicom and pydicom."""

from __future__ import annotations

from pydicom import config as pydicom_config
from pynetdicom import _config as pynetdicom_config


def silence_identifiers() -> None:
    """Switch off what the libraries would write about patients; called before the first association.

    pynetdicom prints C-FIND and C-MOVE identifiers at level INFO; pydicom quotes malformed values of answers
    in warnings. Our own ``Patient`` has checked what we send.
    """
    pynetdicom_config.LOG_REQUEST_IDENTIFIERS = False
    pynetdicom_config.LOG_RESPONSE_IDENTIFIERS = False
    pynetdicom_config.LOG_HANDLER_LEVEL = "none"
    pydicom_config.settings.reading_validation_mode = pydicom_config.IGNORE
