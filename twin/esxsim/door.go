package main

import (
	"crypto/subtle"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/vmware/govmomi/vim25/soap"
)

// account is the one user of the host.
type account struct{ user, password string }

func (a account) admits(r *http.Request) bool {
	user, password, ok := r.BasicAuth()
	return ok && subtle.ConstantTimeCompare([]byte(user), []byte(a.user)) == 1 &&
		subtle.ConstantTimeCompare([]byte(password), []byte(a.password)) == 1
}

// door stands before the library's handlers: files need a login, and tests can have a connection cut.
type door struct {
	host    *host
	account account
	inside  http.Handler
	control *http.ServeMux // nil: no /_ctl/
	drops   atomic.Int64
}

func newDoor(h *host, a account, inside http.Handler) *door {
	return &door{host: h, account: a, inside: inside}
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
	case strings.HasPrefix(r.URL.Path, "/sdk") && r.Method == http.MethodPost && d.drops.Load() > 0:
		d.drops.Add(-1)
		cut(w)
	case strings.HasPrefix(r.URL.Path, "/folder") && !d.account.admits(r) && !d.loggedIn(r):
		http.Error(w, "login", http.StatusUnauthorized)
	default:
		d.inside.ServeHTTP(w, r)
	}
}

func (d *door) loggedIn(r *http.Request) bool {
	cookie, err := r.Cookie(soap.SessionCookieName)
	return err == nil && d.host.admission.known(strings.Trim(cookie.Value, `"`))
}

func cut(w http.ResponseWriter) {
	if connection, _, err := w.(http.Hijacker).Hijack(); err == nil {
		_ = connection.Close() // the point is that nothing is answered
	}
}
