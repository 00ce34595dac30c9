"""Proof from outside: which questions a plan raises, how they are asked, and what the answers are worth.

``checks`` and everything under ``judges`` is pure; ``gather`` is the only module that speaks to hosts.
"""
