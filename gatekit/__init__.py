"""gatekit: one hospital, one site file, one proven gateway appliance."""

__version__ = "0.1.0"
