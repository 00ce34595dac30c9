package main

import (
	"context"
	"fmt"
	"os"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// identity is what differs from one simulated host to the next.
type identity struct {
	address   string // of vmk0
	datastore string
	memoryMB  int64
}

// host is one simulated ESXi: the model, its one HostSystem and the managers we added.
type host struct {
	model     *simulator.Model
	system    *mo.HostSystem
	admission *admission
	tasks     *taskFaults
	datastore string // directory
}

const (
	version = "8.0.3"
	build   = "24677879"
)

// newHost returns an ESXi 8.0.3 as it is after its installation: no VM, vSwitch0 on vmnic0 with
// "VM Network" and "Management Network", vmnic0 to vmnic3, one datastore.
func newHost(id identity) (*host, error) {
	m := simulator.ESX()
	m.Machine, m.Datastore = 0, 0
	about := &m.ServiceContent.About
	about.Version, about.ApiVersion, about.Build = version, version+".0", build
	about.FullName = fmt.Sprintf("VMware ESXi %s build-%s", version, build)
	about.LicenseProductVersion = "8.0"
	if err := m.Create(); err != nil {
		return nil, err
	}
	h := &host{model: m, tasks: &taskFaults{}}
	h.system = &m.Service.Context.Map.Any("HostSystem").(*simulator.HostSystem).HostSystem
	h.describe(id)
	if err := h.createDatastore(id.datastore); err != nil {
		return nil, err
	}
	h.installManagers()
	return h, nil
}

func (h *host) describe(id identity) {
	product := h.model.ServiceContent.About
	h.system.Config.Product = product
	h.system.Summary.Config.Product = &product
	bytes := id.memoryMB << 20
	h.system.Hardware.MemorySize = bytes
	h.system.Summary.Hardware.MemorySize = bytes
	network := h.system.Config.Network
	network.Pnic = freshNics(network.Pnic[0], 4)
	for i := range network.Vnic {
		network.Vnic[i].Spec.Ip = &types.HostIpConfig{IpAddress: id.address, SubnetMask: "255.255.255.0"}
	}
}

func freshNics(first types.PhysicalNic, count int) []types.PhysicalNic {
	nics := make([]types.PhysicalNic, count)
	for i := range nics {
		nics[i] = first
		nics[i].Device = fmt.Sprintf("vmnic%d", i)
		nics[i].Key = "key-vim.host.PhysicalNic-" + nics[i].Device
		nics[i].Mac = fmt.Sprintf("00:0c:29:81:d8:%02x", 0xa0+i)
		nics[i].Pci = fmt.Sprintf("0000:%02x:00.0", 0x0b+i)
	}
	return nics
}

func (h *host) createDatastore(name string) error {
	directory, err := os.MkdirTemp("", "esxsim-")
	if err != nil {
		return err
	}
	h.datastore = directory
	_, err = methods.CreateLocalDatastore(context.Background(), h.model.Service, &types.CreateLocalDatastore{
		This: *h.system.ConfigManager.DatastoreSystem, Name: name, Path: directory})
	return err
}

func (h *host) removeDatastore() {
	if err := os.RemoveAll(h.datastore); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}

// installManagers puts our managers in the places where the host already advertises them.
func (h *host) installManagers() {
	registry := h.model.Service.Context.Map
	registry.AddHandler(&compat{Self: types.ManagedObjectReference{Type: "Compat", Value: "compat"}, host: h})
	h.admission = &admission{h}
	registry.Handler = h.admission.admit
	registry.Put(newCollector(h.model.ServiceContent.PropertyCollector))
	manager := h.system.ConfigManager
	registry.Put(newNetworkSystem(h, registry.Get(*manager.NetworkSystem).(*simulator.HostNetworkSystem)))
	registry.Put(newDateTime(h))
	registry.Put(newServices(h))
	registry.Put(newAutostart(h))
	registry.Put(newAccess(h))
}
