package main

import (
	"context"
	"testing"

	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/types"
)

func TestLockdownLetsOnlyTheExceptionsIn(t *testing.T) {
	b, ctx := newBench(t), context.Background()
	b.addUser(t, "gwops", adminRole)
	this := *b.system.ConfigManager.HostAccessManager
	except := func(users ...string) error {
		_, err := methods.UpdateLockdownExceptions(ctx, b.client, &types.UpdateLockdownExceptions{This: this, Users: users})
		return err
	}
	wantFault[*types.UserNotFound](t, except("nobody"))
	if err := except("+gwops"); err != nil {
		t.Fatal(err)
	}
	enter := func() error {
		_, err := methods.EnterLockdownMode(ctx, b.client, &types.EnterLockdownMode{This: b.system.Self})
		return err
	}
	if err := enter(); err != nil {
		t.Fatal(err)
	}
	wantFault[*types.InvalidState](t, enter())
	_, err := b.login(testAccount.user, testAccount.password)
	wantFault[*types.NoPermission](t, err)
	if _, err := b.login("gwops", goodPassword); err != nil {
		t.Errorf("an exception user: %v", err)
	}
	leave := func() error {
		_, err := methods.ExitLockdownMode(ctx, b.client, &types.ExitLockdownMode{This: b.system.Self})
		return err
	}
	if err := leave(); err != nil {
		t.Fatal(err)
	}
	wantFault[*types.InvalidState](t, leave())
	_, err = methods.ChangeLockdownMode(ctx, b.client, &types.ChangeLockdownMode{This: this, Mode: "lockdownSometimes"})
	wantFault[*types.InvalidArgument](t, err)
}

func TestSnmpRefusesMoreThanItsLimits(t *testing.T) {
	b, ctx := newBench(t), context.Background()
	this := *b.system.ConfigManager.SnmpSystem
	set := func(spec types.HostSnmpConfigSpec) error {
		_, err := methods.ReconfigureSnmpAgent(ctx, b.client, &types.ReconfigureSnmpAgent{This: this, Spec: spec})
		return err
	}
	wantFault[*types.InvalidArgument](t, set(types.HostSnmpConfigSpec{Port: 65536}))
	wantFault[*types.InsufficientResourcesFault](t, set(types.HostSnmpConfigSpec{TrapTargets: make([]types.HostSnmpDestination, 4)}))
	wantFault[*types.InvalidArgument](t, set(types.HostSnmpConfigSpec{TrapTargets: []types.HostSnmpDestination{{HostName: "x"}}}))
	notify := func() error {
		_, err := methods.SendTestNotification(ctx, b.client, &types.SendTestNotification{This: this})
		return err
	}
	wantFault[*types.NotFound](t, notify()) // it is off
	target := types.HostSnmpDestination{HostName: "10.200.9.10", Port: 162, Community: "gw"}
	if err := set(types.HostSnmpConfigSpec{Enabled: types.NewBool(true), TrapTargets: []types.HostSnmpDestination{target}}); err != nil {
		t.Fatal(err)
	}
	if err := notify(); err != nil {
		t.Error(err)
	}
}
