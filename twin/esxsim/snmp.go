package main

import (
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

type snmp struct{ mo.HostSnmpSystem }

func newSnmp(h *host) *snmp {
	s := &snmp{}
	s.Self = *h.system.ConfigManager.SnmpSystem
	s.Configuration = types.HostSnmpConfigSpec{Enabled: types.NewBool(false), Port: 161}
	s.Limits = types.HostSnmpSystemAgentLimits{
		MaxReadOnlyCommunities: 10, MaxTrapDestinations: 3, MaxCommunityLength: 64, MaxBufferSize: 4096,
		Capability: types.HostSnmpAgentCapabilityCOMPLETE}
	return s
}

func (s *snmp) check(spec *types.HostSnmpConfigSpec) types.BaseMethodFault {
	if spec.Port < 0 || spec.Port > 65535 {
		return &types.InvalidArgument{InvalidProperty: "spec.port"}
	}
	if len(spec.ReadOnlyCommunities) > int(s.Limits.MaxReadOnlyCommunities) ||
		len(spec.TrapTargets) > int(s.Limits.MaxTrapDestinations) {
		return &types.InsufficientResourcesFault{}
	}
	for _, community := range spec.ReadOnlyCommunities {
		if community == "" || len(community) > int(s.Limits.MaxCommunityLength) {
			return &types.InvalidArgument{InvalidProperty: "spec.readOnlyCommunities"}
		}
	}
	for _, target := range spec.TrapTargets {
		if target.HostName == "" || target.Port < 1 || target.Port > 65535 {
			return &types.InvalidArgument{InvalidProperty: "spec.trapTargets"}
		}
	}
	return nil
}

// ReconfigureSnmpAgent sets what the spec names; an empty list leaves the old one.
func (s *snmp) ReconfigureSnmpAgent(c *types.ReconfigureSnmpAgent) soap.HasFault {
	if fault := s.check(&c.Spec); fault != nil {
		return &methods.ReconfigureSnmpAgentBody{Fault_: simulator.Fault("", fault)}
	}
	override(&s.Configuration.Enabled, c.Spec.Enabled)
	if c.Spec.Port != 0 {
		s.Configuration.Port = c.Spec.Port
	}
	if c.Spec.ReadOnlyCommunities != nil {
		s.Configuration.ReadOnlyCommunities = c.Spec.ReadOnlyCommunities
	}
	if c.Spec.TrapTargets != nil {
		s.Configuration.TrapTargets = c.Spec.TrapTargets
	}
	if c.Spec.Option != nil {
		s.Configuration.Option = c.Spec.Option
	}
	return &methods.ReconfigureSnmpAgentBody{Res: &types.ReconfigureSnmpAgentResponse{}}
}

// SendTestNotification needs an agent that runs and somebody to send to.
func (s *snmp) SendTestNotification(*types.SendTestNotification) soap.HasFault {
	if !*s.Configuration.Enabled || len(s.Configuration.TrapTargets) == 0 {
		return &methods.SendTestNotificationBody{Fault_: simulator.Fault("", &types.NotFound{})}
	}
	return &methods.SendTestNotificationBody{Res: &types.SendTestNotificationResponse{}}
}
