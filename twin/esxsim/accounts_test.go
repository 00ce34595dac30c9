package main

import (
	"context"
	"testing"

	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/types"
)

const goodPassword = "kite-7-Marsh-lamp"

func (b *bench) createUser(name, password string) error {
	_, err := methods.CreateUser(context.Background(), b.client, &types.CreateUser{
		This: *b.client.ServiceContent.AccountManager,
		User: &types.HostPosixAccountSpec{HostAccountSpec: types.HostAccountSpec{Id: name, Password: password}}})
	return err
}

func (b *bench) updateUser(name, password string) error {
	_, err := methods.UpdateUser(context.Background(), b.client, &types.UpdateUser{
		This: *b.client.ServiceContent.AccountManager, User: &types.HostAccountSpec{Id: name, Password: password}})
	return err
}

func (b *bench) permit(name string, role int32) error {
	_, err := methods.SetEntityPermissions(context.Background(), b.client, &types.SetEntityPermissions{
		This: *b.client.ServiceContent.AuthorizationManager, Entity: b.client.ServiceContent.RootFolder,
		Permission: []types.Permission{{Principal: name, RoleId: role, Propagate: true}}})
	return err
}

// addUser makes an account with a role; role 0 is none.
func (b *bench) addUser(t *testing.T, name string, role int32) {
	t.Helper()
	if err := b.createUser(name, goodPassword); err != nil {
		t.Fatal(err)
	}
	if role != 0 {
		if err := b.permit(name, role); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAccountRefusals(t *testing.T) {
	b := newBench(t)
	b.addUser(t, "gwops", 0)
	wantFault[*types.AlreadyExists](t, b.createUser("gwops", goodPassword))
	wantFault[*types.InvalidArgument](t, b.createUser("two words", goodPassword))
	for _, weak := range []string{"", "short", "alllowercaseletters", "Onlycapitalandend9", "gwup-7-Marsh-gwup"} {
		fault := wantFault[*types.InvalidArgument](t, b.createUser("gwup", weak))
		if fault.InvalidProperty != "password" {
			t.Errorf("%q: %s", weak, fault.InvalidProperty)
		}
	}
	wantFault[*types.UserNotFound](t, b.updateUser("nobody", goodPassword))
	_, err := b.login("gwops", goodPassword)
	wantFault[*types.NoPermission](t, err) // it exists and may do nothing
	remove := func(name string) error {
		_, err := methods.RemoveUser(context.Background(), b.client,
			&types.RemoveUser{This: *b.client.ServiceContent.AccountManager, UserName: name})
		return err
	}
	wantFault[*types.UserNotFound](t, remove("nobody"))
	wantFault[*types.SecurityError](t, remove("root"))
	if err := remove("gwops"); err != nil {
		t.Error(err)
	}
}

func TestAStricterPasswordRuleAndTheHistoryAreKept(t *testing.T) {
	b := newBench(t)
	b.addUser(t, "gwops", adminRole)
	const rule = "similar=deny retry=3 min=disabled,disabled,disabled,disabled,20 max=64"
	if err := b.setOptions(types.OptionValue{Key: "Security.PasswordQualityControl", Value: rule}); err != nil {
		t.Fatal(err)
	}
	wantFault[*types.InvalidArgument](t, b.updateUser("gwops", "birch-5-Slate-tin")) // 17 characters
	if err := b.updateUser("gwops", "birch-5-Slate-tin-oak"); err != nil {
		t.Fatal(err)
	}
	wantFault[*types.InvalidArgument](t, b.updateUser("gwops", "birch-5-Slate-tin-oak")) // the present one
	if _, err := b.login("gwops", goodPassword); err == nil {
		t.Error("the old password still opens")
	}
	if _, err := b.login("gwops", "birch-5-Slate-tin-oak"); err != nil {
		t.Error(err)
	}
	if err := b.updateUser("gwops", "cedar-8-Stone-jar-elm"); err != nil {
		t.Fatal(err)
	}
	wantFault[*types.InvalidArgument](t, b.updateUser("gwops", "birch-5-Slate-tin-oak")) // the one before
}

func TestAnAccountIsLockedAfterItsFailures(t *testing.T) {
	b := newBench(t)
	b.addUser(t, "gwops", adminRole)
	for range 5 {
		_, err := b.login("gwops", "wrong")
		wantFault[*types.InvalidLogin](t, err)
	}
	_, err := b.login("gwops", goodPassword)
	wantFault[*types.InvalidLogin](t, err)
	b.press(t, "POST", "clock?advance_s=901", nil)
	if _, err := b.login("gwops", goodPassword); err != nil {
		t.Errorf("after the lock: %v", err)
	}
}

func TestARoleAllowsItsPrivilegesOnly(t *testing.T) {
	b, ctx := newBench(t), context.Background()
	manager := *b.client.ServiceContent.AuthorizationManager
	add := func(name string, privileges ...string) (int32, error) {
		reply, err := methods.AddAuthorizationRole(ctx, b.client,
			&types.AddAuthorizationRole{This: manager, Name: name, PrivIds: privileges})
		if err != nil {
			return 0, err
		}
		return reply.Returnval, nil
	}
	role, err := add("gwups", "VirtualMachine.Interact.PowerOff", "Host.Config.Maintenance")
	if err != nil {
		t.Fatal(err)
	}
	_, err = add("gwups")
	wantFault[*types.AlreadyExists](t, err)
	_, err = add("other", "Host.Config.Teleport")
	wantFault[*types.InvalidArgument](t, err)
	vm := b.guest(t, "vm1", true)
	b.addUser(t, "gwups", role)
	client, err := b.login("gwups", goodPassword)
	if err != nil {
		t.Fatal(err)
	}
	_, err = methods.AddPortGroup(ctx, client, &types.AddPortGroup{This: b.network()})
	if fault := wantFault[*types.NoPermission](t, err); fault.PrivilegeId != "Host.Config.Network" {
		t.Errorf("privilege %s", fault.PrivilegeId)
	}
	_, err = methods.PowerOnVM_Task(ctx, client, &types.PowerOnVM_Task{This: vm})
	wantFault[*types.NoPermission](t, err)
	_, err = methods.PutUsbScanCodes(ctx, client, &types.PutUsbScanCodes{This: vm}) // a method outside our table
	wantFault[*types.NoPermission](t, err)
	if _, err = methods.ShutdownGuest(ctx, client, &types.ShutdownGuest{This: vm}); err != nil {
		t.Errorf("what the role allows: %v", err)
	}
}

func TestPermissionRefusals(t *testing.T) {
	b, ctx := newBench(t), context.Background()
	manager, root := *b.client.ServiceContent.AuthorizationManager, b.client.ServiceContent.RootFolder
	wantFault[*types.UserNotFound](t, b.permit("nobody", adminRole))
	b.addUser(t, "gwops", 0)
	wantFault[*types.NotFound](t, b.permit("gwops", 4711))
	wantFault[*types.AuthMinimumAdminPermission](t, b.permit("root", -2))
	if err := b.permit("gwops", adminRole); err != nil {
		t.Fatal(err)
	}
	reply, err := methods.RetrieveEntityPermissions(ctx, b.client, &types.RetrieveEntityPermissions{This: manager, Entity: root})
	if err != nil || len(reply.Returnval) != 4 { // root, dcui and vpxuser stay
		t.Errorf("%+v %v", reply, err)
	}
	_, err = methods.UpdateAuthorizationRole(ctx, b.client,
		&types.UpdateAuthorizationRole{This: manager, RoleId: adminRole, NewName: "Admin"})
	wantFault[*types.InvalidArgument](t, err) // the host's own role
}
