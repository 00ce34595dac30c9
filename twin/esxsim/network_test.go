package main

import (
	"context"
	"testing"

	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/types"
)

func (b *bench) network() types.ManagedObjectReference { return *b.system.ConfigManager.NetworkSystem }

func (b *bench) addPortGroup(spec types.HostPortGroupSpec) error {
	_, err := methods.AddPortGroup(context.Background(), b.client, &types.AddPortGroup{This: b.network(), Portgrp: spec})
	return err
}

func TestPortGroupRefusals(t *testing.T) {
	b := newBench(t)
	spec := types.HostPortGroupSpec{Name: "GW-DMZ", VswitchName: "vSwitch0"}
	if err := b.addPortGroup(spec); err != nil {
		t.Fatal(err)
	}
	wantFault[*types.AlreadyExists](t, b.addPortGroup(spec))
	wantFault[*types.InvalidArgument](t, b.addPortGroup(types.HostPortGroupSpec{Name: "x", VswitchName: "vSwitch0", VlanId: 4096}))
	wantFault[*types.NotFound](t, b.addPortGroup(types.HostPortGroupSpec{Name: "x", VswitchName: "vSwitch9"}))
	remove := func(name string) error {
		_, err := methods.RemovePortGroup(context.Background(), b.client, &types.RemovePortGroup{This: b.network(), PgName: name})
		return err
	}
	wantFault[*types.ResourceInUse](t, remove("Management Network"))
	wantFault[*types.NotFound](t, remove("nothing"))
	if _, err := b.createVM(vmSpec("vm1")); err != nil {
		t.Fatal(err)
	}
	wantFault[*types.ResourceInUse](t, remove("GW-DMZ"))
	if err := remove("VM Network"); err != nil {
		t.Errorf("a port group nothing hangs on: %v", err)
	}
}

func TestVirtualSwitchRefusals(t *testing.T) {
	b := newBench(t)
	add := func(name string, spec types.HostVirtualSwitchSpec) error {
		_, err := methods.AddVirtualSwitch(context.Background(), b.client,
			&types.AddVirtualSwitch{This: b.network(), VswitchName: name, Spec: &spec})
		return err
	}
	bond := func(nics ...string) *types.HostVirtualSwitchBondBridge {
		return &types.HostVirtualSwitchBondBridge{NicDevice: nics}
	}
	wantFault[*types.AlreadyExists](t, add("vSwitch0", types.HostVirtualSwitchSpec{NumPorts: 128}))
	wantFault[*types.ResourceInUse](t, add("vSwitch1", types.HostVirtualSwitchSpec{NumPorts: 128, Bridge: bond("vmnic0")}))
	wantFault[*types.NotFound](t, add("vSwitch1", types.HostVirtualSwitchSpec{NumPorts: 128, Bridge: bond("vmnic9")}))
	wantFault[*types.InvalidArgument](t, add("vSwitch1", types.HostVirtualSwitchSpec{NumPorts: 128, Mtu: 9001}))
	teaming := &types.HostNetworkPolicy{NicTeaming: &types.HostNicTeamingPolicy{
		NicOrder: &types.HostNicOrderPolicy{ActiveNic: []string{"vmnic2"}}}}
	wantFault[*types.InvalidArgument](t, add("vSwitch1",
		types.HostVirtualSwitchSpec{NumPorts: 128, Bridge: bond("vmnic1"), Policy: teaming}))
	if err := add("vSwitch1", types.HostVirtualSwitchSpec{NumPorts: 128, Bridge: bond("vmnic1"), Mtu: 9000}); err != nil {
		t.Fatal(err)
	}
	_, err := methods.RemoveVirtualSwitch(context.Background(), b.client,
		&types.RemoveVirtualSwitch{This: b.network(), VswitchName: "vSwitch0"})
	wantFault[*types.ResourceInUse](t, err)
}

func TestPortGroupInheritsTheSwitchPolicy(t *testing.T) {
	b := newBench(t)
	own := types.HostNetworkPolicy{Security: &types.HostNetworkSecurityPolicy{ForgedTransmits: types.NewBool(false)}}
	if err := b.addPortGroup(types.HostPortGroupSpec{Name: "GW-DMZ", VswitchName: "vSwitch0", Policy: own}); err != nil {
		t.Fatal(err)
	}
	groups := b.system.Config.Network.Portgroup
	computed := groups[len(groups)-1].ComputedPolicy.Security
	if *computed.ForgedTransmits || !*computed.MacChanges || *computed.AllowPromiscuous {
		t.Errorf("computed: %v %v %v", *computed.ForgedTransmits, *computed.MacChanges, *computed.AllowPromiscuous)
	}
}

func TestDnsRefusesAHostNameWithDots(t *testing.T) {
	b := newBench(t)
	_, err := methods.UpdateDnsConfig(context.Background(), b.client, &types.UpdateDnsConfig{
		This: b.network(), Config: &types.HostDnsConfig{HostName: "esx.example.jp"}})
	wantFault[*types.InvalidArgument](t, err)
}
