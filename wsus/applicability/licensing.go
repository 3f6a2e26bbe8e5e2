package applicability

import (
	"context"
	"errors"
	"fmt"
)

// license returns a value of the licensing service. Without the ability to ask for it no value is known, which is not an error.
func (e *evaluation) license(ctx context.Context, name string) (v Value, ok bool, err error) {
	licensing, able := e.facts.(Licensing)
	if !able {
		return Value{}, false, nil
	}
	v, err = licensing.License(ctx, name)
	if errors.Is(err, ErrNotFound) {
		return Value{}, false, nil
	}
	return v, err == nil, unread("license "+name, err)
}

// licenseDword is False for a value that is not known or no DWORD.
func licenseDword(e *evaluation, ctx context.Context, a *attributes) (Result, error) {
	name, comparison, want := a.text("Value"), a.scalar(), a.dword("Data")
	if a.err != nil {
		return Result{}, a.err
	}
	v, ok, err := e.license(ctx, name)
	switch {
	case err != nil || !ok:
		return result(false, "licensing value "+name+" is not known"), err
	case v.Type != "REG_DWORD":
		return result(false, "licensing value "+name+" is "+v.Type+", not REG_DWORD"), nil
	}
	return compared(holds(comparison, v.Number, want), fmt.Sprintf("licensing value %s is %d", name, v.Number),
		fmt.Sprintf("%v %d", comparison, want)), nil
}

func licenseValueExists(e *evaluation, ctx context.Context, a *attributes) (Result, error) {
	name := a.text("Value")
	if a.err != nil {
		return Result{}, a.err
	}
	_, ok, err := e.license(ctx, name)
	return result(ok, there("licensing value "+name, ok)), err
}
