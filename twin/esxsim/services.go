package main

import (
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

type services struct {
	mo.HostServiceSystem
	host *host
}

func newServices(h *host) *services {
	s := &services{host: h}
	s.Self, s.ServiceInfo = *h.system.ConfigManager.ServiceSystem, *h.system.Config.Service
	return s
}

// change edits one service; NotFound for an unknown one, or the fault the edit returns.
func (s *services) change(id string, edit func(*types.HostService) types.BaseMethodFault) *soap.Fault {
	list := s.host.system.Config.Service.Service
	for i := range list {
		if list[i].Key != id {
			continue
		}
		if fault := edit(&list[i]); fault != nil {
			return simulator.Fault("", fault)
		}
		s.ServiceInfo = *s.host.system.Config.Service
		return nil
	}
	return simulator.Fault("", &types.NotFound{})
}

// run switches a service; a host answers InvalidState when it is so already.
func (s *services) run(id string, running bool) *soap.Fault {
	return s.change(id, func(v *types.HostService) types.BaseMethodFault {
		if v.Running == running {
			return &types.InvalidState{}
		}
		v.Running = running
		return nil
	})
}

// StartService starts a stopped service.
func (s *services) StartService(c *types.StartService) soap.HasFault {
	return &methods.StartServiceBody{Fault_: s.run(c.Id, true), Res: &types.StartServiceResponse{}}
}

// StopService stops a running service.
func (s *services) StopService(c *types.StopService) soap.HasFault {
	return &methods.StopServiceBody{Fault_: s.run(c.Id, false), Res: &types.StopServiceResponse{}}
}

// RestartService leaves the service running.
func (s *services) RestartService(c *types.RestartService) soap.HasFault {
	fault := s.change(c.Id, func(v *types.HostService) types.BaseMethodFault {
		v.Running = true
		return nil
	})
	return &methods.RestartServiceBody{Fault_: fault, Res: &types.RestartServiceResponse{}}
}

// UpdateServicePolicy sets when the service starts.
func (s *services) UpdateServicePolicy(c *types.UpdateServicePolicy) soap.HasFault {
	fault := s.change(c.Id, func(v *types.HostService) types.BaseMethodFault {
		switch types.HostServicePolicy(c.Policy) {
		case types.HostServicePolicyOn, types.HostServicePolicyOff, types.HostServicePolicyAutomatic:
			v.Policy = c.Policy
			return nil
		default:
			return &types.InvalidArgument{InvalidProperty: "policy"}
		}
	})
	return &methods.UpdateServicePolicyBody{Fault_: fault, Res: &types.UpdateServicePolicyResponse{}}
}
