package clientsync

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// DefaultMaxTrips is after how many round trips an agent gives a scan up (0x80244010).
const DefaultMaxTrips = 200

// ErrTooManyTrips says that a Session has used up its MaxTrips.
var ErrTooManyTrips = errors.New("the server wants too many round trips")

// Patience is how long a Session waits by itself when the server asks for time (ServerBusy, InternalServerError). The zero
// value does not wait at all: the fault is the caller's, who may have a schedule of his own.
type Patience struct {
	// Retries of one call.
	Retries int
	// Delay before the first retry; each further one waits twice as long, up to MaxDelay (0: no bound). What is really waited is
	// between half of that and all of it, at random, so that clients that were refused together do not come back together.
	Delay, MaxDelay time.Duration
}

// Recovery is one thing that a Session did about a fault.
type Recovery struct {
	Fault *Fault
	// Attempt counts the recoveries of the same call, from 1.
	Attempt int
	// Did says it in words, for a log: "new authorization and cookie".
	Did string
	// Wait before the call is made again; 0 when it is made at once.
	Wait time.Duration
}

// do makes a call, and makes it again after a fault that something can be done about. A code that asks for a step of the
// handshake is met once: a server that answers the same again is not asked a third time. One that asks for time is met as often
// as Patience allows.
func (s *Session) do(ctx context.Context, prepare, call func(context.Context) error) error {
	met := map[FaultCode]bool{}
	waits := 0
	for attempt := 1; ; attempt++ {
		err := s.once(ctx, prepare, call)
		var fault *Fault
		if !errors.As(err, &fault) {
			return err
		}
		r := Recovery{Fault: fault, Attempt: attempt}
		switch {
		case fault.wantsTime() && waits < s.Patience.Retries:
			waits++
			r.Did, r.Wait = "wait for the server", s.Patience.wait(waits, s.random())
		case met[fault.Code]:
			return err
		default:
			met[fault.Code] = true
			var done bool
			if r.Did, done = s.recover(fault.Code); !done {
				return err
			}
		}
		if s.Recovered != nil {
			s.Recovered(r)
		}
		if err := s.pause(ctx, r.Wait); err != nil {
			return fmt.Errorf("%w: %w", err, fault)
		}
		if fault.Code == FileLocationChanged {
			if err := s.relocate(ctx); err != nil {
				return fmt.Errorf("relocate after a fault: %w", err)
			}
		}
	}
}

func (s *Session) once(ctx context.Context, prepare, call func(context.Context) error) error {
	if err := prepare(ctx); err != nil {
		return err
	}
	if call == nil {
		return nil
	}
	if err := s.trip(); err != nil {
		return err
	}
	return call(ctx)
}

// trip counts one round trip before it is made.
func (s *Session) trip() error {
	if s.MaxTrips > 0 && s.Trips >= s.MaxTrips {
		return fmt.Errorf("%w: %d", ErrTooManyTrips, s.Trips)
	}
	s.Trips++
	return nil
}

// wantsTime says that the call was right and may succeed later.
func (f *Fault) wantsTime() bool { return f.Code == ServerBusy || f.Code == InternalServerError }

// recover changes the state so that the next prepare does what the fault asks for (MS-WUSP §2.2.2.4), and says what that is. It
// answers false when nothing can be done: the call was wrong, the server needs time, or nobody can ask for locations anew.
func (s *Session) recover(code FaultCode) (did string, done bool) {
	switch code {
	case InvalidCookie, ServerChanged:
		s.State = SessionState{RefreshPending: true}
		return "the whole handshake anew, and the cache's revision ids", true
	case ConfigChanged:
		s.State.Config = nil
		s.State.CookieStale = true
		return "configuration, authorization and cookie anew", true
	case CookieExpired, InvalidAuthorizationCookie:
		s.State.CookieStale = true
		return "authorization and cookie anew", true
	case RegistrationRequired:
		s.State.Registered = ""
		s.registerNow = true
		return "register the computer", true
	case RegistrationNotRequired:
		if s.State.Config == nil { // not an answer to what was asked
			return "", false
		}
		s.State.Config.IsRegistrationRequired = false
		return "register no more", true
	case FileLocationChanged:
		return "ask where the files are", s.Relocate != nil && !s.relocating
	default:
		return "", false
	}
}

func (s *Session) relocate(ctx context.Context) error {
	s.relocating = true
	defer func() { s.relocating = false }()
	return s.Relocate(ctx, s)
}

// wait is the delay before retry n, counted from 1; random is in [0, 1).
func (p Patience) wait(n int, random float64) time.Duration {
	d := p.Delay
	for range n - 1 {
		if d > time.Duration(1<<62) || p.MaxDelay > 0 && d >= p.MaxDelay {
			break
		}
		d *= 2
	}
	if p.MaxDelay > 0 {
		d = min(d, p.MaxDelay)
	}
	return d/2 + time.Duration(random*float64(d-d/2))
}

func (s *Session) random() float64 {
	if s.Random != nil {
		return s.Random()
	}
	return rand.Float64()
}

func (s *Session) pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
