package main

import (
	"context"
	"testing"

	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/types"
)

func vnicSpec(address, mask string) types.HostVirtualNicSpec {
	return types.HostVirtualNicSpec{Ip: &types.HostIpConfig{IpAddress: address, SubnetMask: mask}}
}

func TestVmkernelNics(t *testing.T) {
	b, ctx := newBench(t), context.Background()
	add := func(portGroup string, spec types.HostVirtualNicSpec) (string, error) {
		reply, err := methods.AddVirtualNic(ctx, b.client, &types.AddVirtualNic{This: b.network(), Portgroup: portGroup, Nic: spec})
		if err != nil {
			return "", err
		}
		return reply.Returnval, nil
	}
	refusal := func(portGroup string, spec types.HostVirtualNicSpec) error {
		_, err := add(portGroup, spec)
		return err
	}
	if err := b.addPortGroup(types.HostPortGroupSpec{Name: "Second", VswitchName: "vSwitch0"}); err != nil {
		t.Fatal(err)
	}
	good := vnicSpec("10.0.0.5", "255.255.255.0")
	wantFault[*types.NotFound](t, refusal("nothing", good))
	wantFault[*types.AlreadyExists](t, refusal("Management Network", good)) // it has vmk0
	wantFault[*types.AlreadyExists](t, refusal("Second", vnicSpec("127.0.0.1", "255.0.0.0")))
	wantFault[*types.InvalidArgument](t, refusal("Second", vnicSpec("10.0.0.256", "255.255.255.0")))
	wantFault[*types.InvalidArgument](t, refusal("Second", vnicSpec("10.0.0.5", "255.0.255.0")))
	device, err := add("Second", good)
	if err != nil || device != "vmk1" {
		t.Fatalf("%s %v", device, err)
	}
	_, err = methods.UpdateVirtualNic(ctx, b.client, &types.UpdateVirtualNic{This: b.network(), Device: "vmk9", Nic: good})
	wantFault[*types.NotFound](t, err)
	jumbo := types.HostVirtualNicSpec{Mtu: 9001}
	_, err = methods.UpdateVirtualNic(ctx, b.client, &types.UpdateVirtualNic{This: b.network(), Device: device, Nic: jumbo})
	wantFault[*types.InvalidArgument](t, err)
	remove := func(device string) error {
		_, err := methods.RemoveVirtualNic(ctx, b.client, &types.RemoveVirtualNic{This: b.network(), Device: device})
		return err
	}
	wantFault[*types.NotFound](t, remove("vmk9"))
	wantFault[*types.HostConfigFault](t, remove("vmk0")) // the only one for management
	_, err = methods.RemovePortGroup(ctx, b.client, &types.RemovePortGroup{This: b.network(), PgName: "Second"})
	wantFault[*types.ResourceInUse](t, err)
	if err := remove(device); err != nil {
		t.Fatal(err)
	}
}

func TestWhatAVmkernelNicCarries(t *testing.T) {
	b, ctx := newBench(t), context.Background()
	manager := *b.system.ConfigManager.VirtualNicManager
	choose := func(kind, device string) error {
		_, err := methods.SelectVnicForNicType(ctx, b.client, &types.SelectVnicForNicType{This: manager, NicType: kind, Device: device})
		return err
	}
	drop := func(kind, device string) error {
		_, err := methods.DeselectVnicForNicType(ctx, b.client, &types.DeselectVnicForNicType{This: manager, NicType: kind, Device: device})
		return err
	}
	wantFault[*types.InvalidArgument](t, choose("teleport", "vmk0"))
	wantFault[*types.InvalidArgument](t, choose("vmotion", "vmk9"))
	wantFault[*types.InvalidArgument](t, drop("vmotion", "vmk0")) // it does not carry it
	wantFault[*types.HostConfigFault](t, drop("management", "vmk0"))
	if err := choose("vmotion", "vmk0"); err != nil {
		t.Fatal(err)
	}
	for _, config := range b.system.Config.VirtualNicManagerInfo.NetConfig {
		if want := map[string]int{"management": 1, "vmotion": 1}[config.NicType]; len(config.SelectedVnic) != want {
			t.Errorf("%s: %v", config.NicType, config.SelectedVnic)
		}
	}
	if err := drop("vmotion", "vmk0"); err != nil {
		t.Fatal(err)
	}
}
