package main

import (
	"fmt"
	"testing"

	"github.com/vmware/govmomi/vim25/types"
)

func usbBacking(pattern string) *types.VirtualUSBUSBBackingInfo {
	return &types.VirtualUSBUSBBackingInfo{
		VirtualDeviceDeviceBackingInfo: types.VirtualDeviceDeviceBackingInfo{DeviceName: pattern}}
}

func usbDevice(controller int32, backing types.BaseVirtualDeviceBackingInfo) *types.VirtualUSB {
	return &types.VirtualUSB{VirtualDevice: types.VirtualDevice{Key: -31, ControllerKey: controller, Backing: backing}}
}

func usbController() *types.VirtualUSBXHCIController {
	return &types.VirtualUSBXHCIController{VirtualController: types.VirtualController{
		VirtualDevice: types.VirtualDevice{Key: -30}}}
}

func deviceSpec(operation types.VirtualDeviceConfigSpecOperation, devices ...types.BaseVirtualDevice) types.VirtualMachineConfigSpec {
	var spec types.VirtualMachineConfigSpec
	for _, device := range devices {
		spec.DeviceChange = append(spec.DeviceChange, &types.VirtualDeviceConfigSpec{Operation: operation, Device: device})
	}
	return spec
}

func adding(devices ...types.BaseVirtualDevice) types.VirtualMachineConfigSpec {
	return deviceSpec(types.VirtualDeviceConfigSpecOperationAdd, devices...)
}

// usbOf returns a VM's xHCI controllers and USB devices.
func usbOf(b *bench, vm types.ManagedObjectReference) (controllers []*types.VirtualUSBXHCIController, devices []*types.VirtualUSB) {
	for _, device := range b.vm(vm).Config.Hardware.Device {
		switch one := device.(type) {
		case *types.VirtualUSBXHCIController:
			controllers = append(controllers, one)
		case *types.VirtualUSB:
			devices = append(devices, one)
		}
	}
	return controllers, devices
}

func TestAUSBDeviceIsPassedThroughByItsPattern(t *testing.T) {
	b := newBench(t)
	vm := b.guest(t, "vm2", false)
	if err := b.reconfigure(vm, adding(usbController(), usbDevice(-30, usbBacking("vid:051d pid:0003")))); err != nil {
		t.Fatal(err)
	}
	controllers, devices := usbOf(b, vm)
	if len(controllers) != 1 || len(devices) != 1 || devices[0].ControllerKey != controllers[0].Key {
		t.Fatalf("%+v %+v", controllers, devices)
	}
	if got := devices[0].Backing.(*types.VirtualUSBUSBBackingInfo).DeviceName; got != "vid:051d pid:0003" {
		t.Error(got)
	}
}

func TestAnUnknownUSBBackingIsRefused(t *testing.T) {
	b := newBench(t)
	vm := b.guest(t, "vm2", false)
	named := func(host string) *types.VirtualUSBRemoteHostBackingInfo {
		backing := &types.VirtualUSBRemoteHostBackingInfo{Hostname: host}
		backing.DeviceName = "vid:051d pid:0003"
		return backing
	}
	client := &types.VirtualUSBRemoteClientBackingInfo{Hostname: "laptop"}
	client.DeviceName = "vid:051d pid:0003"
	for name, backing := range map[string]types.BaseVirtualDeviceBackingInfo{
		"none": nil, "empty": usbBacking(""), "no pair": usbBacking("051d:0003"), "no number": usbBacking("vid:apc pid:0003"),
		"unknown name": usbBacking("vid:051d pid:0003 serial:1"), "another host": named("other"), "a client": client,
		"too long": usbBacking("vid:1051d pid:0003"),
	} {
		fault := wantFault[*types.InvalidDeviceBacking](t, b.reconfigure(vm, adding(usbController(), usbDevice(-30, backing))))
		if fault.DeviceIndex != 1 {
			t.Errorf("%s: device %d", name, fault.DeviceIndex)
		}
	}
	if controllers, devices := usbOf(b, vm); len(controllers)+len(devices) != 0 {
		t.Errorf("%+v %+v", controllers, devices)
	}
	for i, backing := range []types.BaseVirtualDeviceBackingInfo{
		named(b.system.Name), usbBacking(`path:1/3/0 hostId:44\ 45\ 4c\ 43`)} {
		if err := b.reconfigure(b.guest(t, fmt.Sprintf("vm%d", 3+i), false),
			adding(usbController(), usbDevice(-30, backing))); err != nil {
			t.Error(err)
		}
	}
}

func TestUSBControllers(t *testing.T) {
	b := newBench(t)
	vm := b.guest(t, "vm2", true)
	wantFault[*types.InvalidController](t, b.reconfigure(vm, adding(usbDevice(-30, usbBacking("vid:051d pid:0003")))))
	wantFault[*types.InvalidController](t, b.reconfigure(vm, adding(usbDevice(0, usbBacking("vid:051d pid:0003")))))
	if err := b.reconfigure(vm, adding(usbController(), usbDevice(-30, usbBacking("vid:051d pid:0003")))); err != nil {
		t.Fatal(err)
	}
	wantFault[*types.InvalidDeviceSpec](t, b.reconfigure(vm, adding(usbController())))
	controllers, devices := usbOf(b, vm)
	remove := types.VirtualDeviceConfigSpecOperationRemove
	fault := wantFault[*types.InvalidDeviceOperation](t, b.reconfigure(vm, deviceSpec(remove, controllers[0])))
	if fault.BadOp != remove {
		t.Error(fault.BadOp)
	}
	if err := b.reconfigure(vm, deviceSpec(remove, devices[0], controllers[0])); err != nil {
		t.Error(err)
	}
}

func TestANewVMsUSBDeviceIsJudgedToo(t *testing.T) {
	b := newBench(t)
	b.guest(t, "vm1", false)
	spec := vmSpec("vm2")
	spec.DeviceChange = append(spec.DeviceChange, adding(usbController(), usbDevice(-30, usbBacking("nonsense"))).DeviceChange...)
	_, err := b.createVM(spec)
	if fault := wantFault[*types.InvalidDeviceBacking](t, err); fault.DeviceIndex != 2 {
		t.Error(fault.DeviceIndex)
	}
}

func TestAUSBDeviceNeedsAPrivilegeOfItsOwn(t *testing.T) {
	spec := adding(usbController(), usbDevice(-30, usbBacking("vid:051d pid:0003")))
	got := reconfigPrivileges(&spec)
	if len(got) != 2 || got[0] != "VirtualMachine.Config.AddRemoveDevice" || got[1] != "VirtualMachine.Config.HostUSBDevice" {
		t.Error(got)
	}
}
