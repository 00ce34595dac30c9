package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/vmware/govmomi/fault"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"

	"github.com/vmware/govmomi"
)

var testAccount = account{"root", "a-password-of-the-test"}

func selfSigned(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// bench is one served host and a logged-in client.
type bench struct {
	*host
	url    *url.URL
	client *govmomi.Client
}

func newBench(t *testing.T) *bench {
	t.Helper()
	h, err := newHost(identity{address: "127.0.0.1", datastore: "datastore1", memoryMB: 65536})
	if err != nil {
		t.Fatal(err)
	}
	server := serve(h, "127.0.0.1:0", testAccount, selfSigned(t), true)
	u := *server.URL
	u.User = url.UserPassword(testAccount.user, testAccount.password)
	client, err := govmomi.NewClient(context.Background(), &u, true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		server.Close()
		h.model.Remove()
		h.removeDatastore()
	})
	return &bench{h, &u, client}
}

func (b *bench) network() types.ManagedObjectReference { return *b.system.ConfigManager.NetworkSystem }

func (b *bench) addPortGroup(spec types.HostPortGroupSpec) error {
	_, err := methods.AddPortGroup(context.Background(), b.client, &types.AddPortGroup{This: b.network(), Portgrp: spec})
	return err
}

func wantFault[F types.BaseMethodFault](t *testing.T, err error) F {
	t.Helper()
	var want F
	if _, ok := fault.As(err, &want); !ok {
		t.Fatalf("want %T, got %v", want, err)
	}
	return want
}

func TestFreshHostIsWhatAnInstallationLeaves(t *testing.T) {
	b := newBench(t)
	network := b.system.Config.Network
	if about := b.client.ServiceContent.About; about.ApiType != "HostAgent" || about.ApiVersion != "8.0.3.0" {
		t.Errorf("about: %s %s", about.ApiType, about.ApiVersion)
	}
	if len(network.Vswitch) != 1 || network.Vswitch[0].Name != "vSwitch0" || len(network.Vswitch[0].Pnic) != 1 {
		t.Errorf("vswitch: %+v", network.Vswitch)
	}
	if len(network.Portgroup) != 2 || len(network.Pnic) != 4 {
		t.Errorf("port groups %d, pnics %d", len(network.Portgroup), len(network.Pnic))
	}
	if vms := b.model.Service.Context.Map.All("VirtualMachine"); len(vms) != 0 {
		t.Errorf("VMs: %d", len(vms))
	}
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

func TestServicesRefuseWhatIsSoAlready(t *testing.T) {
	b := newBench(t)
	this := *b.system.ConfigManager.ServiceSystem
	ctx := context.Background()
	start := func(id string) error {
		_, err := methods.StartService(ctx, b.client, &types.StartService{This: this, Id: id})
		return err
	}
	if err := start("ntpd"); err != nil {
		t.Fatal(err)
	}
	wantFault[*types.InvalidState](t, start("ntpd"))
	wantFault[*types.NotFound](t, start("nothing"))
	_, err := methods.UpdateServicePolicy(ctx, b.client, &types.UpdateServicePolicy{This: this, Id: "ntpd", Policy: "often"})
	wantFault[*types.InvalidArgument](t, err)
}

func TestDnsRefusesAHostNameWithDots(t *testing.T) {
	b := newBench(t)
	_, err := methods.UpdateDnsConfig(context.Background(), b.client, &types.UpdateDnsConfig{
		This: b.network(), Config: &types.HostDnsConfig{HostName: "esx.example.jp"}})
	wantFault[*types.InvalidArgument](t, err)
}

func TestDateTimeRefusesAnUnknownProtocol(t *testing.T) {
	b := newBench(t)
	_, err := methods.UpdateDateTimeConfig(context.Background(), b.client, &types.UpdateDateTimeConfig{
		This: *b.system.ConfigManager.DateTimeSystem, Config: types.HostDateTimeConfig{Protocol: "sundial"}})
	wantFault[*types.InvalidArgument](t, err)
}

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

// wait returns a task's result, or its fault as an error.
func (b *bench) wait(ref types.ManagedObjectReference) (types.ManagedObjectReference, error) {
	for {
		var task mo.Task
		if err := b.client.RetrieveOne(context.Background(), ref, []string{"info"}, &task); err != nil {
			return ref, err
		}
		switch task.Info.State {
		case types.TaskInfoStateError:
			return ref, soap.WrapVimFault(task.Info.Error.Fault)
		case types.TaskInfoStateSuccess:
			result, _ := task.Info.Result.(types.ManagedObjectReference)
			return result, nil
		}
		time.Sleep(5 * time.Millisecond)
	}
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

func TestStrangersReadNothing(t *testing.T) {
	b := newBench(t)
	wrong := *b.url
	wrong.User = url.UserPassword("root", "wrong")
	_, err := govmomi.NewClient(context.Background(), &wrong, true)
	wantFault[*types.InvalidLogin](t, err)
	b.admission.expire()
	var system mo.HostSystem
	err = b.client.RetrieveOne(context.Background(), b.system.Self, []string{"name"}, &system)
	wantFault[*types.NotAuthenticated](t, err)
}

func TestFilesAndControlWantALogin(t *testing.T) {
	b := newBench(t)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} //nolint: the bench's own certificate
	status := func(method, path string, login bool) int {
		u := *b.url
		u.User, u.Path, u.RawQuery = nil, path, "dcPath=ha-datacenter&dsName=datastore1"
		request, err := http.NewRequest(method, u.String(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if login {
			request.SetBasicAuth(testAccount.user, testAccount.password)
		}
		reply, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = reply.Body.Close()
		return reply.StatusCode
	}
	if got := status(http.MethodGet, "/folder/x.iso", false); got != http.StatusUnauthorized {
		t.Errorf("file without login: %d", got)
	}
	if got := status(http.MethodGet, "/folder/x.iso", true); got != http.StatusNotFound {
		t.Errorf("missing file: %d", got)
	}
	if got := status(http.MethodPost, "/_ctl/expire", false); got != http.StatusUnauthorized {
		t.Errorf("control without login: %d", got)
	}
}

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
