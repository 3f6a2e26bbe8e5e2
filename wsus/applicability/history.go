package applicability

import (
	"context"

	"github.com/google/uuid"
)

// installedOnce asks the install history for the update that the rule belongs to.
func installedOnce(e *evaluation, ctx context.Context, _ *attributes) (Result, error) {
	update := e.options.Update
	if update == uuid.Nil {
		return Result{}, faultf(MetadataMissing, "nobody says which update the rule belongs to")
	}
	history, ok := e.facts.(History)
	if !ok {
		return Result{}, untold("history", "the machine's facts hold no install history")
	}
	once, err := history.InstalledOnce(ctx, update)
	if err != nil {
		return Result{}, unread("history", err)
	}
	if once {
		return result(true, "the history has an installation of update "+update.String()), nil
	}
	return result(false, "the history has no installation of update "+update.String()), nil
}
