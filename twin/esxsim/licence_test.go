package main

import (
	"context"
	"testing"

	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/types"
)

func (b *bench) enterKey(key string) error {
	_, err := methods.UpdateLicense(context.Background(), b.client,
		&types.UpdateLicense{This: *b.client.ServiceContent.LicenseManager, LicenseKey: key})
	return err
}

func TestTheFreeLicenceRefusesEveryWriteAndNoRead(t *testing.T) {
	b := newBench(t)
	vm := b.guest(t, "vm1", false)
	if err := b.enterKey("FREE0-00000-00000-00000-00000"); err != nil {
		t.Fatal(err)
	}
	if got := b.licences.Licenses[0].EditionKey; got != "esxBasic" {
		t.Errorf("edition %s", got)
	}
	wantFault[*types.RestrictedVersion](t, b.addPortGroup(types.HostPortGroupSpec{Name: "x", VswitchName: "vSwitch0"}))
	wantFault[*types.RestrictedVersion](t, b.reconfigure(vm, types.VirtualMachineConfigSpec{Annotation: "x"}))
	wantFault[*types.RestrictedVersion](t, b.setOptions(types.OptionValue{Key: "Mem.MemEagerZero", Value: int64(1)}))
	if _, err := b.queryOptions("Mem"); err != nil {
		t.Errorf("a read: %v", err)
	}
	if err := b.enterKey("STD00-00000-00000-00000-00000"); err != nil {
		t.Fatal(err)
	}
	if err := b.reconfigure(vm, types.VirtualMachineConfigSpec{Annotation: "x"}); err != nil {
		t.Errorf("with a licence: %v", err)
	}
}

func TestAKeyThatIsNoneIsRefused(t *testing.T) {
	b := newBench(t)
	wantFault[*types.InvalidArgument](t, b.enterKey("STD00"))
	wantFault[*types.InvalidArgument](t, b.enterKey("ZZZZZ-00000-00000-00000-00000"))
}

func TestAnEndedEvaluationWritesNothingMore(t *testing.T) {
	b := newBench(t)
	vm := b.guest(t, "vm1", false)
	b.press(t, "POST", "clock?advance_s=5184001", nil) // 60 days and a second
	client, err := b.login(testAccount.user, testAccount.password)
	if err != nil {
		t.Fatal(err)
	}
	b.client = client
	_, err = methods.PowerOnVM_Task(context.Background(), b.client, &types.PowerOnVM_Task{This: vm})
	wantFault[*types.LicenseExpired](t, err)
	wantFault[*types.RestrictedVersion](t, b.addPortGroup(types.HostPortGroupSpec{Name: "x", VswitchName: "vSwitch0"}))
}
