package clientsync

import (
	"context"
	"errors"
)

// do makes a call, and makes it again after a fault that something can be done about. Each code is met once: a server that
// answers the same again is not asked a third time.
func (s *Session) do(ctx context.Context, prepare, call func(context.Context) error) error {
	met := map[FaultCode]bool{}
	for {
		err := prepare(ctx)
		if err == nil {
			err = call(ctx)
		}
		var fault *Fault
		if !errors.As(err, &fault) || met[fault.Code] || !s.recover(fault.Code) {
			return err
		}
		met[fault.Code] = true
	}
}

// recover changes the state so that the next prepare does what the fault asks for (MS-WUSP §2.2.2.4). It answers false when
// nothing can be done at once: the call was wrong, the server needs time, or the caller has to ask for file locations anew.
func (s *Session) recover(code FaultCode) bool {
	switch code {
	case InvalidCookie, ServerChanged:
		s.State = SessionState{RefreshPending: true}
	case ConfigChanged:
		s.State.Config = nil
		s.State.CookieStale = true
	case CookieExpired, InvalidAuthorizationCookie:
		s.State.CookieStale = true
	case RegistrationRequired:
		s.State.Registered = ""
		s.registerNow = true
	case RegistrationNotRequired:
		if s.State.Config == nil { // not an answer to what was asked
			return false
		}
		s.State.Config.IsRegistrationRequired = false
	default:
		return false
	}
	return true
}
