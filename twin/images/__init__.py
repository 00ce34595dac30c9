"""Recipes of the container images, one folder each, and what builds them."""
