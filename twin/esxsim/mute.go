package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"sync"
)

// mutes lets a call take effect and then cuts the connection instead of answering: the caller cannot
// know whether it was done. A test orders it by POST /_ctl/mute {"Method": "AddPortGroup", "Max": 1}.
type mutes struct {
	mu   sync.Mutex
	left map[string]int // method -> answers still to be swallowed
}

// ServeHTTP takes the order.
func (m *mutes) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var in order
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.Method == "" {
		http.Error(w, "Method", http.StatusBadRequest)
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.left == nil {
		m.left = map[string]int{}
	}
	m.left[in.Method] = max(in.Max, 1)
}

func (m *mutes) clear() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.left = nil
}

// swallow returns whether the answer of this call is to be swallowed; the request stays readable.
func (m *mutes) swallow(r *http.Request) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.left) == 0 {
		return false
	}
	body, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	if err != nil {
		return false
	}
	for method, left := range m.left {
		if left > 0 && bytes.Contains(body, []byte("<"+method+" ")) {
			m.left[method]--
			return true
		}
	}
	return false
}

// nobody is an answer that goes nowhere.
type nobody struct{ header http.Header }

func (n nobody) Header() http.Header            { return n.header }
func (n nobody) Write(text []byte) (int, error) { return len(text), nil }
func (n nobody) WriteHeader(int)                {}
