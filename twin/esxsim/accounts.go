package main

import (
	"crypto/subtle"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// systemAccounts stand on every host besides root; nobody logs in with them.
var systemAccounts = []string{"dcui", "vpxuser"}

// local is one account of the host. Earlier passwords are kept for Security.PasswordHistory.
type local struct {
	password    string
	earlier     []string
	description string
	shell       bool
	failures    int64
	lockedUntil time.Time
}

// accounts keeps the local users and decides about logins.
type accounts struct {
	mo.HostLocalAccountManager
	host *host
	root string // the account a fresh host has
	mu   sync.Mutex
	list map[string]*local
}

func newAccounts(h *host, root account) *accounts {
	a := &accounts{host: h, root: root.user, list: map[string]*local{
		root.user: {password: root.password, description: "Administrator", shell: true}}}
	a.Self = *h.model.ServiceContent.AccountManager
	for _, name := range systemAccounts {
		a.list[name] = &local{description: name}
	}
	return a
}

func (a *accounts) exists(name string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.list[name] != nil
}

// enter decides about a login: InvalidLogin for a wrong password and for a locked account alike.
func (a *accounts) enter(name, password string) types.BaseMethodFault {
	a.mu.Lock()
	defer a.mu.Unlock()
	user := a.list[name]
	if user == nil || user.password == "" {
		return &types.InvalidLogin{}
	}
	now := a.host.clock.now()
	if now.Before(user.lockedUntil) {
		return &types.InvalidLogin{}
	}
	if subtle.ConstantTimeCompare([]byte(user.password), []byte(password)) != 1 {
		user.failures++
		if limit := a.host.options.number("Security.AccountLockFailures"); limit > 0 && user.failures >= limit {
			unlock := time.Duration(a.host.options.number("Security.AccountUnlockTime")) * time.Second
			user.failures, user.lockedUntil = 0, now.Add(unlock)
		}
		return &types.InvalidLogin{}
	}
	user.failures = 0
	return nil
}

// set gives an account a password that the host's rule takes and the account has not had lately.
func (a *accounts) set(name string, user *local, password string) types.BaseMethodFault {
	refused := &types.InvalidArgument{InvalidProperty: "password"}
	if !parseRule(a.host.options.text("Security.PasswordQualityControl")).accepts(password, name, user.password) {
		return refused
	}
	kept := int(a.host.options.number("Security.PasswordHistory"))
	used := append(slices.Clone(user.earlier), user.password)
	if slices.Contains(used[max(0, len(used)-kept):], password) {
		return refused
	}
	user.earlier, user.password = used, password
	return nil
}

func describe(user *local, spec types.BaseHostAccountSpec) {
	if text := spec.GetHostAccountSpec().Description; text != "" {
		user.description = text
	}
	if posix, ok := spec.(*types.HostPosixAccountSpec); ok && posix.ShellAccess != nil {
		user.shell = *posix.ShellAccess
	}
}

// CreateUser adds an account with a password.
func (a *accounts) CreateUser(c *types.CreateUser) soap.HasFault {
	a.mu.Lock()
	defer a.mu.Unlock()
	refuse := func(fault types.BaseMethodFault) soap.HasFault {
		return &methods.CreateUserBody{Fault_: simulator.Fault("", fault)}
	}
	spec := c.User.GetHostAccountSpec()
	if spec.Id == "" || len(spec.Id) > 32 || strings.ContainsAny(spec.Id, " :/\\@\"'") {
		return refuse(&types.InvalidArgument{InvalidProperty: "id"})
	}
	if a.list[spec.Id] != nil {
		return refuse(&types.AlreadyExists{Name: spec.Id})
	}
	user := &local{}
	if fault := a.set(spec.Id, user, spec.Password); fault != nil {
		return refuse(fault)
	}
	user.earlier = nil // there was none before the first
	describe(user, c.User)
	a.list[spec.Id] = user
	return &methods.CreateUserBody{Res: &types.CreateUserResponse{}}
}

// UpdateUser changes what the spec names.
func (a *accounts) UpdateUser(c *types.UpdateUser) soap.HasFault {
	a.mu.Lock()
	defer a.mu.Unlock()
	spec := c.User.GetHostAccountSpec()
	user := a.list[spec.Id]
	if user == nil {
		return &methods.UpdateUserBody{Fault_: simulator.Fault("", &types.UserNotFound{Principal: spec.Id})}
	}
	if spec.Password != "" {
		if fault := a.set(spec.Id, user, spec.Password); fault != nil {
			return &methods.UpdateUserBody{Fault_: simulator.Fault("", fault)}
		}
	}
	describe(user, c.User)
	return &methods.UpdateUserBody{Res: &types.UpdateUserResponse{}}
}

// RemoveUser removes an account and its permissions; the host's own ones stay.
func (a *accounts) RemoveUser(c *types.RemoveUser) soap.HasFault {
	if fault := a.remove(c.UserName); fault != nil {
		return &methods.RemoveUserBody{Fault_: simulator.Fault("", fault)}
	}
	a.host.authorization.forget(c.UserName) // outside our lock: permissions ask for accounts under theirs
	return &methods.RemoveUserBody{Res: &types.RemoveUserResponse{}}
}

func (a *accounts) remove(name string) types.BaseMethodFault {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case a.list[name] == nil:
		return &types.UserNotFound{Principal: name}
	case name == a.root || slices.Contains(systemAccounts, name):
		return &types.SecurityError{}
	}
	delete(a.list, name)
	return nil
}

// ChangePassword lets an account change its own password with the old one.
func (a *accounts) ChangePassword(c *types.ChangePassword) soap.HasFault {
	refuse := func(fault types.BaseMethodFault) soap.HasFault {
		return &methods.ChangePasswordBody{Fault_: simulator.Fault("", fault)}
	}
	if fault := a.enter(c.User, c.OldPassword); fault != nil {
		return refuse(fault)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if fault := a.set(c.User, a.list[c.User], c.NewPassword); fault != nil {
		return refuse(fault)
	}
	return &methods.ChangePasswordBody{Res: &types.ChangePasswordResponse{}}
}

// directory answers who exists.
type directory struct {
	mo.UserDirectory
	host *host
}

// RetrieveUserGroups finds users; a host has no groups of its own.
func (d *directory) RetrieveUserGroups(c *types.RetrieveUserGroups) soap.HasFault {
	if c.Domain != "" {
		return &methods.RetrieveUserGroupsBody{Fault_: simulator.Fault("", &types.NotFound{})}
	}
	var found []types.BaseUserSearchResult
	d.host.accounts.mu.Lock()
	defer d.host.accounts.mu.Unlock()
	for name, user := range d.host.accounts.list {
		matches := name == c.SearchStr || !c.ExactMatch && strings.Contains(strings.ToLower(name), strings.ToLower(c.SearchStr))
		if c.FindUsers && matches {
			found = append(found, &types.PosixUserSearchResult{
				UserSearchResult: types.UserSearchResult{Principal: name, FullName: user.description},
				ShellAccess:      types.NewBool(user.shell)})
		}
	}
	slices.SortFunc(found, func(x, y types.BaseUserSearchResult) int {
		return strings.Compare(x.GetUserSearchResult().Principal, y.GetUserSearchResult().Principal)
	})
	return &methods.RetrieveUserGroupsBody{Res: &types.RetrieveUserGroupsResponse{Returnval: found}}
}
