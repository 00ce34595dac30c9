package main

import (
	"slices"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// lastAdministrator returns whether nobody would be left on the root folder with full rights.
func (z *authorization) lastAdministrator(entity types.ManagedObjectReference, after []types.Permission) bool {
	if entity != z.host.model.ServiceContent.RootFolder {
		return false
	}
	return !slices.ContainsFunc(after, func(p types.Permission) bool {
		return p.RoleId == adminRole && !slices.Contains(systemAccounts, p.Principal)
	})
}

// SetEntityPermissions adds or changes the principals it names and leaves the others.
func (z *authorization) SetEntityPermissions(c *types.SetEntityPermissions) soap.HasFault {
	z.mu.Lock()
	defer z.mu.Unlock()
	after, fault := z.merged(c.Entity, c.Permission, false)
	if fault != nil {
		return &methods.SetEntityPermissionsBody{Fault_: simulator.Fault("", fault)}
	}
	z.permissions[c.Entity] = after
	return &methods.SetEntityPermissionsBody{Res: &types.SetEntityPermissionsResponse{}}
}

// ResetEntityPermissions replaces every permission of an object.
func (z *authorization) ResetEntityPermissions(c *types.ResetEntityPermissions) soap.HasFault {
	z.mu.Lock()
	defer z.mu.Unlock()
	after, fault := z.merged(c.Entity, c.Permission, true)
	if fault != nil {
		return &methods.ResetEntityPermissionsBody{Fault_: simulator.Fault("", fault)}
	}
	z.permissions[c.Entity] = after
	return &methods.ResetEntityPermissionsBody{Res: &types.ResetEntityPermissionsResponse{}}
}

func (z *authorization) merged(entity types.ManagedObjectReference, news []types.Permission, alone bool) (
	[]types.Permission, types.BaseMethodFault) {
	var after []types.Permission
	if !alone {
		after = slices.Clone(z.permissions[entity])
	}
	for _, p := range news {
		if z.role(p.RoleId) == nil {
			return nil, &types.NotFound{}
		}
		if p.Group || !z.host.accounts.exists(p.Principal) {
			return nil, &types.UserNotFound{Principal: p.Principal}
		}
		p.Entity = &entity
		after = slices.DeleteFunc(after, func(old types.Permission) bool { return old.Principal == p.Principal })
		after = append(after, p)
	}
	if z.lastAdministrator(entity, after) {
		return nil, &types.AuthMinimumAdminPermission{}
	}
	return after, nil
}

// RemoveEntityPermission removes a user's permission on an object.
func (z *authorization) RemoveEntityPermission(c *types.RemoveEntityPermission) soap.HasFault {
	z.mu.Lock()
	defer z.mu.Unlock()
	present := z.permissions[c.Entity]
	after := slices.DeleteFunc(slices.Clone(present),
		func(p types.Permission) bool { return p.Principal == c.User && p.Group == c.IsGroup })
	if len(after) == len(present) {
		return &methods.RemoveEntityPermissionBody{Fault_: simulator.Fault("", &types.NotFound{})}
	}
	if z.lastAdministrator(c.Entity, after) {
		return &methods.RemoveEntityPermissionBody{Fault_: simulator.Fault("", &types.AuthMinimumAdminPermission{})}
	}
	z.permissions[c.Entity] = after
	return &methods.RemoveEntityPermissionBody{Res: &types.RemoveEntityPermissionResponse{}}
}

// RetrieveEntityPermissions answers an object's permissions, with inherited also those of the root folder.
func (z *authorization) RetrieveEntityPermissions(c *types.RetrieveEntityPermissions) soap.HasFault {
	z.mu.Lock()
	defer z.mu.Unlock()
	list := slices.Clone(z.permissions[c.Entity])
	if root := z.host.model.ServiceContent.RootFolder; c.Inherited && c.Entity != root {
		list = append(list, z.permissions[root]...)
	}
	return &methods.RetrieveEntityPermissionsBody{Res: &types.RetrieveEntityPermissionsResponse{Returnval: list}}
}

// RetrieveAllPermissions answers every permission of the host.
func (z *authorization) RetrieveAllPermissions(*types.RetrieveAllPermissions) soap.HasFault {
	z.mu.Lock()
	defer z.mu.Unlock()
	var all []types.Permission
	for _, list := range z.permissions {
		all = append(all, list...)
	}
	return &methods.RetrieveAllPermissionsBody{Res: &types.RetrieveAllPermissionsResponse{Returnval: all}}
}

// RetrieveRolePermissions answers who has a role.
func (z *authorization) RetrieveRolePermissions(c *types.RetrieveRolePermissions) soap.HasFault {
	z.mu.Lock()
	defer z.mu.Unlock()
	if z.role(c.RoleId) == nil {
		return &methods.RetrieveRolePermissionsBody{Fault_: simulator.Fault("", &types.NotFound{})}
	}
	var all []types.Permission
	for _, list := range z.permissions {
		for _, p := range list {
			if p.RoleId == c.RoleId {
				all = append(all, p)
			}
		}
	}
	return &methods.RetrieveRolePermissionsBody{Res: &types.RetrieveRolePermissionsResponse{Returnval: all}}
}

// HasPrivilegeOnEntity answers for each privilege whether the session's user has it.
func (z *authorization) HasPrivilegeOnEntity(ctx *simulator.Context, c *types.HasPrivilegeOnEntity) soap.HasFault {
	granted := make([]bool, len(c.PrivId))
	for i, privilege := range c.PrivId {
		granted[i] = z.check(ctx.Session.UserName, c.Entity, []string{privilege}) == nil
	}
	return &methods.HasPrivilegeOnEntityBody{Res: &types.HasPrivilegeOnEntityResponse{Returnval: granted}}
}
