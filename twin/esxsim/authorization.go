package main

import (
	"slices"
	"sync"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/simulator/esx"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

const (
	adminRole    = -1
	firstOwnRole = 10
)

// authorization keeps roles and permissions, and says what a user may do.
type authorization struct {
	mo.AuthorizationManager
	host        *host
	mu          sync.Mutex
	permissions map[types.ManagedObjectReference][]types.Permission
	nextRole    int32
}

func newAuthorization(h *host, root account) *authorization {
	z := &authorization{host: h, permissions: map[types.ManagedObjectReference][]types.Permission{}, nextRole: firstOwnRole}
	z.Self, z.RoleList = *h.model.ServiceContent.AuthorizationManager, slices.Clone(esx.RoleList)
	folder := h.model.ServiceContent.RootFolder
	for _, name := range append([]string{root.user}, systemAccounts...) {
		z.permissions[folder] = append(z.permissions[folder], types.Permission{
			Entity: &folder, Principal: name, RoleId: adminRole, Propagate: true})
	}
	return z
}

func (z *authorization) role(id int32) *types.AuthorizationRole {
	for i := range z.RoleList {
		if z.RoleList[i].RoleId == id {
			return &z.RoleList[i]
		}
	}
	return nil
}

// roleOf returns the role a user has on an object: the permission nearest to it wins.
func (z *authorization) roleOf(user string, ref types.ManagedObjectReference) *types.AuthorizationRole {
	entity, ok := z.host.model.Service.Context.Map.Get(ref).(mo.Entity)
	if !ok { // a manager: its host decides
		entity, ok = z.host.model.Service.Context.Map.Get(z.host.system.Self).(mo.Entity)
	}
	for first := true; ok; first = false {
		self := entity.Reference()
		for _, p := range z.permissions[self] {
			if p.Principal == user && !p.Group && (first || p.Propagate) {
				return z.role(p.RoleId)
			}
		}
		parent := entity.Entity().Parent
		if parent == nil {
			break
		}
		entity, ok = z.host.model.Service.Context.Map.Get(*parent).(mo.Entity)
	}
	return nil
}

// check returns NoPermission with the first privilege a call lacks; a nil list is an administrator's.
func (z *authorization) check(user string, ref types.ManagedObjectReference, privileges []string) types.BaseMethodFault {
	z.mu.Lock()
	defer z.mu.Unlock()
	role := z.roleOf(user, ref)
	switch {
	case role != nil && role.RoleId == adminRole:
		return nil
	case role == nil || privileges == nil:
		return &types.NoPermission{Object: &ref, PrivilegeId: "System.View"}
	}
	for _, privilege := range privileges {
		if !slices.Contains(role.Privilege, privilege) {
			return &types.NoPermission{Object: &ref, PrivilegeId: privilege}
		}
	}
	return nil
}

// may returns whether a user has any permission at all; without one a login is refused.
func (z *authorization) may(user string) bool {
	return z.check(user, z.host.model.ServiceContent.RootFolder, []string{"System.View"}) == nil
}

func (z *authorization) forget(user string) {
	z.mu.Lock()
	defer z.mu.Unlock()
	for entity, list := range z.permissions {
		z.permissions[entity] = slices.DeleteFunc(list, func(p types.Permission) bool { return p.Principal == user })
	}
}

// complete adds what every role has, and refuses privileges that do not exist.
func (z *authorization) complete(ids []string) ([]string, types.BaseMethodFault) {
	known := z.role(adminRole).Privilege
	for _, id := range ids {
		if !slices.Contains(known, id) {
			return nil, &types.InvalidArgument{InvalidProperty: "privIds"}
		}
	}
	all := slices.Concat([]string{"System.Anonymous", "System.Read", "System.View"}, ids)
	slices.Sort(all)
	return slices.Compact(all), nil
}

func (z *authorization) named(name string) *types.AuthorizationRole {
	for i := range z.RoleList {
		if z.RoleList[i].Name == name {
			return &z.RoleList[i]
		}
	}
	return nil
}

// AddAuthorizationRole adds a role and answers its id.
func (z *authorization) AddAuthorizationRole(c *types.AddAuthorizationRole) soap.HasFault {
	z.mu.Lock()
	defer z.mu.Unlock()
	refuse := func(fault types.BaseMethodFault) soap.HasFault {
		return &methods.AddAuthorizationRoleBody{Fault_: simulator.Fault("", fault)}
	}
	if c.Name == "" || len(c.Name) > 80 {
		return refuse(&types.InvalidName{Name: c.Name})
	}
	if z.named(c.Name) != nil {
		return refuse(&types.AlreadyExists{Name: c.Name})
	}
	ids, fault := z.complete(c.PrivIds)
	if fault != nil {
		return refuse(fault)
	}
	role := types.AuthorizationRole{RoleId: z.nextRole, Name: c.Name, Privilege: ids,
		Info: &types.Description{Label: c.Name, Summary: c.Name}}
	z.RoleList = append(z.RoleList, role)
	z.nextRole++
	return &methods.AddAuthorizationRoleBody{Res: &types.AddAuthorizationRoleResponse{Returnval: role.RoleId}}
}

// UpdateAuthorizationRole replaces a role's name and privileges; the host's own roles stay.
func (z *authorization) UpdateAuthorizationRole(c *types.UpdateAuthorizationRole) soap.HasFault {
	z.mu.Lock()
	defer z.mu.Unlock()
	refuse := func(fault types.BaseMethodFault) soap.HasFault {
		return &methods.UpdateAuthorizationRoleBody{Fault_: simulator.Fault("", fault)}
	}
	role := z.role(c.RoleId)
	if role == nil {
		return refuse(&types.NotFound{})
	}
	if role.System {
		return refuse(&types.InvalidArgument{InvalidProperty: "roleId"})
	}
	if other := z.named(c.NewName); other != nil && other.RoleId != c.RoleId {
		return refuse(&types.AlreadyExists{Name: c.NewName})
	}
	ids, fault := z.complete(c.PrivIds)
	if fault != nil {
		return refuse(fault)
	}
	role.Name, role.Privilege, role.Info = c.NewName, ids, &types.Description{Label: c.NewName, Summary: c.NewName}
	return &methods.UpdateAuthorizationRoleBody{Res: &types.UpdateAuthorizationRoleResponse{}}
}

// RemoveAuthorizationRole removes a role; with failIfUsed only one nobody has.
func (z *authorization) RemoveAuthorizationRole(c *types.RemoveAuthorizationRole) soap.HasFault {
	z.mu.Lock()
	defer z.mu.Unlock()
	refuse := func(fault types.BaseMethodFault) soap.HasFault {
		return &methods.RemoveAuthorizationRoleBody{Fault_: simulator.Fault("", fault)}
	}
	role := z.role(c.RoleId)
	if role == nil {
		return refuse(&types.NotFound{})
	}
	if role.System {
		return refuse(&types.InvalidArgument{InvalidProperty: "roleId"})
	}
	has := func(p types.Permission) bool { return p.RoleId == c.RoleId }
	for entity, list := range z.permissions {
		if c.FailIfUsed && slices.ContainsFunc(list, has) {
			return refuse(&types.RemoveFailed{})
		}
		z.permissions[entity] = slices.DeleteFunc(list, has)
	}
	z.RoleList = slices.DeleteFunc(z.RoleList, func(r types.AuthorizationRole) bool { return r.RoleId == c.RoleId })
	return &methods.RemoveAuthorizationRoleBody{Res: &types.RemoveAuthorizationRoleResponse{}}
}
