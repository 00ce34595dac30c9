package main

import (
	"regexp"

	"github.com/vmware/govmomi/vim25/types"
)

// usbField is one name:value pair of an autoconnect pattern; a blank in a value is escaped.
var (
	usbFields = regexp.MustCompile(`(?:\\.|[^\s\\])+`)
	usbField  = regexp.MustCompile(`^(?:(?:vid|pid):(?:0x)?[0-9A-Fa-f]{1,4}|path:[0-9/]+|hostId:.+|` +
		`speed:(?:low|full|high|super)|version:[0-9]+|autoclean:[01])$`)
)

// checkUSB refuses what a host refuses: a device by a backing or pattern it does not know, one on no USB controller,
// a second controller of a kind, and taking a controller away from under its devices. Whether such a device is
// plugged in at all is not asked: the VM is then not connected to it.
func (a *admission) checkUSB(spec *types.VirtualMachineConfigSpec, present []types.BaseVirtualDevice) types.BaseMethodFault {
	after := devicesAfter(spec, present)
	for i, change := range spec.DeviceChange {
		one, at := change.GetVirtualDeviceConfigSpec(), types.InvalidDeviceSpec{DeviceIndex: int32(i)}
		removed := one.Operation == types.VirtualDeviceConfigSpecOperationRemove
		device, passed := one.Device.(*types.VirtualUSB)
		switch {
		case removed && isUSBController(one.Device) && inUse(after, one.Device.GetVirtualDevice().Key):
			return &types.InvalidDeviceOperation{InvalidDeviceSpec: at, BadOp: one.Operation}
		case removed:
		case isUSBController(one.Device) && kinds(after, one.Device) > 1:
			return &at
		case passed && !a.knowsUSB(device.Backing):
			return &types.InvalidDeviceBacking{InvalidDeviceSpec: at}
		case passed && !hangsOnController(after, device.ControllerKey):
			return &types.InvalidController{InvalidDeviceSpec: at, ControllerKey: device.ControllerKey}
		}
	}
	return nil
}

// knowsUSB returns whether a backing names a device of this very host by a pattern.
func (a *admission) knowsUSB(backing types.BaseVirtualDeviceBackingInfo) bool {
	pattern := ""
	switch given := backing.(type) {
	case *types.VirtualUSBUSBBackingInfo:
		pattern = given.DeviceName
	case *types.VirtualUSBRemoteHostBackingInfo:
		if given.Hostname == a.host.system.Name {
			pattern = given.DeviceName
		}
	}
	fields := usbFields.FindAllString(pattern, -1)
	for _, field := range fields {
		if !usbField.MatchString(field) {
			return false
		}
	}
	return len(fields) > 0
}

// devicesAfter returns the devices a VM has once a spec is carried out.
func devicesAfter(spec *types.VirtualMachineConfigSpec, present []types.BaseVirtualDevice) []types.BaseVirtualDevice {
	removed := map[int32]bool{}
	var after []types.BaseVirtualDevice
	for _, change := range spec.DeviceChange {
		one := change.GetVirtualDeviceConfigSpec()
		switch one.Operation {
		case types.VirtualDeviceConfigSpecOperationRemove:
			removed[one.Device.GetVirtualDevice().Key] = true
		case types.VirtualDeviceConfigSpecOperationAdd:
			after = append(after, one.Device)
		}
	}
	for _, device := range present {
		if !removed[device.GetVirtualDevice().Key] {
			after = append(after, device)
		}
	}
	return after
}

func isUSBController(device types.BaseVirtualDevice) bool {
	switch device.(type) {
	case *types.VirtualUSBController, *types.VirtualUSBXHCIController:
		return true
	}
	return false
}

func kinds(devices []types.BaseVirtualDevice, like types.BaseVirtualDevice) int {
	_, fast := like.(*types.VirtualUSBXHCIController)
	n := 0
	for _, device := range devices {
		if _, same := device.(*types.VirtualUSBXHCIController); isUSBController(device) && same == fast {
			n++
		}
	}
	return n
}

func inUse(devices []types.BaseVirtualDevice, controller int32) bool {
	for _, device := range devices {
		if passed, ok := device.(*types.VirtualUSB); ok && passed.ControllerKey == controller {
			return true
		}
	}
	return false
}

// hangsOnController returns whether a key is that of a USB controller; 0 leaves the choice to the host.
func hangsOnController(devices []types.BaseVirtualDevice, key int32) bool {
	for _, device := range devices {
		if isUSBController(device) && (key == 0 || device.GetVirtualDevice().Key == key) {
			return true
		}
	}
	return false
}
