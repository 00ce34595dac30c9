package main

import (
	"slices"
	"strings"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// access is lockdown: in it only the exception users log in directly, and nobody else.
type access struct {
	mo.HostAccessManager
	host       *host
	exceptions []string
}

func newAccess(h *host) *access {
	a := &access{host: h}
	a.Self, a.LockdownMode = *h.system.ConfigManager.HostAccessManager, types.HostLockdownModeLockdownDisabled
	return a
}

func (a *access) admits(user string) bool {
	return a.LockdownMode == types.HostLockdownModeLockdownDisabled || slices.Contains(a.exceptions, user)
}

func (a *access) set(mode types.HostLockdownMode) {
	a.LockdownMode = mode
	a.host.system.Config.AdminDisabled = types.NewBool(mode != types.HostLockdownModeLockdownDisabled)
}

// ChangeLockdownMode sets the mode.
func (a *access) ChangeLockdownMode(c *types.ChangeLockdownMode) soap.HasFault {
	if !slices.Contains(types.HostLockdownMode("").Values(), c.Mode) {
		return &methods.ChangeLockdownModeBody{
			Fault_: simulator.Fault("", &types.InvalidArgument{InvalidProperty: "mode"})}
	}
	a.set(c.Mode)
	return &methods.ChangeLockdownModeBody{Res: &types.ChangeLockdownModeResponse{}}
}

// EnterLockdownMode is the host's older way to the normal mode.
func (a *access) EnterLockdownMode(*types.EnterLockdownMode) soap.HasFault {
	if a.LockdownMode != types.HostLockdownModeLockdownDisabled {
		return &methods.EnterLockdownModeBody{Fault_: simulator.Fault("", &types.InvalidState{})}
	}
	a.set(types.HostLockdownModeLockdownNormal)
	return &methods.EnterLockdownModeBody{Res: &types.EnterLockdownModeResponse{}}
}

// ExitLockdownMode ends either mode.
func (a *access) ExitLockdownMode(*types.ExitLockdownMode) soap.HasFault {
	if a.LockdownMode == types.HostLockdownModeLockdownDisabled {
		return &methods.ExitLockdownModeBody{Fault_: simulator.Fault("", &types.InvalidState{})}
	}
	a.set(types.HostLockdownModeLockdownDisabled)
	return &methods.ExitLockdownModeBody{Res: &types.ExitLockdownModeResponse{}}
}

// QueryLockdownExceptions answers who still logs in.
func (a *access) QueryLockdownExceptions(*types.QueryLockdownExceptions) soap.HasFault {
	return &methods.QueryLockdownExceptionsBody{
		Res: &types.QueryLockdownExceptionsResponse{Returnval: slices.Clone(a.exceptions)}}
}

// UpdateLockdownExceptions replaces the list, or with a leading + or - changes it.
func (a *access) UpdateLockdownExceptions(c *types.UpdateLockdownExceptions) soap.HasFault {
	list := slices.Clone(a.exceptions)
	replaced := false
	for _, word := range c.Users {
		name := strings.TrimLeft(word, "+-")
		if !a.host.accounts.exists(name) {
			return &methods.UpdateLockdownExceptionsBody{Fault_: simulator.Fault("", &types.UserNotFound{Principal: name})}
		}
		if name == word && !replaced {
			list, replaced = nil, true
		}
		list = slices.DeleteFunc(list, func(present string) bool { return present == name })
		if !strings.HasPrefix(word, "-") {
			list = append(list, name)
		}
	}
	if len(c.Users) == 0 {
		list = nil
	}
	a.exceptions = list
	return &methods.UpdateLockdownExceptionsBody{Res: &types.UpdateLockdownExceptionsResponse{}}
}
