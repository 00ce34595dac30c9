package main

import (
	"regexp"
	"slices"
	"strings"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// admission looks at every call before the library does: who calls, and whether a real host would
// take a VM spec that the library takes unread.
type admission struct{ host *host }

// admit is the registry's hook: a fault refuses the call, nil lets it through to the usual object.
func (a *admission) admit(ctx *simulator.Context, method *simulator.Method) (mo.Reference, types.BaseMethodFault) {
	if ctx.Session == nil {
		return nil, refuseStranger(method)
	}
	switch body := method.Body.(type) {
	case *types.CreateVM_Task:
		return nil, a.checkCreate(&body.Config)
	case *types.ReconfigVM_Task:
		return nil, a.checkDevices(&body.Spec)
	case *types.CloneVM_Task, *types.MarkAsTemplate, *types.RelocateVM_Task, *types.CreateFolder:
		return nil, &types.NotSupported{} // needs vCenter
	}
	return nil, nil
}

// refuseStranger closes what the library leaves open: reading properties without a login.
func refuseStranger(method *simulator.Method) types.BaseMethodFault {
	if slices.Contains([]string{"Fetch", "RetrieveProperties", "RetrievePropertiesEx"}, method.Name) {
		return &types.NotAuthenticated{NoPermission: types.NoPermission{Object: &method.This, PrivilegeId: "System.View"}}
	}
	return nil
}

// keys are the sessions that are open now.
func (a *admission) keys() []string {
	registry := a.host.model.Service.Context.Map
	asker := &simulator.Session{Registry: simulator.NewRegistry(), Map: registry}
	manager, ok := asker.Get(*a.host.model.ServiceContent.SessionManager).(*simulator.SessionManager)
	if !ok {
		return nil
	}
	var keys []string
	for _, session := range manager.SessionList {
		keys = append(keys, session.Key)
	}
	return keys
}

func (a *admission) known(key string) bool { return slices.Contains(a.keys(), key) }

// expire ends every session, as the idle time-out does.
func (a *admission) expire() int {
	registry := a.host.model.Service.Context.Map
	manager := registry.Get(*a.host.model.ServiceContent.SessionManager).(*simulator.SessionManager)
	keys := a.keys()
	nobody := &simulator.Context{Session: &simulator.Session{}, Map: registry}
	manager.TerminateSession(nobody, &types.TerminateSession{SessionId: keys})
	return len(keys)
}

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
	return a.checkDevices(spec)
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

func (a *admission) checkDevices(spec *types.VirtualMachineConfigSpec) types.BaseMethodFault {
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
	return nil
}

func (a *admission) hasNetwork(name string) bool {
	return slices.ContainsFunc(a.host.system.Config.Network.Portgroup,
		func(p types.HostPortGroup) bool { return p.Spec.Name == name })
}
