package main

import (
	"slices"
	"strings"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

const (
	minMTU, maxMTU = 1280, 9000
	maxVLAN        = 4095
)

// networkSystem keeps what the library throws away (uplinks, MTU, policy) and refuses what a host refuses.
type networkSystem struct {
	*simulator.HostNetworkSystem
	host *host
}

func newNetworkSystem(h *host, library *simulator.HostNetworkSystem) *networkSystem {
	info := h.system.Config.Network
	for i := range info.Vswitch { // the library keys members by PortGroup key, and its own methods by name
		members := info.Vswitch[i].Portgroup
		for j := range members {
			members[j] = strings.TrimPrefix(members[j], "key-vim.host.PortGroup-")
		}
	}
	library.NetworkInfo = info // one truth for networkInfo and config.network
	return &networkSystem{library, h}
}

func (n *networkSystem) info() *types.HostNetworkInfo { return n.host.system.Config.Network }

func (n *networkSystem) vswitch(name string) *types.HostVirtualSwitch {
	for i := range n.info().Vswitch {
		if n.info().Vswitch[i].Name == name {
			return &n.info().Vswitch[i]
		}
	}
	return nil
}

func (n *networkSystem) portGroup(name string) *types.HostPortGroup {
	for i := range n.info().Portgroup {
		if n.info().Portgroup[i].Spec.Name == name {
			return &n.info().Portgroup[i]
		}
	}
	return nil
}

// uplinkKeys returns the keys of the physical NICs a bridge names.
func (n *networkSystem) uplinkKeys(vswitch string, bridge types.BaseHostVirtualSwitchBridge) ([]string, types.BaseMethodFault) {
	bond, ok := bridge.(*types.HostVirtualSwitchBondBridge)
	if !ok {
		return nil, nil
	}
	var keys []string
	for _, device := range bond.NicDevice {
		i := slices.IndexFunc(n.info().Pnic, func(p types.PhysicalNic) bool { return p.Device == device })
		if i < 0 {
			return nil, &types.NotFound{}
		}
		key := n.info().Pnic[i].Key
		for _, other := range n.info().Vswitch {
			if other.Name != vswitch && slices.Contains(other.Pnic, key) {
				return nil, &types.ResourceInUse{Type: "PhysicalNic", Name: device}
			}
		}
		keys = append(keys, key)
	}
	return keys, nil
}

func badTeaming(spec *types.HostVirtualSwitchSpec) bool {
	if spec.Policy == nil || spec.Policy.NicTeaming == nil || spec.Policy.NicTeaming.NicOrder == nil {
		return false
	}
	var uplinks []string
	if bond, ok := spec.Bridge.(*types.HostVirtualSwitchBondBridge); ok {
		uplinks = bond.NicDevice
	}
	order := spec.Policy.NicTeaming.NicOrder
	return slices.ContainsFunc(slices.Concat(order.ActiveNic, order.StandbyNic),
		func(nic string) bool { return !slices.Contains(uplinks, nic) })
}

// apply writes a spec as a host does: bridge and MTU are replaced, an unset policy keeps the old one.
func (n *networkSystem) apply(v *types.HostVirtualSwitch, spec *types.HostVirtualSwitchSpec) types.BaseMethodFault {
	if spec == nil {
		spec = &types.HostVirtualSwitchSpec{NumPorts: 128}
	}
	if spec.Mtu != 0 && (spec.Mtu < minMTU || spec.Mtu > maxMTU) {
		return &types.InvalidArgument{InvalidProperty: "mtu"}
	}
	if badTeaming(spec) {
		return &types.InvalidArgument{InvalidProperty: "nicOrder"}
	}
	keys, fault := n.uplinkKeys(v.Name, spec.Bridge)
	if fault != nil {
		return fault
	}
	policy := v.Spec.Policy
	v.Pnic, v.Spec, v.Mtu, v.NumPorts = keys, *spec, spec.Mtu, spec.NumPorts
	if v.Spec.Policy == nil {
		v.Spec.Policy = policy
	}
	if v.Mtu == 0 {
		v.Mtu = 1500
	}
	for i := range n.info().Portgroup {
		n.compute(&n.info().Portgroup[i])
	}
	return nil
}

// compute fills the port group's effective policy: its own words first, the vSwitch's for the rest.
func (n *networkSystem) compute(p *types.HostPortGroup) {
	computed := types.HostNetworkPolicy{Security: &types.HostNetworkSecurityPolicy{}}
	for _, source := range []*types.HostNetworkPolicy{n.switchPolicy(p.Spec.VswitchName), &p.Spec.Policy} {
		if source == nil || source.Security == nil {
			continue
		}
		override(&computed.Security.AllowPromiscuous, source.Security.AllowPromiscuous)
		override(&computed.Security.MacChanges, source.Security.MacChanges)
		override(&computed.Security.ForgedTransmits, source.Security.ForgedTransmits)
	}
	p.ComputedPolicy = computed
}

func (n *networkSystem) switchPolicy(name string) *types.HostNetworkPolicy {
	if v := n.vswitch(name); v != nil {
		return v.Spec.Policy
	}
	return nil
}

func override(target **bool, value *bool) {
	if value != nil {
		*target = value
	}
}

// inUse returns whether a VM or a vmkernel NIC is attached to the port group.
func (n *networkSystem) inUse(portGroup string) bool {
	for _, vnic := range n.info().Vnic {
		if vnic.Portgroup == portGroup {
			return true
		}
	}
	for _, entity := range n.host.model.Service.Context.Map.All("VirtualMachine") {
		for _, name := range networksOf(entity) {
			if name == portGroup {
				return true
			}
		}
	}
	return false
}

func networksOf(entity mo.Entity) []string {
	vm, ok := entity.(*simulator.VirtualMachine)
	if !ok {
		return nil
	}
	var names []string
	for _, device := range vm.Config.Hardware.Device {
		if backing, ok := device.GetVirtualDevice().Backing.(*types.VirtualEthernetCardNetworkBackingInfo); ok {
			names = append(names, backing.DeviceName)
		}
	}
	return names
}

// AddVirtualSwitch adds a vSwitch with its uplinks, MTU and policy.
func (n *networkSystem) AddVirtualSwitch(c *types.AddVirtualSwitch) soap.HasFault {
	r := &methods.AddVirtualSwitchBody{}
	if n.vswitch(c.VswitchName) != nil {
		r.Fault_ = simulator.Fault("", &types.AlreadyExists{Name: c.VswitchName})
		return r
	}
	v := types.HostVirtualSwitch{Name: c.VswitchName, Key: "key-vim.host.VirtualSwitch-" + c.VswitchName}
	v.Spec.Policy = defaultPolicy()
	if fault := n.apply(&v, c.Spec); fault != nil {
		r.Fault_ = simulator.Fault("", fault)
		return r
	}
	n.info().Vswitch = append(n.info().Vswitch, v)
	r.Res = &types.AddVirtualSwitchResponse{}
	return r
}

// defaultPolicy is what a host gives a vSwitch whose spec names none: MAC changes and forged frames allowed.
func defaultPolicy() *types.HostNetworkPolicy {
	return &types.HostNetworkPolicy{Security: &types.HostNetworkSecurityPolicy{
		AllowPromiscuous: types.NewBool(false), MacChanges: types.NewBool(true), ForgedTransmits: types.NewBool(true)}}
}

// UpdateVirtualSwitch replaces the spec of a vSwitch.
func (n *networkSystem) UpdateVirtualSwitch(c *types.UpdateVirtualSwitch) soap.HasFault {
	r := &methods.UpdateVirtualSwitchBody{}
	if v := n.vswitch(c.VswitchName); v == nil {
		r.Fault_ = simulator.Fault("", &types.NotFound{})
	} else if fault := n.apply(v, &c.Spec); fault != nil {
		r.Fault_ = simulator.Fault("", fault)
	} else {
		r.Res = &types.UpdateVirtualSwitchResponse{}
	}
	return r
}

// RemoveVirtualSwitch removes a vSwitch none of whose port groups is in use.
func (n *networkSystem) RemoveVirtualSwitch(c *types.RemoveVirtualSwitch) soap.HasFault {
	r := &methods.RemoveVirtualSwitchBody{}
	for _, p := range n.info().Portgroup {
		if p.Spec.VswitchName == c.VswitchName && n.inUse(p.Spec.Name) {
			r.Fault_ = simulator.Fault("", &types.ResourceInUse{Type: "VirtualSwitch", Name: c.VswitchName})
			return r
		}
	}
	return n.HostNetworkSystem.RemoveVirtualSwitch(c)
}

// AddPortGroup adds a port group to an existing vSwitch.
func (n *networkSystem) AddPortGroup(ctx *simulator.Context, c *types.AddPortGroup) soap.HasFault {
	if fault := n.checkPortGroup(&c.Portgrp); fault != nil {
		return &methods.AddPortGroupBody{Fault_: simulator.Fault("", fault)}
	}
	if n.portGroup(c.Portgrp.Name) != nil {
		return &methods.AddPortGroupBody{Fault_: simulator.Fault("", &types.AlreadyExists{Name: c.Portgrp.Name})}
	}
	r := n.HostNetworkSystem.AddPortGroup(ctx, c)
	if r.Fault() == nil {
		p := n.portGroup(c.Portgrp.Name)
		p.Vswitch = "key-vim.host.VirtualSwitch-" + c.Portgrp.VswitchName
		n.compute(p)
	}
	return r
}

func (n *networkSystem) checkPortGroup(spec *types.HostPortGroupSpec) types.BaseMethodFault {
	if spec.VlanId < 0 || spec.VlanId > maxVLAN {
		return &types.InvalidArgument{InvalidProperty: "vlanId"}
	}
	if n.vswitch(spec.VswitchName) == nil {
		return &types.NotFound{}
	}
	return nil
}

// UpdatePortGroup replaces the spec of a port group; it cannot be moved while something hangs on it.
func (n *networkSystem) UpdatePortGroup(c *types.UpdatePortGroup) soap.HasFault {
	r := &methods.UpdatePortGroupBody{}
	p := n.portGroup(c.PgName)
	if p == nil {
		r.Fault_ = simulator.Fault("", &types.NotFound{})
	} else if fault := n.checkPortGroup(&c.Portgrp); fault != nil {
		r.Fault_ = simulator.Fault("", fault)
	} else if p.Spec.VswitchName != c.Portgrp.VswitchName && n.inUse(c.PgName) {
		r.Fault_ = simulator.Fault("", &types.ResourceInUse{Type: "PortGroup", Name: c.PgName})
	} else {
		p.Spec = c.Portgrp
		n.compute(p)
		r.Res = &types.UpdatePortGroupResponse{}
	}
	return r
}

// RemovePortGroup removes a port group nothing hangs on.
func (n *networkSystem) RemovePortGroup(ctx *simulator.Context, c *types.RemovePortGroup) soap.HasFault {
	if n.portGroup(c.PgName) != nil && n.inUse(c.PgName) {
		return &methods.RemovePortGroupBody{
			Fault_: simulator.Fault("", &types.ResourceInUse{Type: "PortGroup", Name: c.PgName})}
	}
	return n.HostNetworkSystem.RemovePortGroup(ctx, c)
}

// UpdateDnsConfig replaces the DNS configuration.
func (n *networkSystem) UpdateDnsConfig(c *types.UpdateDnsConfig) soap.HasFault {
	if config := c.Config.GetHostDnsConfig(); strings.Contains(config.HostName, ".") || config.HostName == "" {
		return &methods.UpdateDnsConfigBody{
			Fault_: simulator.Fault("", &types.InvalidArgument{InvalidProperty: "hostName"})}
	}
	n.info().DnsConfig = c.Config
	return &methods.UpdateDnsConfigBody{Res: &types.UpdateDnsConfigResponse{}}
}

// UpdateIpRouteConfig replaces the default gateway.
func (n *networkSystem) UpdateIpRouteConfig(c *types.UpdateIpRouteConfig) soap.HasFault {
	n.info().IpRouteConfig = c.Config
	return &methods.UpdateIpRouteConfigBody{Res: &types.UpdateIpRouteConfigResponse{}}
}
