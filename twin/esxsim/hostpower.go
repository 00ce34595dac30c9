package main

import (
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// hostPower switches the host itself. The process lives on while the host is off: its door answers
// nobody but /_ctl/, where a test or the twin presses the power button.
type hostPower struct {
	Self types.ManagedObjectReference
	host *host

	mu      sync.Mutex
	on      bool
	run     int           // counts boots: what one began, a later one does not go on with
	second  time.Duration // how long a second of autostart's delays lasts
	journal []powerEvent
}

// powerEvent is one thing that happened to a VM or, with no VM, to the host.
type powerEvent struct {
	Time  time.Time `json:"time"`
	VM    string    `json:"vm,omitempty"`
	Event string    `json:"event"`
}

func newHostPower(h *host) *hostPower {
	self := types.ManagedObjectReference{Type: "HostPower", Value: "ha-host-power"} // advertised nowhere
	return &hostPower{Self: self, host: h, on: true, run: 1, second: time.Second}
}

// Reference is part of mo.Reference.
func (p *hostPower) Reference() types.ManagedObjectReference { return p.Self }

func (p *hostPower) isOn() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.on
}

func (p *hostPower) note(vm, event string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.journal = append(p.journal, powerEvent{time.Now(), vm, event})
}

// ShutdownHostTask ends the host as a real one does: it stops the VMs of the autostart list by their
// stop action and switches every other VM off.
func (p *hostPower) ShutdownHostTask(ctx *simulator.Context, c *types.ShutdownHost_Task) soap.HasFault {
	r := &methods.ShutdownHost_TaskBody{}
	if fault := p.refuse(c.Force); fault != nil {
		r.Fault_ = simulator.Fault("", fault)
		return r
	}
	r.Res = &types.ShutdownHost_TaskResponse{Returnval: p.begin(ctx, "shutdownHost", false)}
	return r
}

// RebootHostTask ends the host in the same way and starts it again.
func (p *hostPower) RebootHostTask(ctx *simulator.Context, c *types.RebootHost_Task) soap.HasFault {
	r := &methods.RebootHost_TaskBody{}
	if fault := p.refuse(c.Force); fault != nil {
		r.Fault_ = simulator.Fault("", fault)
		return r
	}
	r.Res = &types.RebootHost_TaskResponse{Returnval: p.begin(ctx, "rebootHost", true)}
	return r
}

func (p *hostPower) refuse(force bool) types.BaseMethodFault {
	if !force && !p.host.system.Runtime.InMaintenanceMode {
		return &types.InvalidState{}
	}
	return nil
}

// begin registers a task that is running as long as the host lives, and lets the host die beside it.
func (p *hostPower) begin(ctx *simulator.Context, id string, again bool) types.ManagedObjectReference {
	now := time.Now()
	task := &simulator.Task{}
	task.Info = types.TaskInfo{
		Name: map[bool]string{false: "ShutdownHost_Task", true: "RebootHost_Task"}[again], DescriptionId: "HostSystem." + id,
		Entity: &p.host.system.Self, EntityName: p.host.system.Name, State: types.TaskInfoStateRunning,
		QueueTime: now, StartTime: &now, Reason: &types.TaskReasonUser{UserName: ctx.Session.UserName}}
	registered := ctx.Map.Put(task).(*simulator.Task)
	registered.Info.Key, registered.Info.Task = registered.Self.Value, registered.Self
	go func() {
		p.note("", id)
		p.host.autostart().stop()
		p.cut()
		ctx.Map.Remove(&simulator.Context{Map: ctx.Map}, registered.Self)
		if again {
			time.Sleep(p.pause())
			p.boot()
		}
	}()
	return registered.Self
}

func (p *hostPower) pause() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.second
}

// cut takes the current away: every VM that still runs is off at once, sessions end.
func (p *hostPower) cut() {
	p.mu.Lock()
	p.on = false
	p.mu.Unlock()
	var wait sync.WaitGroup
	for _, vm := range p.running() {
		wait.Add(1)
		go func() {
			defer wait.Done()
			p.note(vm.Name, "powerOff")
			p.host.switchVM(vm.Self, false)
		}()
	}
	wait.Wait()
	p.host.admission.expire()
	p.note("", "off")
}

func (p *hostPower) running() []*simulator.VirtualMachine {
	var vms []*simulator.VirtualMachine
	for _, entity := range p.host.model.Service.Context.Map.All("VirtualMachine") {
		vm := entity.(*simulator.VirtualMachine)
		if p.host.powerOf(vm.Self) == types.VirtualMachinePowerStatePoweredOn {
			vms = append(vms, vm)
		}
	}
	return vms
}

// boot starts the host: what waits for a reboot is done, then autostart begins.
func (p *hostPower) boot() {
	now := p.host.clock.now()
	p.host.system.Runtime.BootTime = &now
	p.host.options.boot()
	p.host.certificates.restart()
	for i := range p.host.system.Config.Service.Service {
		service := &p.host.system.Config.Service.Service[i]
		if service.Policy != string(types.HostServicePolicyAutomatic) {
			service.Running = service.Policy == string(types.HostServicePolicyOn)
		}
	}
	p.mu.Lock()
	p.on = true
	p.run++
	p.mu.Unlock()
	p.note("", "on")
	if !p.host.system.Runtime.InMaintenanceMode {
		go p.host.autostart().start()
	}
}

// lives returns a function that says whether the host is still in the run it is in now.
func (p *hostPower) lives() func() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	run := p.run
	return func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		return p.on && p.run == run
	}
}

// addControl opens /_ctl/power: GET tells, POST on and off press the button, POST second sets the pace.
func (p *hostPower) addControl(mux *http.ServeMux) {
	mux.HandleFunc("GET /_ctl/power", func(w http.ResponseWriter, _ *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"on": p.on, "journal": slices.Clone(p.journal)})
	})
	press := func(on bool, act func()) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			if p.isOn() == on {
				http.Error(w, "the host is so already", http.StatusConflict)
				return
			}
			act()
		}
	}
	mux.HandleFunc("POST /_ctl/power/on", press(true, p.boot))
	mux.HandleFunc("POST /_ctl/power/off", press(false, p.cut))
	mux.HandleFunc("POST /_ctl/second", func(w http.ResponseWriter, r *http.Request) {
		withNumber(w, r, "ms", func(n int) {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.second = time.Duration(max(n, 1)) * time.Millisecond
		})
	})
}

var _ mo.Reference = (*hostPower)(nil)
