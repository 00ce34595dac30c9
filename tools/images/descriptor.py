"""The OVF descriptor: hardware that ESXi 8.0 gives a VM made from the image, until our module sets the plan's."""

from __future__ import annotations

from dataclasses import dataclass
from string import Template

GUEST_OS = "debian12_64Guest"  # ESXi 8.0 has no newer one
CIM_LINUX_DEBIAN_64 = 96


@dataclass(frozen=True, slots=True)
class Disk:
    """The OVA's one disk."""

    file: str
    file_bytes: int
    capacity_mib: int


_OVF = Template("""\
<?xml version="1.0" encoding="UTF-8"?>
<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1" \
xmlns:rasd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData" \
xmlns:vssd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_VirtualSystemSettingData" \
xmlns:vmw="http://www.vmware.com/schema/ovf">
  <References>
    <File ovf:id="file1" ovf:href="$file" ovf:size="$file_bytes"/>
  </References>
  <DiskSection>
    <Info>The disk of the image</Info>
    <Disk ovf:diskId="disk1" ovf:fileRef="file1" ovf:capacity="$capacity_mib" \
ovf:capacityAllocationUnits="byte * 2^20" \
ovf:format="http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized"/>
  </DiskSection>
  <NetworkSection>
    <Info>The one network</Info>
    <Network ovf:name="DMZ">
      <Description>Mapped to the port group of the virtual machines</Description>
    </Network>
  </NetworkSection>
  <VirtualSystem ovf:id="$name">
    <Info>Debian 13 with cloud-init and open-vm-tools</Info>
    <Name>$name</Name>
    <OperatingSystemSection ovf:id="$cim_os" vmw:osType="$guest_os">
      <Info>Debian GNU/Linux 13 (64-bit)</Info>
    </OperatingSystemSection>
    <ProductSection>
      <Info>What it is</Info>
      <Product>$name</Product>
      <Version>$version</Version>
    </ProductSection>
    <VirtualHardwareSection ovf:transport="com.vmware.guestInfo">
      <Info>Hardware before the plan's</Info>
      <System>
        <vssd:ElementName>Virtual Hardware Family</vssd:ElementName>
        <vssd:InstanceID>0</vssd:InstanceID>
        <vssd:VirtualSystemIdentifier>$name</vssd:VirtualSystemIdentifier>
        <vssd:VirtualSystemType>$hardware</vssd:VirtualSystemType>
      </System>
      <Item>
        <rasd:AllocationUnits>hertz * 10^6</rasd:AllocationUnits>
        <rasd:Description>Number of virtual CPUs</rasd:Description>
        <rasd:ElementName>2 virtual CPUs</rasd:ElementName>
        <rasd:InstanceID>1</rasd:InstanceID>
        <rasd:ResourceType>3</rasd:ResourceType>
        <rasd:VirtualQuantity>2</rasd:VirtualQuantity>
      </Item>
      <Item>
        <rasd:AllocationUnits>byte * 2^20</rasd:AllocationUnits>
        <rasd:Description>Memory size</rasd:Description>
        <rasd:ElementName>2048 MB of memory</rasd:ElementName>
        <rasd:InstanceID>2</rasd:InstanceID>
        <rasd:ResourceType>4</rasd:ResourceType>
        <rasd:VirtualQuantity>2048</rasd:VirtualQuantity>
      </Item>
      <Item>
        <rasd:Address>0</rasd:Address>
        <rasd:Description>SCSI controller</rasd:Description>
        <rasd:ElementName>SCSI controller 0</rasd:ElementName>
        <rasd:InstanceID>3</rasd:InstanceID>
        <rasd:ResourceSubType>VirtualSCSI</rasd:ResourceSubType>
        <rasd:ResourceType>6</rasd:ResourceType>
      </Item>
      <Item>
        <rasd:AddressOnParent>0</rasd:AddressOnParent>
        <rasd:ElementName>Hard disk 1</rasd:ElementName>
        <rasd:HostResource>ovf:/disk/disk1</rasd:HostResource>
        <rasd:InstanceID>4</rasd:InstanceID>
        <rasd:Parent>3</rasd:Parent>
        <rasd:ResourceType>17</rasd:ResourceType>
      </Item>
      <Item>
        <rasd:AddressOnParent>7</rasd:AddressOnParent>
        <rasd:AutomaticAllocation>true</rasd:AutomaticAllocation>
        <rasd:Connection>DMZ</rasd:Connection>
        <rasd:ElementName>Network adapter 1</rasd:ElementName>
        <rasd:InstanceID>5</rasd:InstanceID>
        <rasd:ResourceSubType>VmxNet3</rasd:ResourceSubType>
        <rasd:ResourceType>10</rasd:ResourceType>
      </Item>
      <vmw:Config ovf:required="false" vmw:key="firmware" vmw:value="efi"/>
      <vmw:Config ovf:required="false" vmw:key="bootOptions.efiSecureBootEnabled" vmw:value="true"/>
    </VirtualHardwareSection>
  </VirtualSystem>
</Envelope>
""")


def descriptor(name: str, version: str, hardware: str, disk: Disk) -> str:
    """Return the OVF 1.1 text; ``hardware`` is ESXi's hardware version, e.g. vmx-20."""
    return _OVF.substitute(
        name=name,
        version=version,
        hardware=hardware,
        guest_os=GUEST_OS,
        cim_os=CIM_LINUX_DEBIAN_64,
        file=disk.file,
        file_bytes=disk.file_bytes,
        capacity_mib=disk.capacity_mib,
    )
