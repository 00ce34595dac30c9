package main

import (
	"encoding/json"
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// guestTemper is how a guest behaves when it is asked to shut down: a test sets it by POST /_ctl/guest.
type guestTemper struct {
	VM          string
	Tools       string // "off": there are none to ask
	Hang        bool   // it takes the word and never ends
	ShutdownFor int    // milliseconds until it ends
}

// guests answers ShutdownGuest for the guests whose behaviour was set.
type guests struct {
	Self    types.ManagedObjectReference
	host    *host
	mu      sync.Mutex
	tempers map[string]guestTemper
}

func newGuests(h *host) *guests {
	self := types.ManagedObjectReference{Type: "Guests", Value: "guests"} // advertised nowhere
	return &guests{Self: self, host: h, tempers: map[string]guestTemper{}}
}

// Reference is part of mo.Reference.
func (g *guests) Reference() types.ManagedObjectReference { return g.Self }

func (g *guests) temper(vm types.ManagedObjectReference) (guestTemper, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	t, ok := g.tempers[g.host.nameOf(vm)]
	return t, ok
}

// ShutdownGuest takes the word at once; what follows is the guest's affair.
func (g *guests) ShutdownGuest(c *types.ShutdownGuest) soap.HasFault {
	t, _ := g.temper(c.This)
	switch {
	case g.host.powerOf(c.This) != types.VirtualMachinePowerStatePoweredOn:
		return &methods.ShutdownGuestBody{Fault_: simulator.Fault("", &types.InvalidPowerState{
			RequestedState: types.VirtualMachinePowerStatePoweredOn, ExistingState: g.host.powerOf(c.This)})}
	case t.Tools == "off":
		return &methods.ShutdownGuestBody{Fault_: simulator.Fault("", &types.ToolsUnavailable{})}
	case !t.Hang:
		go func() {
			time.Sleep(time.Duration(t.ShutdownFor) * time.Millisecond)
			g.host.switchVM(c.This, false)
		}()
	}
	return &methods.ShutdownGuestBody{Res: &types.ShutdownGuestResponse{}}
}

// ServeHTTP takes POST /_ctl/guest {"VM": "vm1", "Hang": true}, {"VM": "vm1", "ShutdownFor": 500},
// {"VM": "vm1", "Tools": "off"}; {"VM": "vm1"} makes it an ordinary one again.
func (g *guests) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var in guestTemper
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.VM == "" {
		http.Error(w, "VM", http.StatusBadRequest)
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if in == (guestTemper{VM: in.VM}) {
		delete(g.tempers, in.VM)
	} else {
		g.tempers[in.VM] = in
	}
}

// toolsRun returns whether a VM's tools say they run.
func (h *host) toolsRun(ref types.ManagedObjectReference) bool {
	registry := h.model.Service.Context.Map
	running := false
	if vm, ok := registry.Get(ref).(*simulator.VirtualMachine); ok {
		registry.WithLock(&simulator.Context{Map: registry}, vm, func() {
			running = vm.Guest != nil && vm.Guest.ToolsRunningStatus == string(types.VirtualMachineToolsRunningStatusGuestToolsRunning)
		})
	}
	return running
}

// pullPlug ends a VM's container as a power-off does, without a word to its guest; the library would
// ask it to stop.
func pullPlug(vm *simulator.VirtualMachine) {
	name := containerName(vm)
	if name == "" || vm.Runtime.PowerState != types.VirtualMachinePowerStatePoweredOn {
		return
	}
	_ = exec.Command("docker", "kill", name).Run() // one that has just ended by itself is off as well
}

// containerName returns the name of a VM's container; empty for a VM without one.
func containerName(vm *simulator.VirtualMachine) string {
	for _, option := range vm.Config.ExtraConfig {
		value := option.GetOptionValue()
		text, ok := value.Value.(string)
		if value.Key != simulator.ContainerBackingOptionKey || !ok {
			continue
		}
		var arguments []string
		if json.Unmarshal([]byte(text), &arguments) != nil {
			return ""
		}
		for _, argument := range arguments {
			if name, found := strings.CutPrefix(argument, "--name="); found {
				return name
			}
		}
		if i := slices.Index(arguments, "--name"); i >= 0 && i+1 < len(arguments) {
			return arguments[i+1]
		}
		return "vcsim-" + vm.Name + "-" + vm.Config.Uuid // the library's own choice
	}
	return ""
}
