package main

import (
	"context"
	"testing"

	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/types"
)

func (b *bench) setOptions(values ...types.OptionValue) error {
	change := make([]types.BaseOptionValue, len(values))
	for i := range values {
		change[i] = &values[i]
	}
	_, err := methods.UpdateOptions(context.Background(), b.client, &types.UpdateOptions{
		This: *b.system.ConfigManager.AdvancedOption, ChangedValue: change})
	return err
}

func (b *bench) queryOptions(name string) ([]types.BaseOptionValue, error) {
	reply, err := methods.QueryOptions(context.Background(), b.client, &types.QueryOptions{
		This: *b.system.ConfigManager.AdvancedOption, Name: name})
	if err != nil {
		return nil, err
	}
	return reply.Returnval, nil
}

func TestAnOptionTakesItsOwnTypeAndRangeOnly(t *testing.T) {
	b := newBench(t)
	refused := func(key string, value any) {
		t.Helper()
		fault := wantFault[*types.InvalidArgument](t, b.setOptions(types.OptionValue{Key: key, Value: value}))
		if fault.InvalidProperty != key {
			t.Errorf("%s: property %s", key, fault.InvalidProperty)
		}
	}
	refused("Security.AccountLockFailures", int32(3)) // an int for a long
	refused("Security.AccountLockFailures", int64(101))
	refused("Security.AccountLockFailures", "3")
	refused("Config.HostAgent.vmacore.soap.sessionTimeout", int64(10)) // a long for an int
	refused("Syslog.global.auditRecord.storageEnable", "true")
	refused("Syslog.global.logLevel", "chatty")
	refused("Syslog.global.logHost", "gopher://log host")
	refused("ScratchConfig.CurrentScratchLocation", "/vmfs/volumes/datastore1")
	if err := b.setOptions(
		types.OptionValue{Key: "Security.AccountLockFailures", Value: int64(3)},
		types.OptionValue{Key: "Config.HostAgent.vmacore.soap.sessionTimeout", Value: int32(10)},
		types.OptionValue{Key: "Syslog.global.logHost", Value: "tcp://10.200.9.10:514,ssl://log.example.jp:1514"},
	); err != nil {
		t.Fatal(err)
	}
	if got := b.options.number("Security.AccountLockFailures"); got != 3 {
		t.Errorf("kept %d", got)
	}
}

func TestAnUnknownOptionIsAnInvalidName(t *testing.T) {
	b := newBench(t)
	known := types.OptionValue{Key: "Mem.MemEagerZero", Value: int64(1)}
	err := b.setOptions(known, types.OptionValue{Key: "Mem.Unheard", Value: int64(1)})
	if fault := wantFault[*types.InvalidName](t, err); fault.Name != "Mem.Unheard" {
		t.Errorf("name %s", fault.Name)
	}
	if b.options.number("Mem.MemEagerZero") != 0 {
		t.Error("the known half of a refused call was kept")
	}
	_, err = b.queryOptions("Sys")
	wantFault[*types.InvalidName](t, err)
}

func TestOptionsAreQueriedByKeySubtreeOrAllTogether(t *testing.T) {
	b := newBench(t)
	for name, least := range map[string]int{"Mem.MemEagerZero": 1, "Syslog.global.certificate": 3, "": 40} {
		found, err := b.queryOptions(name)
		if err != nil || len(found) < least {
			t.Errorf("%q: %d %v", name, len(found), err)
		}
	}
	if len(b.system.Config.Option) != len(b.options.Setting) {
		t.Error("config.option is another list")
	}
}
