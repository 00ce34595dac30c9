package main

import (
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/vmware/govmomi/vim25/soap"
)

// account is the name and password a fresh host has.
type account struct{ user, password string }

func (a account) admits(r *http.Request) bool {
	user, password, ok := r.BasicAuth()
	return ok && subtle.ConstantTimeCompare([]byte(user), []byte(a.user)) == 1 &&
		subtle.ConstantTimeCompare([]byte(password), []byte(a.password)) == 1
}

// door stands before the library's handlers: a host that is off answers nobody, the host's firewall
// lets new connections pass or not, files need a login, and tests can have a connection cut.
type door struct {
	host    *host
	account account // of the test endpoints
	inside  http.Handler
	control *http.ServeMux // nil: no /_ctl/
	drops   atomic.Int64
	mutes   mutes
	passed  sync.Map // remote address of each open connection the firewall let through
}

func newDoor(h *host, a account, inside http.Handler) *door {
	return &door{host: h, account: a, inside: inside}
}

// follow forgets a connection when it ends; the server's own hook goes on being called.
func (d *door) follow(hook func(net.Conn, http.ConnState)) func(net.Conn, http.ConnState) {
	return func(c net.Conn, state http.ConnState) {
		if state == http.StateClosed || state == http.StateHijacked {
			d.passed.Delete(c.RemoteAddr().String())
		}
		if hook != nil {
			hook(c, state)
		}
	}
}

// passes asks the host's firewall once for each connection: an open one outlives a new rule.
func (d *door) passes(r *http.Request) bool {
	if _, open := d.passed.Load(r.RemoteAddr); open {
		return true
	}
	remote, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || !d.host.firewall.admits(remote.Addr()) {
		return false
	}
	d.passed.Store(r.RemoteAddr, true)
	return true
}

// ServeHTTP lets a request through to where it belongs.
func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case d.control != nil && strings.HasPrefix(r.URL.Path, "/_ctl/"):
		if !d.account.admits(r) {
			http.Error(w, "login", http.StatusUnauthorized)
			return
		}
		d.control.ServeHTTP(w, r)
	case !d.host.power.isOn() || !d.passes(r):
		cut(w)
	case strings.HasPrefix(r.URL.Path, "/sdk") && r.Method == http.MethodPost && d.drops.Load() > 0:
		d.drops.Add(-1)
		cut(w)
	case strings.HasPrefix(r.URL.Path, "/sdk") && r.Method == http.MethodPost && d.mutes.swallow(r):
		d.inside.ServeHTTP(nobody{http.Header{}}, r)
		cut(w)
	case strings.HasPrefix(r.URL.Path, "/folder"):
		d.serveFile(w, r)
	default:
		d.inside.ServeHTTP(w, r)
	}
}

// serveFile is /folder: with a session or a login, and the privilege to write or browse.
func (d *door) serveFile(w http.ResponseWriter, r *http.Request) {
	user, known := d.fileUser(r)
	if !known {
		http.Error(w, "login", http.StatusUnauthorized)
		return
	}
	write := r.Method == http.MethodPut || r.Method == http.MethodPost || r.Method == http.MethodDelete
	privilege := "Datastore.Browse"
	if write {
		privilege = "Datastore.FileManagement"
	}
	d.host.calls.count(r.Method+" /folder", write)
	if d.host.authorization.check(user, d.host.system.Self, []string{privilege}) != nil {
		http.Error(w, privilege, http.StatusForbidden)
		return
	}
	d.inside.ServeHTTP(w, r)
}

func (d *door) fileUser(r *http.Request) (string, bool) {
	if cookie, err := r.Cookie(soap.SessionCookieName); err == nil {
		if user, open := d.host.admission.user(strings.Trim(cookie.Value, `"`)); open {
			return user, true
		}
	}
	user, password, ok := r.BasicAuth()
	return user, ok && d.host.accounts.enter(user, password) == nil
}

func cut(w http.ResponseWriter) {
	if connection, _, err := w.(http.Hijacker).Hijack(); err == nil {
		_ = connection.Close() // the point is that nothing is answered
	}
}
