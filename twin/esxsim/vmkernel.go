package main

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

const vnicKey = "key-vim.host.VirtualNic-"

// checkVnic refuses addresses, masks and MTUs a host refuses.
func checkVnic(spec *types.HostVirtualNicSpec) types.BaseMethodFault {
	if spec.Mtu != 0 && (spec.Mtu < minMTU || spec.Mtu > maxMTU) {
		return &types.InvalidArgument{InvalidProperty: "mtu"}
	}
	if spec.Ip == nil || spec.Ip.Dhcp {
		return nil
	}
	if address, err := netip.ParseAddr(spec.Ip.IpAddress); err != nil || !address.Is4() || address.IsUnspecified() {
		return &types.InvalidArgument{InvalidProperty: "ip.ipAddress"}
	}
	if !isMask(spec.Ip.SubnetMask) {
		return &types.InvalidArgument{InvalidProperty: "ip.subnetMask"}
	}
	return nil
}

func isMask(text string) bool {
	mask, err := netip.ParseAddr(text)
	if err != nil || !mask.Is4() {
		return false
	}
	b := mask.As4()
	zeros := ^(uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3]))
	return zeros&(zeros+1) == 0 && zeros != ^uint32(0)
}

func (n *networkSystem) vnic(device string) int {
	return slices.IndexFunc(n.info().Vnic, func(v types.HostVirtualNic) bool { return v.Device == device })
}

func (n *networkSystem) clashes(device string, spec *types.HostVirtualNicSpec) bool {
	return slices.ContainsFunc(n.info().Vnic, func(v types.HostVirtualNic) bool {
		return v.Device != device && spec.Ip != nil && !spec.Ip.Dhcp && v.Spec.Ip != nil &&
			v.Spec.Ip.IpAddress == spec.Ip.IpAddress
	})
}

// AddVirtualNic adds a vmkernel NIC to a port group that has none yet and answers its name.
func (n *networkSystem) AddVirtualNic(c *types.AddVirtualNic) soap.HasFault {
	refuse := func(fault types.BaseMethodFault) soap.HasFault {
		return &methods.AddVirtualNicBody{Fault_: simulator.Fault("", fault)}
	}
	if n.portGroup(c.Portgroup) == nil {
		return refuse(&types.NotFound{})
	}
	if slices.ContainsFunc(n.info().Vnic, func(v types.HostVirtualNic) bool { return v.Portgroup == c.Portgroup }) {
		return refuse(&types.AlreadyExists{Name: c.Portgroup})
	}
	if fault := checkVnic(&c.Nic); fault != nil {
		return refuse(fault)
	}
	if n.clashes("", &c.Nic) {
		return refuse(&types.AlreadyExists{Name: c.Nic.Ip.IpAddress})
	}
	device := ""
	for i := 0; device == "" || n.vnic(device) >= 0; i++ {
		device = fmt.Sprintf("vmk%d", i)
	}
	nic := types.HostVirtualNic{Device: device, Key: vnicKey + device, Portgroup: c.Portgroup, Spec: c.Nic}
	nic.Spec.Portgroup, nic.Spec.Mac = c.Portgroup, fmt.Sprintf("00:50:56:6%x:00:01", len(n.info().Vnic)%16)
	if nic.Spec.Mtu == 0 {
		nic.Spec.Mtu = 1500
	}
	if nic.Spec.NetStackInstanceKey == "" {
		nic.Spec.NetStackInstanceKey = "defaultTcpipStack"
	}
	n.info().Vnic = append(n.info().Vnic, nic)
	n.host.roles.refresh()
	return &methods.AddVirtualNicBody{Res: &types.AddVirtualNicResponse{Returnval: device}}
}

// UpdateVirtualNic changes what the spec names and keeps the rest.
func (n *networkSystem) UpdateVirtualNic(c *types.UpdateVirtualNic) soap.HasFault {
	refuse := func(fault types.BaseMethodFault) soap.HasFault {
		return &methods.UpdateVirtualNicBody{Fault_: simulator.Fault("", fault)}
	}
	i := n.vnic(c.Device)
	if i < 0 {
		return refuse(&types.NotFound{})
	}
	if fault := checkVnic(&c.Nic); fault != nil {
		return refuse(fault)
	}
	if n.clashes(c.Device, &c.Nic) {
		return refuse(&types.AlreadyExists{Name: c.Nic.Ip.IpAddress})
	}
	spec := &n.info().Vnic[i].Spec
	if c.Nic.Ip != nil {
		spec.Ip = c.Nic.Ip
	}
	if c.Nic.Mtu != 0 {
		spec.Mtu = c.Nic.Mtu
	}
	n.host.roles.refresh()
	return &methods.UpdateVirtualNicBody{Res: &types.UpdateVirtualNicResponse{}}
}

