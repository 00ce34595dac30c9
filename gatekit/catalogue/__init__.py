"""What each product can do, as data with source and firmware; no decision stands here."""

from gatekit.catalogue.loader import Product, products

__all__ = ["Product", "products"]
