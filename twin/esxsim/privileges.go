package main

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strings"

	"github.com/vmware/govmomi/vim25/types"
)

//go:embed methods.json
var methodsFile []byte

// methodTable says which privilege each method needs (VIM's own table, except where VIM leaves it to
// the arguments) and which methods read although their privilege is one to change things.
type methodTable struct {
	Reads      []string
	Privileges map[string][]string
	byMethod   map[string]string
}

var knownMethods = func() methodTable {
	table := methodTable{byMethod: map[string]string{}}
	if err := json.Unmarshal(methodsFile, &table); err != nil {
		panic(err) // our own file
	}
	for privilege, names := range table.Privileges {
		for _, name := range names {
			table.byMethod[name] = privilege
		}
	}
	return table
}()

// writes returns whether a method changes anything; one we do not know is taken for such.
func writes(method string) bool {
	return !strings.HasPrefix(knownMethods.byMethod[method], "System.") && !slices.Contains(knownMethods.Reads, method)
}

// needed returns every privilege a call takes; nil for a method only an administrator may call.
func needed(method string, body any) []string {
	privilege, known := knownMethods.byMethod[method]
	if !known {
		return nil
	}
	switch call := body.(type) {
	case *types.CreateVM_Task:
		return append([]string{privilege, "Resource.AssignVMToPool"}, devicePrivileges(&call.Config)...)
	case *types.ReconfigVM_Task:
		return reconfigPrivileges(&call.Spec)
	}
	return []string{privilege}
}

// reconfigPrivileges follows VIM: each part of a spec has a privilege of its own.
func reconfigPrivileges(spec *types.VirtualMachineConfigSpec) []string {
	var all []string
	add := func(present bool, privilege string) {
		if present {
			all = append(all, "VirtualMachine.Config."+privilege)
		}
	}
	add(spec.NumCPUs != 0 || spec.NumCoresPerSocket != nil, "CPUCount")
	add(spec.MemoryMB != 0, "Memory")
	add(spec.Name != "", "Rename")
	add(spec.Annotation != "", "Annotation")
	add(len(spec.ExtraConfig) > 0, "AdvancedConfig")
	add(spec.CpuAllocation != nil || spec.MemoryAllocation != nil, "Resource")
	all = append(all, devicePrivileges(spec)...)
	if len(all) == 0 {
		all = append(all, "VirtualMachine.Config.Settings")
	}
	return all
}

func devicePrivileges(spec *types.VirtualMachineConfigSpec) []string {
	var all []string
	add := func(privileges ...string) {
		for _, privilege := range privileges {
			if !slices.Contains(all, privilege) {
				all = append(all, privilege)
			}
		}
	}
	for _, change := range spec.DeviceChange {
		one := change.GetVirtualDeviceConfigSpec()
		_, disk := one.Device.(*types.VirtualDisk)
		_, nic := one.Device.(types.BaseVirtualEthernetCard)
		_, usb := one.Device.(*types.VirtualUSB)
		switch {
		case disk && one.Operation == types.VirtualDeviceConfigSpecOperationRemove:
			add("VirtualMachine.Config.RemoveDisk")
		case disk && one.FileOperation == types.VirtualDeviceConfigSpecFileOperationCreate:
			add("VirtualMachine.Config.AddNewDisk", "Datastore.AllocateSpace")
		case disk && one.Operation == types.VirtualDeviceConfigSpecOperationAdd:
			add("VirtualMachine.Config.AddExistingDisk")
		case one.Operation == types.VirtualDeviceConfigSpecOperationEdit:
			add("VirtualMachine.Config.EditDevice")
		case usb:
			add("VirtualMachine.Config.HostUSBDevice")
		default:
			add("VirtualMachine.Config.AddRemoveDevice")
		}
		if nic && one.Operation != types.VirtualDeviceConfigSpecOperationRemove {
			add("Network.Assign")
		}
	}
	return all
}
