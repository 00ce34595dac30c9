"""Turn ``inventories/<site>/site.yml`` into hosts, groups and role variables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin

from gatekit.controller.inventory import inventory_of
from gatekit.errors import GatekitError, IntentRefused
from gatekit.plan.make import plan_site

DOCUMENTATION = r"""
name: gatekit_site
short_description: One hospital's site file as inventory
description:
  - Reads C(site.yml) of a site's folder and C(data_centre.yml) beside the folder, makes the plan, and gives
    every device of the appliance as host with the variables its role takes.
  - A site file with faults is refused with all of them before any login.
options: {}
"""


class InventoryModule(BaseInventoryPlugin):
    """Hosts of one site; thin: everything is decided by ``gatekit.plan``."""

    NAME = "gatekit_site"

    def verify_file(self, path: str) -> bool:
        """Return whether this is a site file."""
        return bool(super().verify_file(path)) and Path(path).name == "site.yml"

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:  # noqa: FBT001, FBT002 - Ansible's signature
        """Fill the inventory, or refuse with every fault of the site file."""
        super().parse(inventory, loader, path, cache)
        folder = Path(path).resolve().parent
        try:
            site = inventory_of(plan_site(folder), folder)
        except (GatekitError, IntentRefused) as refused:
            raise AnsibleParserError(f"{path} is refused; nothing was logged into.\n{refused}") from refused
        inventory.add_group("left_out")  # filled by playbooks/comparison.yml
        for host in site.hosts:
            for group in host.groups:
                inventory.add_group(group)
            inventory.add_host(host.name)
            for group in host.groups:
                inventory.add_child(group, host.name)
            for name, value in host.variables.items():
                inventory.set_variable(host.name, name, value)
        for name, value in site.variables.items():
            inventory.set_variable("all", name, value)
