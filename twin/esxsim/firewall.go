package main

import (
	"net/netip"
	"slices"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// apiRulesets are the ones behind which the API is reached.
var apiRulesets = []string{"vSphereClient", "webAccess"}

// systemRulesets belong to the host itself: neither their state nor their addresses can be changed.
// Which they are on a build says ruleset.userControllable; this choice is ours.
var systemRulesets = []string{"dhcp", "DHCPv6", "cmmds", "rdt", "vpxHeartbeats"}

type firewall struct{ mo.HostFirewallSystem }

func newFirewall(h *host, library *simulator.HostFirewallSystem) *firewall {
	f := &firewall{}
	f.Self = library.Self
	f.FirewallInfo = &types.HostFirewallInfo{DefaultPolicy: library.FirewallInfo.DefaultPolicy}
	for _, rule := range library.FirewallInfo.Ruleset { // the library's own list is shared by every host
		ours := !slices.Contains(systemRulesets, rule.Key)
		rule.UserControllable, rule.IpListUserConfigurable = types.NewBool(ours), types.NewBool(ours)
		rule.AllowedHosts = &types.HostFirewallRulesetIpList{AllIp: true}
		f.FirewallInfo.Ruleset = append(f.FirewallInfo.Ruleset, rule)
	}
	h.system.Config.Firewall = f.FirewallInfo // one truth for both views
	return f
}

// change edits a ruleset: NotFound for an unknown one, HostConfigFault for one that is the host's own.
func (f *firewall) change(id string, edit func(*types.HostFirewallRuleset) types.BaseMethodFault) *soap.Fault {
	for i := range f.FirewallInfo.Ruleset {
		ruleset := &f.FirewallInfo.Ruleset[i]
		if ruleset.Key != id {
			continue
		}
		if !*ruleset.UserControllable {
			return simulator.Fault("", &types.HostConfigFault{})
		}
		if fault := edit(ruleset); fault != nil {
			return simulator.Fault("", fault)
		}
		return nil
	}
	return simulator.Fault("", &types.NotFound{})
}

// EnableRuleset opens a ruleset.
func (f *firewall) EnableRuleset(c *types.EnableRuleset) soap.HasFault {
	fault := f.change(c.Id, func(r *types.HostFirewallRuleset) types.BaseMethodFault { r.Enabled = true; return nil })
	return &methods.EnableRulesetBody{Fault_: fault, Res: &types.EnableRulesetResponse{}}
}

// DisableRuleset closes a ruleset; a required one stays open.
func (f *firewall) DisableRuleset(c *types.DisableRuleset) soap.HasFault {
	fault := f.change(c.Id, func(r *types.HostFirewallRuleset) types.BaseMethodFault {
		if r.Required {
			return &types.HostConfigFault{}
		}
		r.Enabled = false
		return nil
	})
	return &methods.DisableRulesetBody{Fault_: fault, Res: &types.DisableRulesetResponse{}}
}

// UpdateRuleset sets who may use a ruleset.
func (f *firewall) UpdateRuleset(c *types.UpdateRuleset) soap.HasFault {
	fault := f.change(c.Id, func(r *types.HostFirewallRuleset) types.BaseMethodFault {
		list := c.Spec.AllowedHosts
		if _, ok := networks(&list); !ok {
			return &types.InvalidArgument{InvalidProperty: "spec.allowedHosts"}
		}
		r.AllowedHosts = &list
		return nil
	})
	return &methods.UpdateRulesetBody{Fault_: fault, Res: &types.UpdateRulesetResponse{}}
}

// networks returns a list's addresses as prefixes; false when one of them is none.
func networks(list *types.HostFirewallRulesetIpList) ([]netip.Prefix, bool) {
	var all []netip.Prefix
	for _, text := range list.IpAddress {
		address, err := netip.ParseAddr(text)
		if err != nil {
			return nil, false
		}
		all = append(all, netip.PrefixFrom(address, address.BitLen()))
	}
	for _, network := range list.IpNetwork {
		address, err := netip.ParseAddr(network.Network)
		if err != nil {
			return nil, false
		}
		prefix, err := address.Prefix(int(network.PrefixLength))
		if err != nil {
			return nil, false
		}
		all = append(all, prefix)
	}
	return all, true
}

// UpdateDefaultPolicy sets what happens to packets no ruleset names.
func (f *firewall) UpdateDefaultPolicy(c *types.UpdateDefaultPolicy) soap.HasFault {
	override(&f.FirewallInfo.DefaultPolicy.IncomingBlocked, c.DefaultPolicy.IncomingBlocked)
	override(&f.FirewallInfo.DefaultPolicy.OutgoingBlocked, c.DefaultPolicy.OutgoingBlocked)
	return &methods.UpdateDefaultPolicyBody{Res: &types.UpdateDefaultPolicyResponse{}}
}

// RefreshFirewall has nothing to read anew: both views are one.
func (f *firewall) RefreshFirewall(*types.RefreshFirewall) soap.HasFault {
	return &methods.RefreshFirewallBody{Res: &types.RefreshFirewallResponse{}}
}

// admits returns whether a new connection to the API from an address passes.
func (f *firewall) admits(from netip.Addr) bool {
	if !*f.FirewallInfo.DefaultPolicy.IncomingBlocked {
		return true
	}
	for i := range f.FirewallInfo.Ruleset {
		ruleset := &f.FirewallInfo.Ruleset[i]
		if !ruleset.Enabled || !slices.Contains(apiRulesets, ruleset.Key) {
			continue
		}
		prefixes, _ := networks(ruleset.AllowedHosts)
		if ruleset.AllowedHosts.AllIp ||
			slices.ContainsFunc(prefixes, func(p netip.Prefix) bool { return p.Contains(from.Unmap()) }) {
			return true
		}
	}
	return false
}
