"""Connection tests with the hospital's systems (OP-7): what to ask, what the answers mean, and a sheet per vendor.

VM1 asks (``gatekit/portable/connection``); everything here is pure but ``__main__``, which writes the sheets.
"""
