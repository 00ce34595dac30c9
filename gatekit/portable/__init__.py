"""What Ansible modules need on a managed node: standard library only, Python 3.11 or newer.

Modules reach it as ``ansible.module_utils.gatekit``; pytest and the controller as ``gatekit.portable``.
"""
