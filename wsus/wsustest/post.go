package wsustest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// answered is what came back for a request made by hand: an answer, or the code of a fault.
type answered struct {
	status int
	fault  clientsync.FaultCode
	body   *element // the child of the SOAP body; nil when there is none
}

// post sends a request made by hand, for what the client of clientsync does not let through. content stands inside the operation.
func (e *examination) post(path, space, operation, content string) (answered, error) {
	message := fmt.Sprintf(`<s:Envelope xmlns:s="%s"><s:Body><%s xmlns="%s">%s</%[2]s></s:Body></s:Envelope>`,
		envelopeSpace, operation, space, content)
	r, err := http.NewRequestWithContext(e.ctx, http.MethodPost, e.client.BaseURL()+path, bytes.NewReader([]byte(message)))
	if err != nil {
		return answered{}, err
	}
	r.Header.Set("Content-Type", "text/xml; charset=utf-8")
	r.Header.Set("SOAPAction", `"`+space+"/"+operation+`"`)
	r.Header.Set("Accept-Encoding", "identity")
	response, err := e.http.Do(r)
	if err != nil {
		return answered{}, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxTapped))
	if err != nil {
		return answered{}, err
	}
	a := answered{status: response.StatusCode}
	root, err := readElements(body)
	if err != nil {
		return a, fmt.Errorf("%s answers %s and no XML", path, response.Status)
	}
	if soap := root.child("Body"); soap != nil && len(soap.children) > 0 {
		a.body = soap.children[0]
	}
	if a.body == nil {
		return a, fmt.Errorf("%s answers %s and no SOAP body", path, response.Status)
	}
	if a.body.name.Local == "Fault" {
		a.fault = clientsync.FaultCode(a.body.child("detail").child("ErrorCode").content())
		return a, &clientsync.Fault{Code: a.fault, Message: a.body.child("faultstring").content()}
	}
	return a, nil
}

// asked says whether err is an answer of the services, right or not: not one of the way there.
func asked(err error) bool {
	var fault *clientsync.Fault
	return err == nil || errors.As(err, &fault)
}
