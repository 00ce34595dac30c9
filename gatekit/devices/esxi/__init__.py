"""One standalone ESXi host: observe -> change set -> apply -> read again. No pyVmomi object leaves here.

Each module is imported from where it stands: a call about the host does not wait for what only machines need.
"""
