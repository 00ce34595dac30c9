package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// stateStep is how often autostart looks at a VM it waits for.
const stateStep = 20 * time.Millisecond

// switchVM switches a VM as the host itself does, and waits for the end of it.
func (h *host) switchVM(vm types.ManagedObjectReference, on bool) {
	var task types.ManagedObjectReference
	if on {
		if reply, err := methods.PowerOnVM_Task(context.Background(), h.model.Service, &types.PowerOnVM_Task{This: vm}); err == nil {
			task = reply.Returnval
		}
	} else {
		if reply, err := methods.PowerOffVM_Task(context.Background(), h.model.Service, &types.PowerOffVM_Task{This: vm}); err == nil {
			task = reply.Returnval
		}
	}
	if started, ok := h.model.Service.Context.Map.Get(task).(*simulator.Task); ok {
		started.Wait()
	}
}

func (h *host) powerOf(ref types.ManagedObjectReference) types.VirtualMachinePowerState {
	registry := h.model.Service.Context.Map
	state := types.VirtualMachinePowerStatePoweredOff
	if vm, ok := registry.Get(ref).(*simulator.VirtualMachine); ok {
		registry.WithLock(&simulator.Context{Map: registry}, vm, func() { state = vm.Runtime.PowerState })
	}
	return state
}

func (h *host) nameOf(ref types.ManagedObjectReference) string {
	if vm, ok := h.model.Service.Context.Map.Get(ref).(*simulator.VirtualMachine); ok {
		return vm.Name
	}
	return ref.Value
}

func (a *autostart) enabled() bool {
	return a.Config.Defaults.Enabled != nil && *a.Config.Defaults.Enabled
}

// delay returns how long a row waits; -1 takes the default.
func (a *autostart) delay(seconds, standard int32) time.Duration {
	if seconds < 0 {
		seconds = standard
	}
	return time.Duration(seconds) * a.host.power.pause()
}

// until waits at most so long for a condition.
func until(limit time.Duration, holds func() bool) bool {
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(stateStep) {
		if holds() {
			return true
		}
	}
	return holds()
}

// start switches the list's VMs on in order, each after the delay of the one before it, or as soon as
// that one's tools run when its row waits for the heartbeat.
func (a *autostart) start() {
	if !a.enabled() {
		return
	}
	lives := a.host.power.lives()
	for _, row := range slices.Clone(a.Config.PowerInfo) { // ordered ones first, as they are kept
		if !lives() {
			return
		}
		if !strings.EqualFold(row.StartAction, "powerOn") || a.host.powerOf(row.Key) == types.VirtualMachinePowerStatePoweredOn {
			continue
		}
		a.host.power.note(a.host.nameOf(row.Key), "powerOn")
		a.host.switchVM(row.Key, true)
		limit := a.delay(row.StartDelay, a.Config.Defaults.StartDelay)
		until(limit, func() bool { return !lives() || a.waits(row) && a.host.toolsRun(row.Key) })
	}
}

func (a *autostart) waits(row types.AutoStartPowerInfo) bool {
	if row.WaitForHeartbeat == types.AutoStartWaitHeartbeatSettingSystemDefault {
		return a.Config.Defaults.WaitForHeartbeat != nil && *a.Config.Defaults.WaitForHeartbeat
	}
	return row.WaitForHeartbeat == types.AutoStartWaitHeartbeatSettingYes
}

// stop ends the list's VMs in the reverse of the start order, each by its stop action; what does not
// end within its delay is switched off. VMs outside the list are left to what comes after.
func (a *autostart) stop() {
	if !a.enabled() {
		return
	}
	rows := slices.Clone(a.Config.PowerInfo)
	slices.Reverse(rows)
	for _, row := range rows {
		action := row.StopAction
		if strings.EqualFold(action, "systemDefault") {
			action = a.Config.Defaults.StopAction
		}
		if strings.EqualFold(action, "none") || a.host.powerOf(row.Key) != types.VirtualMachinePowerStatePoweredOn {
			continue
		}
		a.end(row, action)
	}
}

func (a *autostart) end(row types.AutoStartPowerInfo, action string) {
	name := a.host.nameOf(row.Key)
	if strings.EqualFold(action, "guestShutdown") {
		a.host.power.note(name, "guestShutdown")
		_, err := methods.ShutdownGuest(context.Background(), a.host.model.Service, &types.ShutdownGuest{This: row.Key})
		off := func() bool { return a.host.powerOf(row.Key) != types.VirtualMachinePowerStatePoweredOn }
		if err == nil && until(a.delay(row.StopDelay, a.Config.Defaults.StopDelay), off) {
			return
		}
	}
	a.host.power.note(name, "powerOff")
	a.host.switchVM(row.Key, false)
}

// AutoStartPowerOn runs the start sequence; it goes on after the answer.
func (a *autostart) AutoStartPowerOn(*types.AutoStartPowerOn) soap.HasFault {
	go a.start()
	return &methods.AutoStartPowerOnBody{Res: &types.AutoStartPowerOnResponse{}}
}

// AutoStartPowerOff runs the stop sequence; it goes on after the answer.
func (a *autostart) AutoStartPowerOff(*types.AutoStartPowerOff) soap.HasFault {
	go a.stop()
	return &methods.AutoStartPowerOffBody{Res: &types.AutoStartPowerOffResponse{}}
}
