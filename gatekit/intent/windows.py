"""What a person decides about Windows on VM3 (AP-4)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gatekit.intent.fields import Line, Matching, RelativePath, Sha256
from gatekit.model import Frozen

type ProductId = Annotated[
    str,
    Matching(
        r"\{[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\}|[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}",
        "Write its key below ...\\CurrentVersion\\Uninstall, such as {8A69D345-D564-463C-AFF1-A69D9E530F96}.",
    ),
]


class InstallationMedia(Frozen):
    """Microsoft's ISO, laid on the host's datastore by the operator; judged before the VM first sees it."""

    file: RelativePath = Field(description="Path on the datastore, such as iso/server2022_ja.iso.")
    sha256: Sha256 = Field(description="What sha256sum says of it.")


class MaintenanceTool(Frozen):
    """One MSI package the engineers need on VM3, beside the site file."""

    path: RelativePath = Field(description="File below the site's folder.")
    sha256: Sha256 = Field(description="What sha256sum says of it.")
    product_id: ProductId = Field(description="By what Windows knows that it is installed.")


class WindowsMaintenance(Frozen):
    """Windows on VM3; without installation media the VM is made and stays without a system."""

    language: Literal["ja-JP", "en-US"] = Field(default="ja-JP", description="Of the media and of the screen.")
    desktop: bool = Field(default=True, description="With the desktop; false: Server Core.")
    image: Line | None = Field(
        default=None, description="Name in the media's install.wim (`wiminfo`), when it is not Microsoft's usual one."
    )
    installation_media: InstallationMedia | None = Field(default=None, description="Where the Windows ISO lies.")
    openssh: bool = Field(
        default=False, description="Also run OpenSSH's server, and let the maintenance networks reach it."
    )
    tools: tuple[MaintenanceTool, ...] = Field(default=(), description="MSI packages the engineers need there.")
