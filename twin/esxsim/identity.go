package main

import (
	"context"
	"crypto/tls"
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
	netmask   string
	datastore string
	memoryMB  int64
}

// host is one simulated ESXi: the model, its one HostSystem and the managers we added.
type host struct {
	model     *simulator.Model
	system    *mo.HostSystem
	clock     clock
	calls     calls
	tasks     *taskFaults
	datastore string // directory

	admission     *admission
	accounts      *accounts
	authorization *authorization
	access        *access
	licences      *licences
	options       *options
	certificates  *certificates
	firewall      *firewall
	roles         *vnicRoles
	datastores    *datastores
	health        *health
	guests        *guests
	power         *hostPower
}

const (
	version = "8.0.3"
	build   = "24677879"
)

// newHost returns an ESXi 8.0.3 as it is after its installation: no VM, vSwitch0 on vmnic0 with
// "VM Network" and "Management Network", vmnic0 to vmnic3, one datastore, one account, the listener's
// certificate.
func newHost(id identity, root account, pair tls.Certificate) (*host, error) {
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
	h.installManagers(root, pair)
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
		network.Vnic[i].Spec.Ip = &types.HostIpConfig{IpAddress: id.address, SubnetMask: id.netmask}
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
func (h *host) installManagers(root account, pair tls.Certificate) {
	registry := h.model.Service.Context.Map
	registry.AddHandler(&compat{Self: types.ManagedObjectReference{Type: "Compat", Value: "compat"}, host: h})
	registry.Put(newCollector(h.model.ServiceContent.PropertyCollector))
	manager := h.system.ConfigManager
	h.options, h.access, h.power, h.guests = newOptions(h), newAccess(h), newHostPower(h), newGuests(h)
	h.accounts, h.authorization = newAccounts(h, root), newAuthorization(h, root)
	h.licences, h.health, h.certificates = newLicences(h), newHealth(h), newCertificates(h, pair)
	h.firewall = newFirewall(h, registry.Get(*manager.FirewallSystem).(*simulator.HostFirewallSystem))
	h.roles = newVnicRoles(h, registry.Get(*manager.VirtualNicManager).(*simulator.HostVirtualNicManager))
	h.datastores = newDatastores(h, registry.Get(*manager.DatastoreSystem).(*simulator.HostDatastoreSystem))
	users := &directory{host: h}
	users.Self = *h.model.ServiceContent.UserDirectory
	network := newNetworkSystem(h, registry.Get(*manager.NetworkSystem).(*simulator.HostNetworkSystem))
	for _, object := range []mo.Reference{
		h.options, h.access, h.power, h.guests, h.accounts, h.authorization, h.licences, h.health, h.certificates,
		h.firewall, h.roles, h.datastores, users, network,
		newDateTime(h), newServices(h), newAutostart(h), newSnmp(h), newImageConfig(h),
	} {
		registry.Put(object)
	}
	registry.SessionManager().ValidLogin = func(*types.Login) bool { return true } // admission decides before
	h.admission = &admission{host: h}
	registry.Handler = h.admission.admit
}
