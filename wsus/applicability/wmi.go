package applicability

import (
	"context"
	"errors"
	"fmt"
)

// wmiQuery is True when the query yields an object. Namespaces and classes that do not exist are False.
func wmiQuery(e *evaluation, ctx context.Context, a *attributes) (Result, error) {
	query, namespace := a.text("WqlQuery"), `root\cimv2`
	if a.has("Namespace") {
		namespace = a.text("Namespace")
	}
	fact := "wmi " + namespace + ": " + query
	wmi, ok := e.facts.(WMI)
	if !ok {
		return Result{}, untold(fact, "the machine's facts answer no WMI queries")
	}
	if a.err != nil {
		return Result{}, a.err
	}
	n, err := wmi.Query(ctx, namespace, query)
	if errors.Is(err, ErrNotFound) {
		return result(false, namespace+" or the class in it is missing: "+query), nil
	}
	return result(n > 0, fmt.Sprintf("%d objects of %s", n, query)), unread(fact, err)
}
