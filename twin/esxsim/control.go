package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// faults are the ones a test may ask for, by name.
var faults = map[string]func(message string) types.BaseMethodFault{
	"RestrictedVersion": func(string) types.BaseMethodFault { return &types.RestrictedVersion{} },
	"SystemError":       func(m string) types.BaseMethodFault { return &types.SystemError{Reason: m} },
	"HostConfigFault":   func(string) types.BaseMethodFault { return &types.HostConfigFault{} },
	"InsufficientMemoryResourcesFault": func(string) types.BaseMethodFault {
		return &types.InsufficientMemoryResourcesFault{Unreserved: 1, Requested: 2}
	},
	"NoDiskSpace":   func(string) types.BaseMethodFault { return &types.NoDiskSpace{Datastore: "datastore1"} },
	"ResourceInUse": func(string) types.BaseMethodFault { return &types.ResourceInUse{} },
	"TaskInProgress": func(string) types.BaseMethodFault {
		return &types.TaskInProgress{Task: types.ManagedObjectReference{Type: "Task", Value: "haTask-other"}}
	},
	"NotAuthenticated": func(string) types.BaseMethodFault {
		return &types.NotAuthenticated{NoPermission: types.NoPermission{PrivilegeId: "System.View"}}
	},
	"NoPermission": func(string) types.BaseMethodFault {
		return &types.NoPermission{PrivilegeId: "Host.Config.Network"}
	},
}

// order is what POST /_ctl/fault takes. Task: Method is the task's id, e.g. VirtualMachine.powerOn.
type order struct {
	Method, Fault, Message string
	Task                   bool
	Max, Skip              int
}

// taskFaults makes the next tasks of an id end in error.
type taskFaults struct {
	mu    sync.Mutex
	queue []taskFault
}

type taskFault struct {
	id    string
	fault types.BaseMethodFault
	skip  int
	left  int
}

func (t *taskFaults) add(f taskFault) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.queue = append(t.queue, f)
}

func (t *taskFaults) clear() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.queue = nil
}

func (t *taskFaults) next(id string) types.BaseMethodFault {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range t.queue {
		f := &t.queue[i]
		if f.id != id || f.left == 0 {
			continue
		}
		if f.skip > 0 {
			f.skip--
			continue
		}
		f.left--
		return f.fault
	}
	return nil
}

// addControl opens /_ctl/: fault (POST, DELETE), drop?n=, status?code=, expire, calls.
func (d *door) addControl() {
	d.control = http.NewServeMux()
	d.control.HandleFunc("POST /_ctl/fault", d.addFault)
	d.control.HandleFunc("DELETE /_ctl/fault", func(http.ResponseWriter, *http.Request) {
		d.host.model.Service.ClearFaultRules()
		d.host.tasks.clear()
		d.drops.Store(0)
		simulator.StatusSDK = http.StatusOK
	})
	d.control.HandleFunc("POST /_ctl/drop", func(w http.ResponseWriter, r *http.Request) {
		withNumber(w, r, "n", func(n int) { d.drops.Store(int64(n)) })
	})
	d.control.HandleFunc("POST /_ctl/status", func(w http.ResponseWriter, r *http.Request) {
		withNumber(w, r, "code", func(n int) { simulator.StatusSDK = n })
	})
	d.control.HandleFunc("POST /_ctl/expire", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintln(w, d.host.admission.expire())
	})
}

func withNumber(w http.ResponseWriter, r *http.Request, name string, use func(int)) {
	n, err := strconv.Atoi(r.URL.Query().Get(name))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	use(n)
}

func (d *door) addFault(w http.ResponseWriter, r *http.Request) {
	var in order
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	build, ok := faults[in.Fault]
	if !ok || in.Method == "" {
		http.Error(w, "unknown fault or no method", http.StatusBadRequest)
		return
	}
	count := max(in.Max, 1)
	if in.Task {
		d.host.tasks.add(taskFault{in.Method, build(in.Message), in.Skip, count})
		return
	}
	d.host.model.Service.AddFaultRule(&simulator.FaultInjectionRule{
		MethodName: in.Method, ObjectType: "*", ObjectName: "*", Probability: 1, Message: in.Message,
		FaultType: simulator.FaultTypeCustom, Fault: build(in.Message), MaxCount: count, SkipCount: in.Skip, Enabled: true})
}
