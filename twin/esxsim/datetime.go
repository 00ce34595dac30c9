package main

import (
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

type dateTime struct {
	mo.HostDateTimeSystem
	host *host
}

func newDateTime(h *host) *dateTime {
	d := &dateTime{host: h}
	d.Self = *h.system.ConfigManager.DateTimeSystem
	d.DateTimeInfo = types.HostDateTimeInfo{
		TimeZone:  types.HostDateTimeSystemTimeZone{Key: "UTC", Name: "UTC"},
		NtpConfig: &types.HostNtpConfig{}, SystemClockProtocol: "ntp", Enabled: types.NewBool(false)}
	h.system.Config.DateTimeInfo = &d.DateTimeInfo // one truth for both views
	return d
}

// UpdateDateTimeConfig sets what the config names and leaves the rest.
func (d *dateTime) UpdateDateTimeConfig(c *types.UpdateDateTimeConfig) soap.HasFault {
	config := c.Config
	switch config.Protocol {
	case "", "ntp", "ptp":
	default:
		return &methods.UpdateDateTimeConfigBody{
			Fault_: simulator.Fault("", &types.InvalidArgument{InvalidProperty: "protocol"})}
	}
	if config.NtpConfig != nil {
		d.DateTimeInfo.NtpConfig = config.NtpConfig
	}
	if config.TimeZone != "" {
		d.DateTimeInfo.TimeZone.Key = config.TimeZone
	}
	if config.Protocol != "" {
		d.DateTimeInfo.SystemClockProtocol = config.Protocol
	}
	if config.Enabled != nil {
		d.DateTimeInfo.Enabled = config.Enabled
	}
	return &methods.UpdateDateTimeConfigBody{Res: &types.UpdateDateTimeConfigResponse{}}
}

// QueryDateTime answers the host's clock.
func (d *dateTime) QueryDateTime(*types.QueryDateTime) soap.HasFault {
	return &methods.QueryDateTimeBody{Res: &types.QueryDateTimeResponse{Returnval: d.host.clock.now()}}
}
