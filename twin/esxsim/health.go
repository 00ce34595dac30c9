package main

import (
	"encoding/json"
	"net/http"
	"slices"

	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// healthColours are the states a sensor has on the wire, with their labels.
var healthColours = map[string]string{"green": "Green", "yellow": "Yellow", "red": "Red", "unknown": "Unknown"}

// health is the host's sensors and elements; a test sets one by POST /_ctl/sensor.
type health struct {
	mo.HostHealthStatusSystem
	host *host
}

func newHealth(h *host) *health {
	s := &health{host: h}
	s.Self = *h.system.ConfigManager.HealthStatusSystem
	library := h.system.Runtime.HealthSystemRuntime.SystemHealthInfo.NumericSensorInfo // shared by every host
	s.Runtime = types.HealthSystemRuntime{
		SystemHealthInfo:   &types.HostSystemHealthInfo{NumericSensorInfo: slices.Clone(library)},
		HardwareStatusInfo: freshElements()}
	s.host.system.Runtime.HealthSystemRuntime = &s.Runtime // one truth for both views
	return s
}

func freshElements() *types.HostHardwareStatusInfo {
	element := func(name string) types.HostHardwareElementInfo {
		return types.HostHardwareElementInfo{Name: name, Status: colour("green")}
	}
	memory, processor := element("Memory"), element("CPU 1")
	return &types.HostHardwareStatusInfo{
		MemoryStatusInfo:  []types.BaseHostHardwareElementInfo{&memory},
		CpuStatusInfo:     []types.BaseHostHardwareElementInfo{&processor},
		StorageStatusInfo: []types.HostStorageElementInfo{{HostHardwareElementInfo: element("Disk 1")}}}
}

func colour(key string) *types.ElementDescription {
	label := healthColours[key]
	return &types.ElementDescription{Key: key, Description: types.Description{Label: label, Summary: "Sensor state is " + label}}
}

// RefreshHealthStatusSystem has nothing to read anew.
func (s *health) RefreshHealthStatusSystem(*types.RefreshHealthStatusSystem) soap.HasFault {
	return &methods.RefreshHealthStatusSystemBody{Res: &types.RefreshHealthStatusSystemResponse{}}
}

// ServeHTTP takes POST /_ctl/sensor {"Name": "...", "State": "red", "Type": "temperature", "Reading": 95, "Unit": "Degrees C"}.
// A hardware element of that name (Memory, CPU 1, Disk 1) changes its state; any other name is a numeric sensor.
func (s *health) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Name, State, Type, Unit string
		Reading                 int64
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.Name == "" || healthColours[in.State] == "" {
		http.Error(w, "name and state (green, yellow, red, unknown)", http.StatusBadRequest)
		return
	}
	for _, element := range s.elements() {
		if element.Name == in.Name {
			element.Status = colour(in.State)
			return
		}
	}
	list := &s.Runtime.SystemHealthInfo.NumericSensorInfo
	*list = slices.DeleteFunc(*list, func(n types.HostNumericSensorInfo) bool { return n.Name == in.Name })
	*list = append(*list, types.HostNumericSensorInfo{
		Name: in.Name, HealthState: colour(in.State), CurrentReading: in.Reading, BaseUnits: in.Unit, SensorType: in.Type})
}

func (s *health) elements() []*types.HostHardwareElementInfo {
	var all []*types.HostHardwareElementInfo
	hardware := s.Runtime.HardwareStatusInfo
	for _, element := range slices.Concat(hardware.MemoryStatusInfo, hardware.CpuStatusInfo) {
		all = append(all, element.GetHostHardwareElementInfo())
	}
	for i := range hardware.StorageStatusInfo {
		all = append(all, &hardware.StorageStatusInfo[i].HostHardwareElementInfo)
	}
	return all
}
