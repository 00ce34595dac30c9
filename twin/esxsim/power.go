package main

import (
	"sync"
	"time"

	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// settled is how long a container's own report cannot contradict a power task: the library inspects
// containers beside the tasks, and what it read before a task it may write after it.
const settled = 3 * time.Second

// powers remembers what the last power task of each VM asked for.
type powers struct {
	mu   sync.Mutex
	last map[types.ManagedObjectReference]powerTask
}

type powerTask struct {
	state types.VirtualMachinePowerState
	at    time.Time
}

var powerTasks = map[string]types.VirtualMachinePowerState{
	"VirtualMachine.powerOn":       types.VirtualMachinePowerStatePoweredOn,
	"VirtualMachine.powerOff":      types.VirtualMachinePowerStatePoweredOff,
	"VirtualMachine.shutdownGuest": types.VirtualMachinePowerStatePoweredOff,
}

// begin notes a power task; the returned function notes its end, a failed one is forgotten.
func (p *powers) begin(vm types.ManagedObjectReference, state types.VirtualMachinePowerState) func(failed bool) {
	p.note(vm, state)
	return func(failed bool) {
		if failed {
			p.forget(vm)
		} else {
			p.note(vm, state)
		}
	}
}

func (p *powers) note(vm types.ManagedObjectReference, state types.VirtualMachinePowerState) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.last == nil {
		p.last = map[types.ManagedObjectReference]powerTask{}
	}
	p.last[vm] = powerTask{state, time.Now()}
}

func (p *powers) forget(vm types.ManagedObjectReference) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.last, vm)
}

// keep puts back the state a power task has just set.
func (p *powers) keep(vm *mo.VirtualMachine) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if task, ok := p.last[vm.Self]; ok && time.Since(task.at) < settled {
		vm.Runtime.PowerState = task.state
		vm.Summary.Runtime.PowerState = task.state
	}
}
