"""What a Linux guest is told at its first boot, in cloud-init's language (VMware data source)."""

from gatekit.render.cloud_init.guest_info import FirstBoot, GuestInfo, render

__all__ = ["FirstBoot", "GuestInfo", "render"]