// RemoveVirtualNic removes a vmkernel NIC. The last one for management stays: without it nobody could
// say so to the host (ours; what a host answers was not seen).
func (n *networkSystem) RemoveVirtualNic(c *types.RemoveVirtualNic) soap.HasFault {
	refuse := func(fault types.BaseMethodFault) soap.HasFault {
		return &methods.RemoveVirtualNicBody{Fault_: simulator.Fault("", fault)}
	}
	i := n.vnic(c.Device)
	if i < 0 {
		return refuse(&types.NotFound{})
	}
	if n.host.roles.lastManagement(c.Device) {
		return refuse(&types.HostConfigFault{})
	}
	n.info().Vnic = slices.Delete(n.info().Vnic, i, i+1)
	n.host.roles.refresh()
	return &methods.RemoveVirtualNicBody{Res: &types.RemoveVirtualNicResponse{}}
}

// vnicRoles says what each vmkernel NIC carries.
type vnicRoles struct {
	mo.HostVirtualNicManager
	host *host
}

func newVnicRoles(h *host, library *simulator.HostVirtualNicManager) *vnicRoles {
	r := &vnicRoles{host: h}
	r.Self = library.Self
	for _, config := range h.system.Config.VirtualNicManagerInfo.NetConfig { // the library's manager knows one role only
		selected := []string(nil)
		if config.NicType == "management" {
			selected = []string{selection(config.NicType, "vmk0")}
		}
		r.Info.NetConfig = append(r.Info.NetConfig, types.VirtualNicManagerNetConfig{
			NicType: config.NicType, MultiSelectAllowed: config.MultiSelectAllowed, SelectedVnic: selected})
	}
	h.system.Config.VirtualNicManagerInfo = &r.Info // one truth for both views
	r.refresh()
	return r
}

func selection(kind, device string) string { return kind + "." + vnicKey + device }

// refresh makes every vmkernel NIC a candidate and drops what points at a removed one.
func (r *vnicRoles) refresh() {
	for i := range r.Info.NetConfig {
		config := &r.Info.NetConfig[i]
		config.CandidateVnic = nil
		var keys []string
		for _, nic := range r.host.system.Config.Network.Vnic {
			nic.Key = selection(config.NicType, nic.Device)
			keys = append(keys, nic.Key)
			config.CandidateVnic = append(config.CandidateVnic, nic)
		}
		config.SelectedVnic = slices.DeleteFunc(slices.Clone(config.SelectedVnic),
			func(key string) bool { return !slices.Contains(keys, key) })
	}
}

// find returns a role's row; nil for an unknown role or device.
func (r *vnicRoles) find(kind, device string) *types.VirtualNicManagerNetConfig {
	known := slices.ContainsFunc(r.host.system.Config.Network.Vnic,
		func(v types.HostVirtualNic) bool { return v.Device == device })
	for i := range r.Info.NetConfig {
		if r.Info.NetConfig[i].NicType == kind && known {
			return &r.Info.NetConfig[i]
		}
	}
	return nil
}

func (r *vnicRoles) lastManagement(device string) bool {
	config := r.find("management", device)
	return config != nil && slices.Equal(config.SelectedVnic, []string{selection("management", device)})
}

// QueryNetConfig answers candidates and selection of one role.
func (r *vnicRoles) QueryNetConfig(c *types.QueryNetConfig) soap.HasFault {
	for i := range r.Info.NetConfig {
		if r.Info.NetConfig[i].NicType == c.NicType {
			return &methods.QueryNetConfigBody{Res: &types.QueryNetConfigResponse{Returnval: &r.Info.NetConfig[i]}}
		}
	}
	return &methods.QueryNetConfigBody{Fault_: simulator.Fault("", &types.InvalidArgument{InvalidProperty: "nicType"})}
}

// SelectVnicForNicType gives a vmkernel NIC a role.
func (r *vnicRoles) SelectVnicForNicType(c *types.SelectVnicForNicType) soap.HasFault {
	config := r.find(c.NicType, c.Device)
	if config == nil {
		return &methods.SelectVnicForNicTypeBody{
			Fault_: simulator.Fault("", &types.InvalidArgument{InvalidProperty: "nicType"})}
	}
	key := selection(c.NicType, c.Device)
	if !config.MultiSelectAllowed {
		config.SelectedVnic = nil
	}
	if !slices.Contains(config.SelectedVnic, key) {
		config.SelectedVnic = append(config.SelectedVnic, key)
	}
	return &methods.SelectVnicForNicTypeBody{Res: &types.SelectVnicForNicTypeResponse{}}
}

// DeselectVnicForNicType takes a role from a vmkernel NIC that has it.
func (r *vnicRoles) DeselectVnicForNicType(c *types.DeselectVnicForNicType) soap.HasFault {
	config := r.find(c.NicType, c.Device)
	if config == nil || !slices.Contains(config.SelectedVnic, selection(c.NicType, c.Device)) {
		return &methods.DeselectVnicForNicTypeBody{
			Fault_: simulator.Fault("", &types.InvalidArgument{InvalidProperty: "device"})}
	}
	if c.NicType == "management" && r.lastManagement(c.Device) {
		return &methods.DeselectVnicForNicTypeBody{Fault_: simulator.Fault("", &types.HostConfigFault{})}
	}
	config.SelectedVnic = slices.DeleteFunc(config.SelectedVnic,
		func(key string) bool { return key == selection(c.NicType, c.Device) })
	return &methods.DeselectVnicForNicTypeBody{Res: &types.DeselectVnicForNicTypeResponse{}}
}
