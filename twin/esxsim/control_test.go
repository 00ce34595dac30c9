package main

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

func TestWritesAreCountedApartFromReads(t *testing.T) {
	b := newBench(t)
	b.press(t, "DELETE", "calls", nil)
	if _, err := b.queryOptions("Mem"); err != nil {
		t.Fatal(err)
	}
	if err := b.addPortGroup(types.HostPortGroupSpec{Name: "GW-DMZ", VswitchName: "vSwitch0"}); err != nil {
		t.Fatal(err)
	}
	if err := b.addPortGroup(types.HostPortGroupSpec{Name: "GW-DMZ", VswitchName: "vSwitch0"}); err == nil {
		t.Fatal("a doubled port group")
	}
	var counted struct {
		Reads, Writes int
		Methods       map[string]int
	}
	if err := json.Unmarshal(b.press(t, "GET", "calls", nil), &counted); err != nil {
		t.Fatal(err)
	}
	if counted.Reads != 1 || counted.Writes != 2 || counted.Methods["AddPortGroup"] != 2 {
		t.Errorf("%+v", counted)
	}
}

func TestASilentSessionEndsByTheHostsOwnOption(t *testing.T) {
	b := newBench(t)
	if err := b.setOptions(types.OptionValue{Key: "Config.HostAgent.vmacore.soap.sessionTimeout", Value: int32(10)}); err != nil {
		t.Fatal(err)
	}
	b.press(t, "POST", "clock?advance_s=599", nil)
	if _, err := b.queryOptions("Mem"); err != nil {
		t.Fatalf("before its end: %v", err)
	}
	b.press(t, "POST", "clock?advance_s=601", nil)
	_, err := b.queryOptions("Mem")
	wantFault[*types.NotAuthenticated](t, err)
}

func TestSensorsAndElementsAreSet(t *testing.T) {
	b := newBench(t)
	b.press(t, "POST", "sensor", map[string]any{"Name": "CPU 1 Temp", "State": "red", "Type": "temperature", "Reading": 95})
	b.press(t, "POST", "sensor", map[string]any{"Name": "Disk 1", "State": "yellow"})
	var system mo.HostSystem
	if err := b.client.RetrieveOne(context.Background(), b.system.Self, []string{"runtime.healthSystemRuntime"}, &system); err != nil {
		t.Fatal(err)
	}
	sensors := system.Runtime.HealthSystemRuntime.SystemHealthInfo.NumericSensorInfo
	if last := sensors[len(sensors)-1]; last.Name != "CPU 1 Temp" || last.HealthState.GetElementDescription().Key != "red" {
		t.Errorf("%+v", last)
	}
	disk := system.Runtime.HealthSystemRuntime.HardwareStatusInfo.StorageStatusInfo[0]
	if disk.Status.GetElementDescription().Key != "yellow" {
		t.Errorf("%+v", disk)
	}
	if len(newBench(t).health.Runtime.SystemHealthInfo.NumericSensorInfo) == len(sensors) {
		t.Error("another host has the sensor too")
	}
}

func TestAnyFaultOfTheAPICanBeAskedFor(t *testing.T) {
	b := newBench(t)
	b.press(t, "POST", "fault", order{Method: "AddPortGroup", Fault: "PlatformConfigFault"})
	wantFault[*types.PlatformConfigFault](t, b.addPortGroup(types.HostPortGroupSpec{Name: "x", VswitchName: "vSwitch0"}))
	if _, ok := buildFault("VirtualMachine"); ok {
		t.Error("no fault")
	}
}

func TestTheDatastoresSpaceIsSet(t *testing.T) {
	b, ctx := newBench(t), context.Background()
	b.press(t, "POST", "datastore", map[string]any{"Name": "datastore1", "FreePercent": 4})
	ds := b.datastores.named("datastore1")
	if _, err := methods.RefreshDatastore(ctx, b.client, &types.RefreshDatastore{This: ds.Self}); err != nil {
		t.Fatal(err)
	}
	if got := ds.Summary.FreeSpace * 100 / ds.Summary.Capacity; got < 3 || got > 4 {
		t.Errorf("free %d %%", got)
	}
}

func TestTheAcceptanceLevelIsOneOfFour(t *testing.T) {
	b, ctx := newBench(t), context.Background()
	this := *b.system.ConfigManager.ImageConfigManager
	_, err := methods.UpdateHostImageAcceptanceLevel(ctx, b.client,
		&types.UpdateHostImageAcceptanceLevel{This: this, NewAcceptanceLevel: "anything"})
	wantFault[*types.InvalidArgument](t, err)
	reply, err := methods.HostImageConfigGetAcceptance(ctx, b.client, &types.HostImageConfigGetAcceptance{This: this})
	if err != nil || reply.Returnval != "partner" {
		t.Errorf("%+v %v", reply, err)
	}
}

func TestAMutedCallTakesEffectWithoutAnAnswer(t *testing.T) {
	b := newBench(t)
	b.press(t, "POST", "mute", order{Method: "AddPortGroup"})
	spec := types.HostPortGroupSpec{Name: "GW-DMZ", VswitchName: "vSwitch0"}
	if err := b.addPortGroup(spec); err == nil {
		t.Error("it was answered")
	}
	wantFault[*types.AlreadyExists](t, b.addPortGroup(spec))
}
