package main

import (
	"regexp"
	"slices"
	"strings"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// newerGuests are ids the library knows and API 8.0 does not.
var newerGuests = []string{"debian13Guest", "debian13_64Guest"}

func takesGuest(id string) bool {
	return slices.Contains(types.VirtualMachineGuestOsIdentifier("").Strings(), id) && !slices.Contains(newerGuests, id)
}

func (a *admission) checkCreate(spec *types.VirtualMachineConfigSpec) types.BaseMethodFault {
	registry := a.host.model.Service.Context.Map
	for _, entity := range registry.All("VirtualMachine") {
		if vm := entity.(*simulator.VirtualMachine); vm.Name == spec.Name {
			return &types.DuplicateName{Name: spec.Name, Object: vm.Self}
		}
	}
	if !takesGuest(spec.GuestId) {
		return &types.InvalidArgument{InvalidProperty: "configSpec.guestId"}
	}
	if spec.MemoryMB <= 0 || spec.MemoryMB%4 != 0 {
		return &types.InvalidArgument{InvalidProperty: "configSpec.memoryMB"}
	}
	if boot := spec.BootOptions; boot != nil && boot.EfiSecureBootEnabled != nil && *boot.EfiSecureBootEnabled &&
		spec.Firmware != string(types.GuestOsDescriptorFirmwareTypeEfi) {
		return &types.InvalidArgument{InvalidProperty: "configSpec.bootOptions.efiSecureBootEnabled"}
	}
	if spec.Files == nil || !a.hasDatastore(spec.Files.VmPathName) {
		path := ""
		if spec.Files != nil {
			path = spec.Files.VmPathName
		}
		return &types.InvalidDatastorePath{DatastorePath: path}
	}
	return a.checkDevices(spec, nil)
}

func (a *admission) hasDatastore(path string) bool {
	for _, entity := range a.host.model.Service.Context.Map.All("Datastore") {
		if strings.HasPrefix(path, "["+entity.(*simulator.Datastore).Name+"]") {
			return true
		}
	}
	return false
}

// manualMAC is the range a host takes for a MAC set by hand.
var manualMAC = regexp.MustCompile(`(?i)^00:50:56:[0-3][0-9a-f]:[0-9a-f]{2}:[0-9a-f]{2}$`)

func (a *admission) checkDevices(spec *types.VirtualMachineConfigSpec, present []types.BaseVirtualDevice) types.BaseMethodFault {
	for i, change := range spec.DeviceChange {
		deviceSpec := change.GetVirtualDeviceConfigSpec()
		nic, ok := deviceSpec.Device.(types.BaseVirtualEthernetCard)
		if !ok || deviceSpec.Operation == types.VirtualDeviceConfigSpecOperationRemove {
			continue
		}
		card := nic.GetVirtualEthernetCard()
		if card.AddressType == string(types.VirtualEthernetCardMacTypeManual) && !manualMAC.MatchString(card.MacAddress) {
			return &types.InvalidDeviceSpec{InvalidVmConfig: types.InvalidVmConfig{Property: "macAddress"}, DeviceIndex: int32(i)}
		}
		if backing, ok := card.Backing.(*types.VirtualEthernetCardNetworkBackingInfo); ok && !a.hasNetwork(backing.DeviceName) {
			return &types.InvalidDeviceSpec{
				InvalidVmConfig: types.InvalidVmConfig{Property: "deviceName"}, DeviceIndex: int32(i)}
		}
	}
	return a.checkUSB(spec, present)
}

func (a *admission) hasNetwork(name string) bool {
	return slices.ContainsFunc(a.host.system.Config.Network.Portgroup,
		func(p types.HostPortGroup) bool { return p.Spec.Name == name })
}
