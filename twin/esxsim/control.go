package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

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

// addControl opens /_ctl/: fault (POST, DELETE), drop?n=, mute, status?code=, expire[?before=], clock?advance_s=,
// calls (GET, DELETE), power, licence, sensor, datastore, guest.
func (d *door) addControl() {
	d.control = http.NewServeMux()
	d.control.HandleFunc("POST /_ctl/fault", d.addFault)
	d.control.HandleFunc("DELETE /_ctl/fault", func(http.ResponseWriter, *http.Request) {
		d.host.model.Service.ClearFaultRules()
		d.host.tasks.clear()
		d.drops.Store(0)
		d.mutes.clear()
		simulator.StatusSDK = http.StatusOK
	})
	d.control.HandleFunc("POST /_ctl/drop", func(w http.ResponseWriter, r *http.Request) {
		withNumber(w, r, "n", func(n int) { d.drops.Store(int64(n)) })
	})
	d.control.HandleFunc("POST /_ctl/status", func(w http.ResponseWriter, r *http.Request) {
		withNumber(w, r, "code", func(n int) { simulator.StatusSDK = n })
	})
	d.control.HandleFunc("POST /_ctl/expire", func(w http.ResponseWriter, r *http.Request) {
		if method := r.URL.Query().Get("before"); method != "" {
			d.host.admission.expireBefore.Store(&method)
			return
		}
		_, _ = fmt.Fprintln(w, d.host.admission.expire())
	})
	d.control.HandleFunc("POST /_ctl/clock", func(w http.ResponseWriter, r *http.Request) {
		withNumber(w, r, "advance_s", func(n int) { d.host.clock.advance(time.Duration(n) * time.Second) })
	})
	d.control.Handle("POST /_ctl/mute", &d.mutes)
	d.control.Handle("GET /_ctl/calls", &d.host.calls)
	d.control.HandleFunc("DELETE /_ctl/calls", func(http.ResponseWriter, *http.Request) { d.host.calls.reset() })
	d.control.Handle("POST /_ctl/licence", d.host.licences)
	d.control.Handle("POST /_ctl/sensor", d.host.health)
	d.control.Handle("POST /_ctl/datastore", d.host.datastores)
	d.control.Handle("POST /_ctl/guest", d.host.guests)
	d.host.power.addControl(d.control)
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
	build, ok := buildFault(in.Fault)
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
