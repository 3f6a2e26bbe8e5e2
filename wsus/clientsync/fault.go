package clientsync

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/internal/soap"
)

// FaultCode is the ErrorCode of a fault; it tells a client how to recover (MS-WUSP §2.2.2.4).
type FaultCode string

// The fault codes, each with what the client does about it.
const (
	// InvalidCookie: the cookie cannot be read. Whole handshake, then RefreshCache.
	InvalidCookie FaultCode = "InvalidCookie"
	// ServerChanged: the cookie is of another server, or revision ids were assigned anew. As InvalidCookie.
	ServerChanged FaultCode = "ServerChanged"
	// ConfigChanged: the client knows an old configuration. Whole handshake.
	ConfigChanged FaultCode = "ConfigChanged"
	// CookieExpired: new authorization and cookie.
	CookieExpired FaultCode = "CookieExpired"
	// RegistrationRequired: RegisterComputer, then again.
	RegistrationRequired FaultCode = "RegistrationRequired"
	// RegistrationNotRequired: no more RegisterComputer.
	RegistrationNotRequired FaultCode = "RegistrationNotRequired"
	// InvalidAuthorizationCookie: new authorization.
	InvalidAuthorizationCookie FaultCode = "InvalidAuthorizationCookie"
	// InvalidParameters: not to be repeated as it was. Message names the parameter.
	InvalidParameters FaultCode = "InvalidParameters"
	// InternalServerError: later again.
	InternalServerError FaultCode = "InternalServerError"
	// ServerBusy: later again.
	ServerBusy FaultCode = "ServerBusy"
	// FileLocationChanged: GetFileLocations, then go on.
	FileLocationChanged FaultCode = "FileLocationChanged"
)

// Fault is a SOAP fault of the services. A Backend answers one to have it sent as it is; Client returns it.
type Fault struct {
	Code FaultCode
	// Message may be empty. In InvalidParameters it names the parameter.
	Message string
	// ID of this occurrence, for finding it in the server's log. The Handler sets it.
	ID uuid.UUID
	// Method is the SOAPAction of the request, with its quotes. The Handler sets it.
	Method string
}

func (f *Fault) Error() string {
	switch {
	case f.Code == "":
		return fmt.Sprintf("fault without error code: %s", f.Message)
	case f.Message == "":
		return fmt.Sprintf("fault %s", f.Code)
	default:
		return fmt.Sprintf("fault %s: %s", f.Code, f.Message)
	}
}

// IsFault tells whether err is, or wraps, a Fault with the code.
func IsFault(err error, code FaultCode) bool {
	var fault *Fault
	return errors.As(err, &fault) && fault.Code == code
}

func invalid(parameter string) *Fault { return &Fault{Code: InvalidParameters, Message: parameter} }

// faultOf maps an error of a request to the fault that answers it. What is not the client's doing is told without its text.
func faultOf(err error) *Fault {
	var (
		fault  *Fault
		value  *soap.ValueError
		syntax *soap.SyntaxError
		limit  *soap.LimitError
	)
	switch {
	case errors.As(err, &fault):
		copied := *fault
		return &copied
	case errors.As(err, &value):
		return invalid(value.Path)
	case errors.As(err, &syntax), errors.As(err, &limit), errors.Is(err, soap.ErrVersion):
		return invalid(err.Error())
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return &Fault{Code: ServerBusy}
	default:
		return &Fault{Code: InternalServerError}
	}
}

// faultFrom maps a fault on the wire to the error that a Client returns. The specification spells two codes in two ways.
func faultFrom(wire soap.Fault) *Fault {
	fault := &Fault{Code: FaultCode(wire.Detail.ErrorCode), Message: wire.Detail.Message, Method: wire.Detail.Method}
	fault.ID, _ = uuid.Parse(wire.Detail.ID) // an unreadable one is as good as none
	switch fault.Code {
	case "FileLocationsChanged":
		fault.Code = FileLocationChanged
	case "InvalidParameter":
		fault.Code = InvalidParameters
	case "":
		fault.Message = wire.Reason
	}
	return fault
}
