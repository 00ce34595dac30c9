package main

import (
	"sync"
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// open returns the sessions that are open now.
func (a *admission) open() []types.UserSession {
	registry := a.host.model.Service.Context.Map
	asker := &simulator.Session{Registry: simulator.NewRegistry(), Map: registry}
	manager, ok := asker.Get(*a.host.model.ServiceContent.SessionManager).(*simulator.SessionManager)
	if !ok {
		return nil
	}
	return manager.SessionList
}

// user returns whose session a key opens.
func (a *admission) user(key string) (string, bool) {
	for _, session := range a.open() {
		if session.Key == key {
			return session.UserName, true
		}
	}
	return "", false
}

// expire ends every session, as the idle time-out does.
func (a *admission) expire() int {
	var keys []string
	for _, session := range a.open() {
		keys = append(keys, session.Key)
	}
	a.end(keys...)
	return len(keys)
}

// end ends sessions.
func (a *admission) end(keys ...string) {
	registry := a.host.model.Service.Context.Map
	manager := registry.Get(*a.host.model.ServiceContent.SessionManager).(*simulator.SessionManager)
	nobody := &simulator.Context{Session: &simulator.Session{}, Map: registry}
	manager.TerminateSession(nobody, &types.TerminateSession{SessionId: keys})
}

// idle remembers when each session last asked for anything, by the host's clock.
type idle struct {
	mu   sync.Mutex
	last map[string]time.Time
}

// ended returns whether a session was silent for longer than the time-out (minutes, 0: never), and
// notes its call.
func (i *idle) ended(key string, now time.Time, minutes int64) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.last == nil {
		i.last = map[string]time.Time{}
	}
	last, known := i.last[key]
	if known && minutes > 0 && now.Sub(last) > time.Duration(minutes)*time.Minute {
		delete(i.last, key)
		return true
	}
	i.last[key] = now
	return false
}
