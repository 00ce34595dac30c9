package main

import (
	"context"
	"testing"

	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/types"
)

func TestHardwareOfAVMThatIsOnStaysAsItIs(t *testing.T) {
	b := newBench(t)
	vm := b.guest(t, "vm1", true)
	for name, spec := range map[string]types.VirtualMachineConfigSpec{
		"memory":      {MemoryMB: 2048},
		"processors":  {NumCPUs: 2},
		"firmware":    {Firmware: "bios"},
		"guest":       {GuestId: "debian11_64Guest"},
		"secure boot": {BootOptions: &types.VirtualMachineBootOptions{EfiSecureBootEnabled: types.NewBool(true)}},
		"CD": {DeviceChange: []types.BaseVirtualDeviceConfigSpec{
			&types.VirtualDeviceConfigSpec{Operation: types.VirtualDeviceConfigSpecOperationAdd, Device: &types.VirtualCdrom{}}}},
	} {
		fault := wantFault[*types.InvalidPowerState](t, b.reconfigure(vm, spec))
		if fault.ExistingState != types.VirtualMachinePowerStatePoweredOn {
			t.Errorf("%s: %s", name, fault.ExistingState)
		}
	}
	if err := b.reconfigure(vm, types.VirtualMachineConfigSpec{Annotation: "hot", MemoryMB: 1024}); err != nil {
		t.Errorf("what does not change the hardware: %v", err)
	}
	_, err := methods.Destroy_Task(context.Background(), b.client, &types.Destroy_Task{This: vm})
	wantFault[*types.InvalidPowerState](t, err)
	b.host.switchVM(vm, false)
	if err := b.reconfigure(vm, types.VirtualMachineConfigSpec{MemoryMB: 2048, NumCPUs: 2}); err != nil {
		t.Errorf("off: %v", err)
	}
}

func TestASpecFromAnOlderConfigurationIsRefused(t *testing.T) {
	b := newBench(t)
	vm := b.guest(t, "vm1", false)
	seen := b.vm(vm).Config.ChangeVersion
	if err := b.reconfigure(vm, types.VirtualMachineConfigSpec{Annotation: "somebody else", ChangeVersion: seen}); err != nil {
		t.Fatal(err)
	}
	wantFault[*types.ConcurrentAccess](t, b.reconfigure(vm, types.VirtualMachineConfigSpec{Annotation: "we", ChangeVersion: seen}))
}

func TestWhatNeedsVCenterIsNotSupported(t *testing.T) {
	b, ctx := newBench(t), context.Background()
	vm, folder := b.guest(t, "vm1", false), b.client.ServiceContent.RootFolder
	_, err := methods.CloneVM_Task(ctx, b.client, &types.CloneVM_Task{This: vm, Folder: folder, Name: "copy"})
	wantFault[*types.NotSupported](t, err)
	_, err = methods.MarkAsTemplate(ctx, b.client, &types.MarkAsTemplate{This: vm})
	wantFault[*types.NotSupported](t, err)
	_, err = methods.RelocateVM_Task(ctx, b.client, &types.RelocateVM_Task{This: vm})
	wantFault[*types.NotSupported](t, err)
	_, err = methods.CreateFolder(ctx, b.client, &types.CreateFolder{This: folder, Name: "x"})
	wantFault[*types.NotSupported](t, err)
	_, err = methods.CreateDVS_Task(ctx, b.client, &types.CreateDVS_Task{This: folder})
	wantFault[*types.NotSupported](t, err)
}

func TestDatastoreRefusals(t *testing.T) {
	b, ctx := newBench(t), context.Background()
	store := b.datastores.named("datastore1").Self
	rename := func(name string) error {
		_, err := methods.RenameDatastore(ctx, b.client, &types.RenameDatastore{This: store, NewName: name})
		return err
	}
	wantFault[*types.InvalidName](t, rename("a/b"))
	if err := rename("store"); err != nil {
		t.Fatal(err)
	}
	if err := rename("datastore1"); err != nil {
		t.Fatal(err)
	}
	b.guest(t, "vm1", false)
	wantFault[*types.ResourceInUse](t, rename("store"))
	_, err := methods.RemoveDatastore(ctx, b.client,
		&types.RemoveDatastore{This: *b.system.ConfigManager.DatastoreSystem, Datastore: store})
	wantFault[*types.ResourceInUse](t, err)
}

func TestAnEmptyDatastoreIsRemoved(t *testing.T) {
	b := newBench(t)
	store := b.datastores.named("datastore1").Self
	_, err := methods.RemoveDatastore(context.Background(), b.client,
		&types.RemoveDatastore{This: *b.system.ConfigManager.DatastoreSystem, Datastore: store})
	if err != nil || len(b.system.Datastore) != 0 || len(b.datastores.Datastore) != 0 {
		t.Errorf("%v %v %v", err, b.system.Datastore, b.datastores.Datastore)
	}
}
