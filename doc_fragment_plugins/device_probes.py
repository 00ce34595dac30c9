"""The option C(probes) of C(network_device) and C(way_probe), written once; ansible.cfg names this folder."""

from __future__ import annotations


class ModuleDocFragment:
    """The option's text, once; its specification is ``PROBE_OPTIONS`` of ``gatekit.devices.change.parameters``."""

    DOCUMENTATION = r"""
options:
  probes:
    description: What has to be answered through the changed device.
    type: list
    elements: dict
    options:
      name: {description: "What is asked, for people.", type: str, required: true}
      target: {description: "Who asks, as in targets.json; without it the controller.", type: dict}
      question: {description: One operation of gatekit.portable.probe without id., type: dict, required: true}
      expected: {description: Outcomes that pass., type: list, elements: str, default: [accepted]}
      if_it_worked:
        description: Ask it before the change too, and require it afterwards only where it passed then.
        type: bool
        default: false
"""
