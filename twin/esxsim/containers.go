package main

import (
	"encoding/json"
	"strings"
	"sync"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// lendMACs gives the container the MAC of its virtual NIC for the time of a power-on: the n-th
// --network of RUN.container stands for the n-th NIC. What the VM's extraConfig says stays as it was
// set; the returned function restores it.
func (h *host) lendMACs(ref types.ManagedObjectReference) (restore func()) {
	vm, ok := h.model.Service.Context.Map.Get(ref).(*simulator.VirtualMachine)
	if !ok {
		return func() {}
	}
	original := vm.Config.ExtraConfig
	lent := make([]types.BaseOptionValue, len(original))
	for i, option := range original {
		lent[i] = option
		if v := option.GetOptionValue(); v.Key == simulator.ContainerBackingOptionKey {
			if text, ok := v.Value.(string); ok {
				lent[i] = &types.OptionValue{Key: v.Key, Value: withMACs(text, manualMACs(vm))}
			}
		}
	}
	vm.Config.ExtraConfig = lent
	return func() { vm.Config.ExtraConfig = original }
}

func manualMACs(vm *simulator.VirtualMachine) []string {
	var macs []string
	for _, device := range vm.Config.Hardware.Device {
		if nic, ok := device.(types.BaseVirtualEthernetCard); ok {
			card := nic.GetVirtualEthernetCard()
			mac := ""
			if card.AddressType == string(types.VirtualEthernetCardMacTypeManual) {
				mac = card.MacAddress
			}
			macs = append(macs, mac)
		}
	}
	return macs
}

// withMACs returns the JSON argument list with mac= added to each --network that has none.
func withMACs(run string, macs []string) string {
	var args []string
	if json.Unmarshal([]byte(run), &args) != nil {
		return run
	}
	nic := 0
	for i := 0; i+1 < len(args); i++ {
		if args[i] != "--network" || nic >= len(macs) {
			continue
		}
		name, options, _ := strings.Cut(args[i+1], ":")
		if macs[nic] != "" && !strings.Contains(","+options, ",mac=") {
			args[i+1] = name + ":" + strings.TrimPrefix(options+",mac="+macs[nic], ",")
		}
		nic++
	}
	text, err := json.Marshal(args)
	if err != nil {
		return run
	}
	return string(text)
}

// macs remembers each VM's manual MACs by device key.
type macs struct {
	mu   sync.Mutex
	byVM map[types.ManagedObjectReference]map[int32]string
}

// keep remembers a MAC a host would take and puts it back where something else stands.
func (m *macs) keep(vm *mo.VirtualMachine) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.byVM == nil {
		m.byVM = map[types.ManagedObjectReference]map[int32]string{}
	}
	if m.byVM[vm.Self] == nil {
		m.byVM[vm.Self] = map[int32]string{}
	}
	known := m.byVM[vm.Self]
	for _, device := range vm.Config.Hardware.Device {
		nic, ok := device.(types.BaseVirtualEthernetCard)
		if !ok {
			continue
		}
		card := nic.GetVirtualEthernetCard()
		if card.AddressType != string(types.VirtualEthernetCardMacTypeManual) {
			continue
		}
		if manualMAC.MatchString(card.MacAddress) {
			known[card.Key] = card.MacAddress
		} else if mac, ok := known[card.Key]; ok {
			card.MacAddress = mac
		}
	}
}

func (m *macs) forget(vm types.ManagedObjectReference) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.byVM, vm)
}
