package main

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

func TestContainerGetsTheMACOfItsNIC(t *testing.T) {
	run := `["--hostname","vm1","--network","dmz:ip=10.0.0.1","--network","lan","--network","x:mac=02:00:00:00:00:01","image"]`
	got := withMACs(run, []string{"00:50:56:00:00:01", "00:50:56:00:00:02", "00:50:56:00:00:03"})
	want := `["--hostname","vm1","--network","dmz:ip=10.0.0.1,mac=00:50:56:00:00:01","--network","lan:mac=00:50:56:00:00:02","--network","x:mac=02:00:00:00:00:01","image"]`
	if got != want {
		t.Errorf("got %s", got)
	}
}

func TestAReportFromBeforeAPowerTaskDoesNotUndoIt(t *testing.T) {
	var p powers
	vm := &mo.VirtualMachine{}
	vm.Self = types.ManagedObjectReference{Type: "VirtualMachine", Value: "1"}
	p.begin(vm.Self, types.VirtualMachinePowerStatePoweredOff)(false)
	vm.Runtime.PowerState = types.VirtualMachinePowerStatePoweredOn // what an inspect read before
	p.keep(vm)
	if vm.Runtime.PowerState != types.VirtualMachinePowerStatePoweredOff {
		t.Errorf("stale report: %s", vm.Runtime.PowerState)
	}
	p.last[vm.Self] = powerTask{types.VirtualMachinePowerStatePoweredOn, time.Now().Add(-settled)}
	p.keep(vm)
	if vm.Runtime.PowerState != types.VirtualMachinePowerStatePoweredOff {
		t.Error("a guest that ended by itself later must be seen as off")
	}
	p.begin(vm.Self, types.VirtualMachinePowerStatePoweredOn)(true)
	if _, ok := p.last[vm.Self]; ok {
		t.Error("a failed task is remembered")
	}
}

func TestPowerOnOfAContainerThatFailsIsATaskFault(t *testing.T) {
	b := newBench(t)
	if err := b.addPortGroup(types.HostPortGroupSpec{Name: "GW-DMZ", VswitchName: "vSwitch0"}); err != nil {
		t.Fatal(err)
	}
	docker := t.TempDir()
	script := "#!/bin/sh\necho no such network >&2\nexit 125\n"
	if err := os.WriteFile(docker+"/docker", []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", docker+":"+os.Getenv("PATH"))
	spec := vmSpec("vm1")
	spec.ExtraConfig = []types.BaseOptionValue{
		&types.OptionValue{Key: simulator.ContainerBackingOptionKey, Value: `["--network","nothing","image"]`},
		&types.OptionValue{Key: "RUN.mountdmi", Value: "false"}}
	vm, err := b.createVM(spec)
	if err != nil {
		t.Fatal(err)
	}
	reply, err := methods.PowerOnVM_Task(context.Background(), b.client, &types.PowerOnVM_Task{This: vm})
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.wait(reply.Returnval)
	if f := wantFault[*types.GenericVmConfigFault](t, err); !strings.Contains(f.Reason, "no such network") {
		t.Errorf("reason: %q", f.Reason)
	}
	var state mo.VirtualMachine
	if err := b.client.RetrieveOne(context.Background(), vm, []string{"runtime.powerState"}, &state); err != nil {
		t.Fatal(err)
	}
	if state.Runtime.PowerState != types.VirtualMachinePowerStatePoweredOff {
		t.Errorf("power: %s", state.Runtime.PowerState)
	}
}
