package main

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// datastores renames and removes datastores, and keeps the free space a test has set.
type datastores struct {
	*simulator.HostDatastoreSystem
	host *host
	mu   sync.Mutex
	free map[types.ManagedObjectReference]int64 // bytes
}

func newDatastores(h *host, library *simulator.HostDatastoreSystem) *datastores {
	return &datastores{HostDatastoreSystem: library, host: h, free: map[types.ManagedObjectReference]int64{}}
}

func (d *datastores) find(ref types.ManagedObjectReference) *simulator.Datastore {
	ds, _ := d.host.model.Service.Context.Map.Get(ref).(*simulator.Datastore)
	return ds
}

func (d *datastores) named(name string) *simulator.Datastore {
	for _, ref := range d.Datastore {
		if ds := d.find(ref); ds != nil && ds.Name == name {
			return ds
		}
	}
	return nil
}

func (d *datastores) inUse(ds *simulator.Datastore) bool {
	for _, entity := range d.host.model.Service.Context.Map.All("VirtualMachine") {
		vm := entity.(*simulator.VirtualMachine)
		if strings.HasPrefix(vm.Config.Files.VmPathName, "["+ds.Name+"]") {
			return true
		}
	}
	return false
}

// RenameDatastore gives a datastore a free name. One with VMs is refused: a host rewrites their paths,
// which this one does not.
func (d *datastores) RenameDatastore(c *types.RenameDatastore) soap.HasFault {
	refuse := func(fault types.BaseMethodFault) soap.HasFault {
		return &methods.RenameDatastoreBody{Fault_: simulator.Fault("", fault)}
	}
	ds := d.find(c.This)
	switch other := d.named(c.NewName); {
	case ds == nil:
		return refuse(&types.ManagedObjectNotFound{Obj: c.This})
	case c.NewName == "" || len(c.NewName) > 42 || strings.ContainsAny(c.NewName, "/\\[]"):
		return refuse(&types.InvalidName{Name: c.NewName, Entity: &ds.Self})
	case other != nil && other.Self != ds.Self:
		return refuse(&types.DuplicateName{Name: c.NewName, Object: other.Self})
	case d.inUse(ds):
		return refuse(&types.ResourceInUse{Type: "Datastore", Name: ds.Name})
	}
	ds.Name, ds.Summary.Name, ds.Info.GetDatastoreInfo().Name = c.NewName, c.NewName, c.NewName
	return &methods.RenameDatastoreBody{Res: &types.RenameDatastoreResponse{}}
}

// RemoveDatastore removes a datastore without VMs.
func (d *datastores) RemoveDatastore(ctx *simulator.Context, c *types.RemoveDatastore) soap.HasFault {
	refuse := func(fault types.BaseMethodFault) soap.HasFault {
		return &methods.RemoveDatastoreBody{Fault_: simulator.Fault("", fault)}
	}
	ds := d.find(c.Datastore)
	switch {
	case ds == nil:
		return refuse(&types.NotFound{})
	case d.inUse(ds):
		return refuse(&types.ResourceInUse{Type: "Datastore", Name: ds.Name})
	}
	reply := ds.DestroyTask(ctx, &types.Destroy_Task{This: ds.Self}).(*methods.Destroy_TaskBody)
	if task, ok := ctx.Map.Get(reply.Res.Returnval).(*simulator.Task); ok {
		task.Wait()
	}
	d.Datastore = slices.DeleteFunc(d.Datastore, func(ref types.ManagedObjectReference) bool { return ref == ds.Self })
	return &methods.RemoveDatastoreBody{Res: &types.RemoveDatastoreResponse{}}
}

// RefreshDatastore reads the space anew; what a test has set stays.
func (d *datastores) RefreshDatastore(ctx *simulator.Context, c *types.RefreshDatastore) soap.HasFault {
	ds := d.find(c.This)
	if ds == nil {
		return &methods.RefreshDatastoreBody{Fault_: simulator.Fault("", &types.ManagedObjectNotFound{Obj: c.This})}
	}
	reply := ds.RefreshDatastore(ctx, c)
	d.mu.Lock()
	defer d.mu.Unlock()
	if free, set := d.free[ds.Self]; set {
		ds.Summary.FreeSpace, ds.Info.GetDatastoreInfo().FreeSpace = free, free
	}
	return reply
}

// ServeHTTP takes POST /_ctl/datastore {"Name": "datastore1", "FreePercent": 4, "Accessible": true}.
func (d *datastores) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Name        string
		FreePercent *int64
		Accessible  *bool
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	ds := d.named(in.Name)
	if ds == nil {
		http.Error(w, "no such datastore", http.StatusNotFound)
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if in.FreePercent != nil {
		d.free[ds.Self] = ds.Summary.Capacity / 100 * *in.FreePercent
		ds.Summary.FreeSpace, ds.Info.GetDatastoreInfo().FreeSpace = d.free[ds.Self], d.free[ds.Self]
	}
	if in.Accessible != nil {
		ds.Summary.Accessible = *in.Accessible
	}
}

var _ mo.Reference = (*datastores)(nil)
