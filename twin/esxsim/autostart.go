package main

import (
	"cmp"
	"slices"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// anyTime is the start order of a VM that starts after the ordered ones.
const anyTime = -1

type autostart struct {
	mo.HostAutoStartManager
	host *host
}

func newAutostart(h *host) *autostart {
	a := &autostart{host: h}
	a.Self = *h.system.ConfigManager.AutoStartManager
	a.Config.Defaults = &types.AutoStartDefaults{
		Enabled: types.NewBool(false), StartDelay: 120, StopDelay: 120,
		WaitForHeartbeat: types.NewBool(false), StopAction: "PowerOff"}
	return a
}

func (h *host) autostart() *autostart {
	return h.model.Service.Context.Map.Get(*h.system.ConfigManager.AutoStartManager).(*autostart)
}

// ReconfigureAutostart takes the whole call or nothing.
func (a *autostart) ReconfigureAutostart(c *types.ReconfigureAutostart) soap.HasFault {
	r := &methods.ReconfigureAutostartBody{}
	rows, fault := a.merged(c.Spec.PowerInfo)
	if fault != nil {
		r.Fault_ = simulator.Fault("", fault)
		return r
	}
	a.Config.PowerInfo = rows
	if c.Spec.Defaults != nil {
		a.Config.Defaults = c.Spec.Defaults
	}
	r.Res = &types.ReconfigureAutostartResponse{}
	return r
}

// merged returns the list after the call: the new rows where they ask to be, the old ones pushed behind.
func (a *autostart) merged(news []types.AutoStartPowerInfo) ([]types.AutoStartPowerInfo, types.BaseMethodFault) {
	named := func(p types.AutoStartPowerInfo) bool {
		return slices.ContainsFunc(news, func(n types.AutoStartPowerInfo) bool { return n.Key == p.Key })
	}
	kept := slices.DeleteFunc(slices.Clone(a.Config.PowerInfo), named)
	rows := slices.Clone(kept)
	for _, row := range news {
		if fault := a.check(row); fault != nil {
			return nil, fault
		}
		if row.StartAction != "none" || row.StopAction != "none" { // both none: the VM leaves the list
			rows = append(rows, row)
		}
	}
	ordered := slices.DeleteFunc(slices.Clone(rows), func(p types.AutoStartPowerInfo) bool { return p.StartOrder == anyTime })
	for _, row := range news {
		if int(row.StartOrder) > len(ordered) {
			return nil, &types.InvalidArgument{InvalidProperty: "startOrder"}
		}
	}
	slices.SortStableFunc(ordered, func(x, y types.AutoStartPowerInfo) int {
		if c := cmp.Compare(x.StartOrder, y.StartOrder); c != 0 {
			return c
		}
		return cmp.Compare(rank(named(y)), rank(named(x))) // the new one goes before the old one it pushes
	})
	for i := range ordered {
		ordered[i].StartOrder = int32(i + 1)
	}
	free := slices.DeleteFunc(rows, func(p types.AutoStartPowerInfo) bool { return p.StartOrder != anyTime })
	return append(ordered, free...), nil
}

func rank(named bool) int {
	if named {
		return 1
	}
	return 0
}

func (a *autostart) check(row types.AutoStartPowerInfo) types.BaseMethodFault {
	if a.host.model.Service.Context.Map.Get(row.Key) == nil {
		return &types.ManagedObjectNotFound{Obj: row.Key}
	}
	if row.StartOrder == 0 || row.StartOrder < anyTime {
		return &types.InvalidArgument{InvalidProperty: "startOrder"}
	}
	if row.StartAction == "none" && row.StartOrder != anyTime {
		return &types.InvalidArgument{InvalidProperty: "startOrder"}
	}
	if !slices.Contains([]string{"none", "powerOn"}, row.StartAction) {
		return &types.InvalidArgument{InvalidProperty: "startAction"}
	}
	if !slices.Contains([]string{"none", "systemDefault", "powerOff", "suspend", "guestShutdown"}, row.StopAction) {
		return &types.InvalidArgument{InvalidProperty: "stopAction"}
	}
	return nil
}

// forget drops a destroyed VM and closes the gap.
func (a *autostart) forget(vm types.ManagedObjectReference) {
	a.Config.PowerInfo = slices.DeleteFunc(a.Config.PowerInfo,
		func(p types.AutoStartPowerInfo) bool { return p.Key == vm })
	order := int32(0)
	for i := range a.Config.PowerInfo {
		if a.Config.PowerInfo[i].StartOrder != anyTime {
			order++
			a.Config.PowerInfo[i].StartOrder = order
		}
	}
}
