package main

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/types"
)

func (b *bench) journal(t *testing.T) (on bool, events []string) {
	t.Helper()
	var state struct {
		On      bool
		Journal []powerEvent
	}
	if err := json.Unmarshal(b.press(t, "GET", "power", nil), &state); err != nil {
		t.Fatal(err)
	}
	for _, event := range state.Journal {
		events = append(events, event.VM+" "+event.Event)
	}
	return state.On, events
}

func (b *bench) awaitEvent(t *testing.T, last string) []string {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if _, events := b.journal(t); slices.Contains(events, last) {
			return events
		}
	}
	_, events := b.journal(t)
	t.Fatalf("no %q in %v", last, events)
	return nil
}

// sequence puts VMs into the autostart list in this order.
func (b *bench) sequence(t *testing.T, vms ...types.ManagedObjectReference) {
	t.Helper()
	var rows []types.AutoStartPowerInfo
	for i, vm := range vms {
		rows = append(rows, types.AutoStartPowerInfo{Key: vm, StartOrder: int32(i + 1), StartDelay: 3, StopDelay: 20,
			StartAction: "powerOn", StopAction: "guestShutdown", WaitForHeartbeat: types.AutoStartWaitHeartbeatSettingNo})
	}
	defaults := &types.AutoStartDefaults{Enabled: types.NewBool(true), StartDelay: 120, StopDelay: 120, StopAction: "PowerOff"}
	_, err := methods.ReconfigureAutostart(context.Background(), b.client, &types.ReconfigureAutostart{
		This: *b.system.ConfigManager.AutoStartManager,
		Spec: types.HostAutoStartManagerConfig{Defaults: defaults, PowerInfo: rows}})
	if err != nil {
		t.Fatal(err)
	}
	b.press(t, "POST", "second?ms=10", nil)
}

func (b *bench) shutdownHost(force bool) error {
	_, err := methods.ShutdownHost_Task(context.Background(), b.client, &types.ShutdownHost_Task{This: b.system.Self, Force: force})
	return err
}

func TestAHostThatIsNotInMaintenanceIsSwitchedOffByForceOnly(t *testing.T) {
	b := newBench(t)
	wantFault[*types.InvalidState](t, b.shutdownHost(false))
	_, err := methods.RebootHost_Task(context.Background(), b.client, &types.RebootHost_Task{This: b.system.Self})
	wantFault[*types.InvalidState](t, err)
}

func TestShutdownOfTheHostSparesOnlyTheAutostartList(t *testing.T) {
	b := newBench(t)
	stranger, second, first := b.guest(t, "stranger", true), b.guest(t, "second", true), b.guest(t, "first", true)
	b.sequence(t, first, second)
	if err := b.shutdownHost(true); err != nil {
		t.Fatal(err)
	}
	events := b.awaitEvent(t, " off")
	want := []string{" shutdownHost", "second guestShutdown", "first guestShutdown", "stranger powerOff", " off"}
	if !slices.Equal(events, want) {
		t.Errorf("events %q", events)
	}
	if _, err := b.login(testAccount.user, testAccount.password); err == nil {
		t.Error("a host that is off answered")
	}
	b.press(t, "POST", "power/on", nil)
	events = b.awaitEvent(t, "second powerOn")
	if i, j := slices.Index(events, "first powerOn"), slices.Index(events, "second powerOn"); i < 0 || i > j {
		t.Errorf("start order %q", events)
	}
	if state := b.powerOf(stranger); state != types.VirtualMachinePowerStatePoweredOff {
		t.Errorf("a VM outside the list is %s", state)
	}
	if _, err := b.login(testAccount.user, testAccount.password); err != nil {
		t.Errorf("after power-on: %v", err)
	}
}

func TestTheNextVMStartsAfterTheDelayOfTheOneBefore(t *testing.T) {
	b := newBench(t)
	first, second := b.guest(t, "first", false), b.guest(t, "second", false)
	b.sequence(t, first, second)
	b.press(t, "POST", "second?ms=100", nil)
	b.press(t, "POST", "power/off", nil)
	b.press(t, "POST", "power/on", nil)
	b.awaitEvent(t, "second powerOn")
	var state struct{ Journal []powerEvent }
	if err := json.Unmarshal(b.press(t, "GET", "power", nil), &state); err != nil {
		t.Fatal(err)
	}
	at := map[string]time.Time{}
	for _, event := range state.Journal {
		at[event.VM] = event.Time
	}
	if gap := at["second"].Sub(at["first"]); gap < 300*time.Millisecond || gap > 2*time.Second {
		t.Errorf("gap %s, want 3 of our seconds", gap)
	}
}

func TestAGuestThatHangsIsSwitchedOffAfterItsStopDelay(t *testing.T) {
	b := newBench(t)
	vm := b.guest(t, "vm1", true)
	b.sequence(t, vm)
	b.press(t, "POST", "guest", guestTemper{VM: "vm1", Hang: true})
	if err := b.shutdownHost(true); err != nil {
		t.Fatal(err)
	}
	events := b.awaitEvent(t, " off")
	want := []string{" shutdownHost", "vm1 guestShutdown", "vm1 powerOff", " off"}
	if !slices.Equal(events, want) {
		t.Errorf("events %q", events)
	}
}

func TestARebootEndsSessionsAndAppliesWhatWaitedForIt(t *testing.T) {
	b := newBench(t)
	b.press(t, "POST", "second?ms=10", nil)
	const place = "/vmfs/volumes/datastore1/.locker"
	if err := b.setOptions(types.OptionValue{Key: "ScratchConfig.ConfiguredScratchLocation", Value: place}); err != nil {
		t.Fatal(err)
	}
	if b.options.text("ScratchConfig.CurrentScratchLocation") == place {
		t.Error("without a reboot")
	}
	_, err := methods.RebootHost_Task(context.Background(), b.client, &types.RebootHost_Task{This: b.system.Self, Force: true})
	if err != nil {
		t.Fatal(err)
	}
	b.awaitEvent(t, " on")
	if got := b.options.text("ScratchConfig.CurrentScratchLocation"); got != place {
		t.Errorf("scratch %s", got)
	}
	if _, err := b.queryOptions("Mem"); err == nil {
		t.Error("a session outlived the reboot")
	}
}

func TestAGuestWithoutToolsCannotBeAsked(t *testing.T) {
	b := newBench(t)
	vm := b.guest(t, "vm1", true)
	b.press(t, "POST", "guest", guestTemper{VM: "vm1", Tools: "off"})
	_, err := methods.ShutdownGuest(context.Background(), b.client, &types.ShutdownGuest{This: vm})
	wantFault[*types.ToolsUnavailable](t, err)
}
