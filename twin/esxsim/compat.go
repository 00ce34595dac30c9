package main

import (
	"strings"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// compat sees every object put into the registry and mends what pyvmomi cannot read.
type compat struct {
	Self  types.ManagedObjectReference
	host  *host
	macs  macs
	power powers
}

func (c *compat) Reference() types.ManagedObjectReference { return c.Self }

// PutObject mends a new object.
func (c *compat) PutObject(ctx *simulator.Context, o mo.Reference) {
	switch x := o.(type) {
	case *simulator.VirtualMachine:
		mendEnums(x)
	case *simulator.Task:
		c.wrapTask(x)
	}
}

// UpdateObject keeps what the library overwrites with a container's report: the virtual NICs' own MACs
// (a stopped container has none) and the state a power task has just set.
func (c *compat) UpdateObject(_ *simulator.Context, o mo.Reference, _ []types.PropertyChange) {
	if vm, ok := o.(*mo.VirtualMachine); ok && vm.Config != nil {
		c.macs.keep(vm)
		c.power.keep(vm)
		beat(vm)
	}
}

// beat derives the heartbeat from the tools: green where they run in a VM that is on.
func beat(vm *mo.VirtualMachine) {
	status := types.ManagedEntityStatusGray
	if vm.Guest != nil && vm.Guest.ToolsRunningStatus == string(types.VirtualMachineToolsRunningStatusGuestToolsRunning) &&
		vm.Runtime.PowerState == types.VirtualMachinePowerStatePoweredOn {
		status = types.ManagedEntityStatusGreen
	}
	vm.GuestHeartbeatStatus, vm.Summary.QuickStats.GuestHeartbeatStatus = status, status
}

// RemoveObject takes a destroyed VM out of the autostart sequence, as a host does.
func (c *compat) RemoveObject(_ *simulator.Context, ref types.ManagedObjectReference) {
	if ref.Type == "VirtualMachine" {
		c.host.autostart().forget(ref)
		c.macs.forget(ref)
		c.power.forget(ref)
	}
}

// mendEnums fills two enums the library leaves empty (since v0.53); pyvmomi cannot parse an empty one.
func mendEnums(vm *simulator.VirtualMachine) {
	vm.Runtime.FaultToleranceState = types.VirtualMachineFaultToleranceStateNotConfigured
	vm.Runtime.RecordReplayState = types.VirtualMachineRecordReplayStateInactive
	vm.Summary.Runtime.FaultToleranceState = vm.Runtime.FaultToleranceState
	vm.Summary.Runtime.RecordReplayState = vm.Runtime.RecordReplayState
}

// taskNames maps the library's task names to the real method names; pyvmomi refuses unknown ones.
var taskNames = map[string]string{
	"CreateVm": "CreateVM_Task", "RegisterVm": "RegisterVM_Task", "Clone": "CloneVM_Task",
	"PowerOn": "PowerOnVM_Task", "PowerOff": "PowerOffVM_Task", "Reset": "ResetVM_Task", "Suspend": "SuspendVM_Task",
	"ReconfigVm": "ReconfigVM_Task", "ReconfigVM": "ReconfigVM_Task",
}

func (c *compat) wrapTask(task *simulator.Task) {
	run, id := task.Execute, task.Info.DescriptionId
	task.Execute = func(t *simulator.Task) (types.AnyType, types.BaseMethodFault) {
		if fault := c.host.tasks.next(id); fault != nil {
			return nil, fault
		}
		if id == "VirtualMachine.powerOn" {
			defer c.host.lendMACs(*task.Info.Entity)()
		}
		if vm, ok := c.host.model.Service.Context.Map.Get(*task.Info.Entity).(*simulator.VirtualMachine); ok && id == "VirtualMachine.powerOff" {
			pullPlug(vm)
		}
		ended := func(bool) {}
		if state, ok := powerTasks[id]; ok {
			ended = c.power.begin(*task.Info.Entity, state)
		}
		result, fault := guarded(run, t)
		ended(fault != nil)
		return result, spoken(fault)
	}
	if !strings.HasSuffix(task.Info.Name, "_Task") {
		task.Info.Name = taskNames[task.Info.Name]
	}
}

// guarded runs a task; where the library would panic (a name it did not check) the task fails instead.
func guarded(run func(*simulator.Task) (types.AnyType, types.BaseMethodFault), t *simulator.Task) (
	result types.AnyType, fault types.BaseMethodFault) {
	defer func() {
		if p := recover(); p != nil {
			result, fault = nil, &types.InvalidDeviceSpec{}
		}
	}()
	return run(t)
}

// spoken replaces faults that do not exist on the wire, and says a container failure as a host
// says that a VM cannot start: GenericVmConfigFault with the reason in it.
func spoken(fault types.BaseMethodFault) types.BaseMethodFault {
	switch f := fault.(type) {
	case nil:
		return nil
	case *types.SystemErrorFault:
		return &types.SystemError{Reason: f.Reason}
	default:
		if cause := f.GetMethodFault().FaultCause; cause != nil {
			if inner, ok := cause.Fault.(*types.SystemErrorFault); ok {
				return &types.GenericVmConfigFault{Reason: inner.Reason}
			}
		}
		return fault
	}
}
