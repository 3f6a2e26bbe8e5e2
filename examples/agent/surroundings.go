package main

import (
	"context"
	"io"
	"math/rand/v2"
	"net"
	"time"
)

// surroundings are all that the program takes from outside, so that a test can run it with a clock that stands still.
type surroundings struct {
	stdout, stderr io.Writer
	now            func() time.Time
	zone           *time.Location
	// dial opens the connections to servers and sites.
	dial func(ctx context.Context, network, address string) (net.Conn, error)
	// clientID and rand are drawn at random when they are not set.
	clientID string
	rand     *rand.Rand
}

// thisComputer are the surroundings of a program at a terminal.
func thisComputer(stdout, stderr io.Writer) surroundings {
	dialer := &net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second}
	return surroundings{stdout: stdout, stderr: stderr, now: time.Now, zone: time.Local, dial: dialer.DialContext}
}
