package main

import (
	"slices"
	"sync/atomic"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// admission looks at every call before the library does: who calls, what the caller and the licence
// may do, and whether a real host would take what the library takes unread.
type admission struct {
	host *host
	idle idle

	expireBefore atomic.Pointer[string] // a method whose next call finds its session ended; nil: none
}

// admit is the registry's hook: a fault refuses the call, nil lets it through to the usual object.
func (a *admission) admit(ctx *simulator.Context, method *simulator.Method) (mo.Reference, types.BaseMethodFault) {
	if ctx.Session != nil && ctx.Session.UserName == "" {
		return a.place(method), nil // the host itself
	}
	a.host.calls.count(method.Name, writes(method.Name))
	if login, ok := method.Body.(*types.Login); ok {
		return nil, a.checkLogin(login)
	}
	if ctx.Session == nil {
		return nil, refuseStranger(method)
	}
	if a.idle.ended(ctx.Session.Key, a.host.clock.now(), a.host.options.number("Config.HostAgent.vmacore.soap.sessionTimeout")) {
		a.end(ctx.Session.Key)
		return nil, notAuthenticated(method)
	}
	if name := a.expireBefore.Load(); name != nil && *name == method.Name && a.expireBefore.CompareAndSwap(name, nil) {
		a.end(ctx.Session.Key)
		return nil, notAuthenticated(method)
	}
	if fault := a.host.authorization.check(ctx.Session.UserName, method.This, needed(method.Name, method.Body)); fault != nil {
		return nil, fault
	}
	if fault := a.host.licences.check(method.Name); fault != nil {
		return nil, fault
	}
	if fault := a.checkSpec(method); fault != nil {
		return nil, fault
	}
	return a.place(method), nil
}

// vcenterOnly are methods of the same API that a host without vCenter does not do.
var vcenterOnly = []string{"CloneVM_Task", "MarkAsTemplate", "MarkAsVirtualMachine", "RelocateVM_Task", "MigrateVM_Task",
	"CreateFolder", "CreateDVS_Task", "CreateDatacenter", "CreateClusterEx", "AddStandaloneHost_Task", "CustomizeVM_Task",
	"MoveIntoFolder_Task", "InstantClone_Task"}

func (a *admission) checkSpec(method *simulator.Method) types.BaseMethodFault {
	if slices.Contains(vcenterOnly, method.Name) {
		return &types.NotSupported{}
	}
	switch body := method.Body.(type) {
	case *types.CreateVM_Task:
		return a.checkCreate(&body.Config)
	case *types.ReconfigVM_Task:
		return a.checkReconfigure(method.This, &body.Spec)
	case *types.Destroy_Task:
		if state := a.host.powerOf(method.This); state != types.VirtualMachinePowerStatePoweredOff {
			return &types.InvalidPowerState{RequestedState: types.VirtualMachinePowerStatePoweredOff, ExistingState: state}
		}
	}
	return nil
}

// place returns our object for a method that the library's own object does not have; the call is
// addressed to it, since the library looks an address up anew.
func (a *admission) place(method *simulator.Method) mo.Reference {
	var ours mo.Reference
	switch method.Body.(type) {
	case *types.ShutdownHost_Task, *types.RebootHost_Task:
		ours = a.host.power
	case *types.EnterLockdownMode, *types.ExitLockdownMode:
		ours = a.host.access
	case *types.RenameDatastore, *types.RefreshDatastore:
		ours = a.host.datastores
	case *types.ShutdownGuest:
		if _, set := a.host.guests.temper(method.This); set {
			ours = a.host.guests
		}
	}
	if ours == nil {
		return nil
	}
	method.This = ours.Reference()
	return ours
}

// checkLogin refuses wrong passwords and locked accounts, then lockdown and accounts without a permission.
func (a *admission) checkLogin(login *types.Login) types.BaseMethodFault {
	if fault := a.host.accounts.enter(login.UserName, login.Password); fault != nil {
		return fault
	}
	if !a.host.access.admits(login.UserName) || !a.host.authorization.may(login.UserName) {
		return &types.NoPermission{Object: &a.host.model.ServiceContent.RootFolder, PrivilegeId: "System.View"}
	}
	return nil
}

func notAuthenticated(method *simulator.Method) types.BaseMethodFault {
	return &types.NotAuthenticated{NoPermission: types.NoPermission{Object: &method.This, PrivilegeId: "System.View"}}
}

// refuseStranger closes what the library leaves open: reading properties without a login.
func refuseStranger(method *simulator.Method) types.BaseMethodFault {
	if slices.Contains([]string{"Fetch", "RetrieveProperties", "RetrievePropertiesEx"}, method.Name) {
		return notAuthenticated(method)
	}
	return nil
}
