package main

import (
	"encoding/json"
	"net/http"
	"sync"
)

// calls counts what was asked of the host since the last reset, refused calls included.
type calls struct {
	mu      sync.Mutex
	reads   int
	writes  int
	methods map[string]int
}

func (c *calls) count(method string, write bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.methods == nil {
		c.methods = map[string]int{}
	}
	c.methods[method]++
	if write {
		c.writes++
	} else {
		c.reads++
	}
}

func (c *calls) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reads, c.writes, c.methods = 0, 0, nil
}

// ServeHTTP answers {"reads": n, "writes": n, "methods": {name: n}}.
func (c *calls) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"reads": c.reads, "writes": c.writes, "methods": c.methods})
}
