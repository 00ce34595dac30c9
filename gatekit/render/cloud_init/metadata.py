"""The metadata: instance, host name and network of one guest. No secret is in it."""

from __future__ import annotations

import json

from gatekit.plan.appliance import VmPlan

NIC = "dmz0"
"""The guest's one interface, named after its zone; every later rule names it so."""


def instance_id(vm: VmPlan) -> str:
    """Return the instance-id. A new value would make cloud-init start over, so only the name and MAC are in it."""
    return f"{vm.name}-{vm.mac.replace(':', '')}"


def network(vm: VmPlan) -> dict[str, object]:
    """Return the network part, netplan version 2: one interface, found by its MAC, one static address."""
    return {
        "version": 2,
        "ethernets": {
            NIC: {
                "match": {"macaddress": vm.mac},
                "set-name": NIC,
                "dhcp4": False,
                "dhcp6": False,
                "accept-ra": False,
                "link-local": [],
                "addresses": [f"{vm.address}/{vm.prefix_length}"],
                "routes": [{"to": "0.0.0.0/0", "via": str(vm.default_gateway)}],
                "nameservers": {"addresses": [str(server) for server in vm.dns_servers], "search": [vm.domain]},
            }
        },
    }


def metadata(vm: VmPlan) -> str:
    """Return the metadata document (JSON, which the data source reads as YAML).

    ``redact`` lets the guest overwrite the user data as soon as it was read
    (source: cloud-init 25.1 DataSourceVMware, older name ``cleanup-guestinfo``).
    """
    document = {
        "instance-id": instance_id(vm),
        "local-hostname": vm.host_name,
        "network": network(vm),
        "redact": ["userdata", "vendordata"],
    }
    return json.dumps(document, indent=1) + "\n"
