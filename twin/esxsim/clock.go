package main

import (
	"sync/atomic"
	"time"
)

// clock is the host's own time: the machine's, and what a test has put it forward by.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

func (c *clock) advance(d time.Duration) { c.ahead.Add(int64(d)) }
