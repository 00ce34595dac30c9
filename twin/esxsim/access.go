package main

import (
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

type access struct{ mo.HostAccessManager }

func newAccess(h *host) *access {
	a := &access{}
	a.Self, a.LockdownMode = *h.system.ConfigManager.HostAccessManager, types.HostLockdownModeLockdownDisabled
	return a
}

// ChangeLockdownMode sets the mode; it locks nobody out here.
func (a *access) ChangeLockdownMode(c *types.ChangeLockdownMode) soap.HasFault {
	a.LockdownMode = c.Mode
	return &methods.ChangeLockdownModeBody{Res: &types.ChangeLockdownModeResponse{}}
}
