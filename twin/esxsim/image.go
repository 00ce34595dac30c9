package main

import (
	"slices"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// acceptanceLevels are the ones a host knows, the strictest first.
var acceptanceLevels = []string{"vmware_certified", "vmware_accepted", "partner", "community"}

// imageConfig is the level of trust that the host's packages must have.
type imageConfig struct {
	mo.HostImageConfigManager
	level string
}

func newImageConfig(h *host) *imageConfig {
	i := &imageConfig{level: "partner"}
	i.Self = *h.system.ConfigManager.ImageConfigManager
	return i
}

// HostImageConfigGetAcceptance answers the level.
func (i *imageConfig) HostImageConfigGetAcceptance(*types.HostImageConfigGetAcceptance) soap.HasFault {
	return &methods.HostImageConfigGetAcceptanceBody{Res: &types.HostImageConfigGetAcceptanceResponse{Returnval: i.level}}
}

// UpdateHostImageAcceptanceLevel sets the level.
func (i *imageConfig) UpdateHostImageAcceptanceLevel(c *types.UpdateHostImageAcceptanceLevel) soap.HasFault {
	if !slices.Contains(acceptanceLevels, c.NewAcceptanceLevel) {
		return &methods.UpdateHostImageAcceptanceLevelBody{
			Fault_: simulator.Fault("", &types.InvalidArgument{InvalidProperty: "newAcceptanceLevel"})}
	}
	i.level = c.NewAcceptanceLevel
	return &methods.UpdateHostImageAcceptanceLevelBody{Res: &types.UpdateHostImageAcceptanceLevelResponse{}}
}
