"""Autounattend.xml: disk, image, language, name, address and the one-time password (reference B.1)."""

from __future__ import annotations

from gatekit.catalogue.windows import windows
from gatekit.plan.appliance import VmPlan
from gatekit.plan.windows import WindowsPlan
from gatekit.render.windows.markup import Node, component, document, listed

__all__ = ["answer_file"]

EFI, RESERVED, RECOVERY, SYSTEM = "1", "2", "3", "4"
"""Partitions of disk 0, in their order."""
CD_LETTERS = "D E F G H"
COPY = r"cmd /c for %d in ({letters}) do if exist %d:\gw-bootstrap.ps1 xcopy /y /i %d:\gw-* {folder}"
ARM = r"cmd /c copy /y {folder}\gw-setup-complete.cmd {folder}\SetupComplete.cmd"
"""Windows runs SetupComplete.cmd as the local system, before anybody can log on."""


def answer_file(plan: WindowsPlan, vm: VmPlan) -> str:
    """Return the answer file; the password stands in it as ``<secret NAME>`` (escaped, as XML asks).

    No AutoLogon, no product key, no driver paths: NVMe and e1000e are on Microsoft's media (reference B.2).
    """
    return document(
        {
            "windowsPE": (_setup_language(plan), _setup(plan)),
            "specialize": (_identity(plan), _address(vm), _names(vm), _first_boot(), _server_manager()),
            "oobeSystem": (_language(plan), _accounts(plan)),
        }
    )


def _setup_language(plan: WindowsPlan) -> Node:
    language = plan.language
    return component(
        "Microsoft-Windows-International-Core-WinPE",
        ("SetupUILanguage", (("UILanguage", language.display),)),
        ("InputLocale", language.input),
        ("LayeredDriver", str(language.layered_driver)),
        ("SystemLocale", language.system),
        ("UILanguage", language.display),
        ("UserLocale", language.user),
    )


def _setup(plan: WindowsPlan) -> Node:
    install_from = listed("MetaData", ("Key", "/IMAGE/NAME"), ("Value", plan.image))
    target = ("InstallTo", (("DiskID", "0"), ("PartitionID", SYSTEM)))
    return component(
        "Microsoft-Windows-Setup",
        _disk(),
        ("ImageInstall", (("OSImage", (("InstallFrom", (install_from,)), target)),)),
        ("UserData", (("AcceptEula", "true"),)),
    )


def _disk() -> Node:
    facts = windows()
    sizes = facts.disk_mb
    create = (
        listed("CreatePartition", ("Order", EFI), ("Type", "EFI"), ("Size", str(sizes.efi))),
        listed("CreatePartition", ("Order", RESERVED), ("Type", "MSR"), ("Size", str(sizes.reserved))),
        listed("CreatePartition", ("Order", RECOVERY), ("Type", "Primary"), ("Size", str(sizes.recovery))),
        listed("CreatePartition", ("Order", SYSTEM), ("Type", "Primary"), ("Extend", "true")),
    )
    modify = (
        listed("ModifyPartition", ("Order", "1"), ("PartitionID", EFI), ("Format", "FAT32"), ("Label", "System")),
        listed(
            "ModifyPartition", ("Order", "2"), ("PartitionID", RECOVERY), ("Format", "NTFS"), ("Label", "WinRE"),
            ("TypeID", facts.recovery_type),
        ),
        listed(
            "ModifyPartition", ("Order", "3"), ("PartitionID", SYSTEM), ("Format", "NTFS"), ("Label", "Windows"),
            ("Letter", "C"),
        ),
    )  # fmt: skip
    disk = listed(
        "Disk",
        ("DiskID", "0"),
        ("WillWipeDisk", "true"),
        ("CreatePartitions", create),
        ("ModifyPartitions", modify),
    )
    return ("DiskConfiguration", (disk,))


def _identity(plan: WindowsPlan) -> Node:
    return component(
        "Microsoft-Windows-Shell-Setup", ("ComputerName", plan.computer_name), ("TimeZone", plan.time_zone)
    )


def interface_name(mac: str) -> str:
    """Return how an answer file names the interface with this MAC."""
    return mac.upper().replace(":", "-")


def _address(vm: VmPlan) -> Node:
    """Return the static address; the order inside Interface is Setup's (reference B.1.4)."""
    off = (("DhcpEnabled", "false"), ("RouterDiscoveryEnabled", "false"))
    address = listed("IpAddress", text=f"{vm.address}/{vm.prefix_length}", keyValue="1")
    gateway = listed("Route", ("Identifier", "0"), ("Prefix", "0.0.0.0/0"), ("NextHopAddress", str(vm.default_gateway)))
    interface = listed(
        "Interface",
        ("Ipv4Settings", off),
        ("Ipv6Settings", off),
        ("Identifier", interface_name(vm.mac)),
        ("UnicastIpAddresses", (address,)),
        ("Routes", (gateway,)),
    )
    return component("Microsoft-Windows-TCPIP", ("Interfaces", (interface,)))


def _names(vm: VmPlan) -> Node:
    servers = tuple(
        listed("IpAddress", text=str(server), keyValue=str(order)) for order, server in enumerate(vm.dns_servers, 1)
    )
    interface = listed(
        "Interface",
        ("Identifier", interface_name(vm.mac)),
        ("DNSServerSearchOrder", servers),
        ("EnableAdapterDomainNameRegistration", "false"),
    )
    return component("Microsoft-Windows-DNS-Client", ("Interfaces", (interface,)))


def _first_boot() -> Node:
    folder = windows().setup_folder
    paths = (COPY.format(letters=CD_LETTERS, folder=folder), ARM.format(folder=folder))
    commands = tuple(
        listed("RunSynchronousCommand", ("Order", str(order)), ("Path", path))
        for order, path in enumerate(paths, start=1)
    )
    return component("Microsoft-Windows-Deployment", ("RunSynchronous", commands))


def _server_manager() -> Node:
    return component("Microsoft-Windows-ServerManager-SvrMgrNc", ("DoNotOpenServerManagerAtLogon", "true"))


def _language(plan: WindowsPlan) -> Node:
    language = plan.language
    return component(
        "Microsoft-Windows-International-Core",
        ("InputLocale", language.input),
        ("SystemLocale", language.system),
        ("UILanguage", language.display),
        ("UserLocale", language.user),
    )


def _accounts(plan: WindowsPlan) -> Node:
    password = (("Value", f"<secret {plan.setup_password}>"), ("PlainText", "false"))
    hidden = ("HideEULAPage", "HideOnlineAccountScreens", "HideWirelessSetupInOOBE")
    return component(
        "Microsoft-Windows-Shell-Setup",
        ("OOBE", (*((name, "true") for name in hidden), ("ProtectYourPC", "3"))),
        ("UserAccounts", (("AdministratorPassword", password),)),
    )
