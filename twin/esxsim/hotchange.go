package main

import (
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// checkReconfigure refuses what a host refuses: a spec made from an older configuration, and changes of
// the hardware of a VM that is on.
func (a *admission) checkReconfigure(ref types.ManagedObjectReference, spec *types.VirtualMachineConfigSpec) types.BaseMethodFault {
	vm, ok := a.host.model.Service.Context.Map.Get(ref).(*simulator.VirtualMachine)
	if !ok {
		return nil // the library says ManagedObjectNotFound
	}
	if spec.ChangeVersion != "" && spec.ChangeVersion != vm.Config.ChangeVersion {
		return &types.ConcurrentAccess{}
	}
	if spec.MemoryMB < 0 || spec.MemoryMB%4 != 0 {
		return &types.InvalidArgument{InvalidProperty: "configSpec.memoryMB"}
	}
	if spec.GuestId != "" && !takesGuest(spec.GuestId) {
		return &types.InvalidArgument{InvalidProperty: "configSpec.guestId"}
	}
	state := a.host.powerOf(ref)
	if state != types.VirtualMachinePowerStatePoweredOff && needsPowerOff(vm, spec) {
		return &types.InvalidPowerState{
			RequestedState: types.VirtualMachinePowerStatePoweredOff, ExistingState: state}
	}
	return a.checkDevices(spec, vm.Config.Hardware.Device)
}

func needsPowerOff(vm *simulator.VirtualMachine, spec *types.VirtualMachineConfigSpec) bool {
	hardware, flag := vm.Config.Hardware, func(hot *bool) bool { return hot != nil && *hot }
	secure := spec.BootOptions != nil && spec.BootOptions.EfiSecureBootEnabled != nil
	switch {
	case spec.NumCPUs != 0 && spec.NumCPUs != hardware.NumCPU && !(flag(vm.Config.CpuHotAddEnabled) && spec.NumCPUs > hardware.NumCPU),
		spec.NumCoresPerSocket != nil && (hardware.NumCoresPerSocket == nil || *spec.NumCoresPerSocket != *hardware.NumCoresPerSocket),
		spec.MemoryMB != 0 && spec.MemoryMB != int64(hardware.MemoryMB) &&
			!(flag(vm.Config.MemoryHotAddEnabled) && spec.MemoryMB > int64(hardware.MemoryMB)),
		spec.Firmware != "" && spec.Firmware != vm.Config.Firmware,
		spec.GuestId != "" && spec.GuestId != vm.Config.GuestId,
		spec.Version != "" && spec.Version != vm.Config.Version,
		secure && *spec.BootOptions.EfiSecureBootEnabled != secureBoot(vm),
		spec.CpuHotAddEnabled != nil, spec.MemoryHotAddEnabled != nil:
		return true
	}
	return coldDevices(spec)
}

func secureBoot(vm *simulator.VirtualMachine) bool {
	options := vm.Config.BootOptions
	return options != nil && options.EfiSecureBootEnabled != nil && *options.EfiSecureBootEnabled
}

// coldDevices returns whether a change adds or removes what cannot be plugged into a running machine.
func coldDevices(spec *types.VirtualMachineConfigSpec) bool {
	for _, change := range spec.DeviceChange {
		one := change.GetVirtualDeviceConfigSpec()
		if one.Operation == types.VirtualDeviceConfigSpecOperationEdit {
			continue
		}
		switch one.Device.(type) {
		case *types.VirtualTPM, *types.VirtualMachineVideoCard, *types.VirtualCdrom, *types.VirtualFloppy,
			*types.VirtualIDEController, *types.VirtualAHCIController, *types.VirtualSerialPort, *types.VirtualParallelPort:
			return true
		}
	}
	return false
}
