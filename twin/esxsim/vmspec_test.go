package main

import (
	"context"
	"testing"

	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

func vmSpec(name string) types.VirtualMachineConfigSpec {
	nic := &types.VirtualVmxnet3{VirtualVmxnet: types.VirtualVmxnet{VirtualEthernetCard: types.VirtualEthernetCard{
		AddressType: "manual", MacAddress: "00:50:56:10:04:0a",
		VirtualDevice: types.VirtualDevice{Key: -1, Backing: &types.VirtualEthernetCardNetworkBackingInfo{
			VirtualDeviceDeviceBackingInfo: types.VirtualDeviceDeviceBackingInfo{DeviceName: "GW-DMZ"}}}}}}
	return types.VirtualMachineConfigSpec{
		Name: name, GuestId: "debian12_64Guest", MemoryMB: 1024, NumCPUs: 1, Firmware: "efi",
		Files: &types.VirtualMachineFileInfo{VmPathName: "[datastore1]"},
		DeviceChange: []types.BaseVirtualDeviceConfigSpec{
			&types.VirtualDeviceConfigSpec{Operation: types.VirtualDeviceConfigSpecOperationAdd, Device: nic}},
	}
}

func (b *bench) createVM(spec types.VirtualMachineConfigSpec) (types.ManagedObjectReference, error) {
	ctx := context.Background()
	registry := b.model.Service.Context.Map
	var dc mo.Datacenter
	if err := b.client.RetrieveOne(ctx, registry.Any("Datacenter").Reference(), []string{"vmFolder"}, &dc); err != nil {
		return types.ManagedObjectReference{}, err
	}
	reply, err := methods.CreateVM_Task(ctx, b.client, &types.CreateVM_Task{
		This: dc.VmFolder, Config: spec, Pool: registry.Any("ResourcePool").Reference()})
	if err != nil {
		return types.ManagedObjectReference{}, err
	}
	return b.wait(reply.Returnval)
}

func TestCreateVMRefusals(t *testing.T) {
	b := newBench(t)
	if err := b.addPortGroup(types.HostPortGroupSpec{Name: "GW-DMZ", VswitchName: "vSwitch0"}); err != nil {
		t.Fatal(err)
	}
	with := func(edit func(*types.VirtualMachineConfigSpec)) error {
		spec := vmSpec("other")
		edit(&spec)
		_, err := b.createVM(spec)
		return err
	}
	nic := func(spec *types.VirtualMachineConfigSpec) *types.VirtualEthernetCard {
		return spec.DeviceChange[0].GetVirtualDeviceConfigSpec().Device.(types.BaseVirtualEthernetCard).GetVirtualEthernetCard()
	}
	if _, err := b.createVM(vmSpec("vm1")); err != nil {
		t.Fatal(err)
	}
	wantFault[*types.DuplicateName](t, with(func(s *types.VirtualMachineConfigSpec) { s.Name = "vm1" }))
	wantFault[*types.InvalidArgument](t, with(func(s *types.VirtualMachineConfigSpec) { s.GuestId = "debian13_64Guest" }))
	wantFault[*types.InvalidArgument](t, with(func(s *types.VirtualMachineConfigSpec) { s.GuestId = "nonsense" }))
	wantFault[*types.InvalidArgument](t, with(func(s *types.VirtualMachineConfigSpec) { s.MemoryMB = 1023 }))
	wantFault[*types.InvalidDatastorePath](t, with(func(s *types.VirtualMachineConfigSpec) { s.Files.VmPathName = "[nothing]" }))
	wantFault[*types.InvalidDeviceSpec](t, with(func(s *types.VirtualMachineConfigSpec) { nic(s).MacAddress = "00:50:56:40:00:01" }))
	wantFault[*types.InvalidDeviceSpec](t, with(func(s *types.VirtualMachineConfigSpec) {
		nic(s).Backing.(*types.VirtualEthernetCardNetworkBackingInfo).DeviceName = "nothing"
	}))
	wantFault[*types.InvalidArgument](t, with(func(s *types.VirtualMachineConfigSpec) {
		s.Firmware, s.BootOptions = "bios", &types.VirtualMachineBootOptions{EfiSecureBootEnabled: types.NewBool(true)}
	}))
	if n := len(b.model.Service.Context.Map.All("VirtualMachine")); n != 1 {
		t.Errorf("VMs: %d", n)
	}
}

func TestAutostartTakesTheWholeListOnly(t *testing.T) {
	b := newBench(t)
	if err := b.addPortGroup(types.HostPortGroupSpec{Name: "GW-DMZ", VswitchName: "vSwitch0"}); err != nil {
		t.Fatal(err)
	}
	var vms []types.ManagedObjectReference
	for _, name := range []string{"vm1", "vm2"} {
		ref, err := b.createVM(vmSpec(name))
		if err != nil {
			t.Fatal(err)
		}
		vms = append(vms, ref)
	}
	row := func(vm types.ManagedObjectReference, order int32) types.AutoStartPowerInfo {
		return types.AutoStartPowerInfo{Key: vm, StartOrder: order, StartAction: "powerOn", StopAction: "guestShutdown", WaitForHeartbeat: "no"}
	}
	set := func(rows ...types.AutoStartPowerInfo) error {
		_, err := methods.ReconfigureAutostart(context.Background(), b.client, &types.ReconfigureAutostart{
			This: *b.system.ConfigManager.AutoStartManager, Spec: types.HostAutoStartManagerConfig{PowerInfo: rows}})
		return err
	}
	wantFault[*types.InvalidArgument](t, set(row(vms[0], 0)))
	wantFault[*types.InvalidArgument](t, set(row(vms[0], 2)))
	if err := set(row(vms[0], 1), row(vms[1], 2)); err != nil {
		t.Fatal(err)
	}
	if err := set(row(vms[1], 1)); err != nil { // the new first one pushes the old
		t.Fatal(err)
	}
	rows := b.autostart().Config.PowerInfo
	if len(rows) != 2 || rows[0].Key != vms[1] || rows[1].Key != vms[0] || rows[1].StartOrder != 2 {
		t.Errorf("sequence: %+v", rows)
	}
	none := row(vms[1], anyTime)
	none.StartAction, none.StopAction = "none", "none"
	if err := set(none); err != nil {
		t.Fatal(err)
	}
	if rows := b.autostart().Config.PowerInfo; len(rows) != 1 {
		t.Errorf("after removal: %+v", rows)
	}
}
