package main

import (
	"reflect"
	"strings"

	"github.com/vmware/govmomi/vim25/types"
)

// filled are the faults that carry facts, for a reader or because they cannot be sent without.
var filled = map[string]func(message string) types.BaseMethodFault{
	"SystemError": func(m string) types.BaseMethodFault { return &types.SystemError{Reason: m} },
	"InsufficientMemoryResourcesFault": func(string) types.BaseMethodFault {
		return &types.InsufficientMemoryResourcesFault{Unreserved: 1, Requested: 2}
	},
	"NoDiskSpace": func(string) types.BaseMethodFault { return &types.NoDiskSpace{Datastore: "datastore1"} },
	"TaskInProgress": func(string) types.BaseMethodFault {
		return &types.TaskInProgress{Task: types.ManagedObjectReference{Type: "Task", Value: "haTask-other"}}
	},
	"NotAuthenticated": func(string) types.BaseMethodFault {
		return &types.NotAuthenticated{NoPermission: types.NoPermission{PrivilegeId: "System.View"}}
	},
	"NoPermission": func(string) types.BaseMethodFault {
		return &types.NoPermission{PrivilegeId: "Host.Config.Network"}
	},
	"InvalidArgument": func(m string) types.BaseMethodFault { return &types.InvalidArgument{InvalidProperty: m} },
	"ManagedObjectNotFound": func(string) types.BaseMethodFault {
		return &types.ManagedObjectNotFound{Obj: types.ManagedObjectReference{Type: "VirtualMachine", Value: "gone"}}
	},
	"DuplicateName": func(m string) types.BaseMethodFault {
		return &types.DuplicateName{Name: m, Object: types.ManagedObjectReference{Type: "VirtualMachine", Value: "other"}}
	},
	"InvalidFolder": func(string) types.BaseMethodFault {
		return &types.InvalidFolder{Target: types.ManagedObjectReference{Type: "Folder", Value: "other"}}
	},
	"MethodNotFound": func(m string) types.BaseMethodFault {
		return &types.MethodNotFound{Receiver: types.ManagedObjectReference{Type: "HostSystem", Value: "ha-host"}, Method: m}
	},
	"UnexpectedFault": func(string) types.BaseMethodFault { return &types.UnexpectedFault{FaultName: "SystemError"} },
	"InvalidPowerState": func(string) types.BaseMethodFault {
		return &types.InvalidPowerState{RequestedState: "poweredOff", ExistingState: "poweredOn"}
	},
	"QuestionPending": func(m string) types.BaseMethodFault { return &types.QuestionPending{Text: m} },
	"FileNotFound":    func(m string) types.BaseMethodFault { return &types.FileNotFound{FileFault: types.FileFault{File: m}} },
}

// buildFault returns the maker of a fault named as in the API; false for what is none.
func buildFault(name string) (func(message string) types.BaseMethodFault, bool) {
	if build, ok := filled[name]; ok {
		return build, true
	}
	kind, ok := types.TypeFunc()(name)
	if !ok || strings.HasPrefix(name, "ArrayOf") {
		return nil, false
	}
	if _, ok := reflect.New(kind).Interface().(types.BaseMethodFault); !ok {
		return nil, false
	}
	return func(string) types.BaseMethodFault { return reflect.New(kind).Interface().(types.BaseMethodFault) }, true
}
