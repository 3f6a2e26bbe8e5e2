package wsus

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/hashicorp/go-multierror"
)

// RuleStore keeps automatic approval rules.
type RuleStore interface {
	// Rules returns all, ordered by Name and then ID.
	Rules(ctx context.Context) ([]InstallApprovalRule, error)
	// PutRule inserts or replaces by ID.
	PutRule(ctx context.Context, r InstallApprovalRule) error
	// DeleteRule is no error for one that is not there.
	DeleteRule(ctx context.Context, id uuid.UUID) error
}

// InstallApprovalRule approves updates as they arrive: the product's IAutomaticUpdateApprovalRule.
type InstallApprovalRule struct {
	ID   uuid.UUID
	Name string
	// Enabled lets the rule run after an import. ApplyInstallApprovalRule runs it either way.
	Enabled bool
	// Action is Install, OptionalInstall or Scan.
	Action Action
	// Deadline, only with Install, is when agents install by themselves; nil: never.
	Deadline *RuleDeadline
	// Categories are ids of products, or of the families and companies above them, to one of which an update must belong; none: any.
	Categories []uuid.UUID
	// Classifications are those of which an update must have one; none: any. Drivers have one of their own, Drivers.
	Classifications []uuid.UUID
	// Groups get the approval. At least one.
	Groups []uuid.UUID
}

// RuleDeadline is a deadline that counts from the approval.
type RuleDeadline struct {
	// DayOffset is how many days after that of the approval, 0 to MaxDayOffset.
	DayOffset int
	// MinutesAfterMidnight is the time of that day in UTC, 0 to 1439.
	MinutesAfterMidnight int
}

// MaxDayOffset bounds the days of a RuleDeadline.
const MaxDayOffset = 365

// after returns the deadline of an approval that is made now.
func (d *RuleDeadline) after(now time.Time) time.Time {
	if d == nil {
		return time.Time{}
	}
	year, month, day := now.UTC().Date()
	return time.Date(year, month, day+d.DayOffset, 0, d.MinutesAfterMidnight, 0, 0, time.UTC)
}

// Validate says everything that is wrong with the rule.
func (r InstallApprovalRule) Validate() error {
	var faults *multierror.Error
	if strings.TrimSpace(r.Name) == "" || len(r.Name) > MaxNameBytes {
		faults = multierror.Append(faults, fmt.Errorf("InstallApprovalRule.Name must have 1 to %d bytes", MaxNameBytes))
	}
	if r.Action != Install && r.Action != OptionalInstall && r.Action != Scan {
		faults = multierror.Append(faults, fmt.Errorf("InstallApprovalRule.Action is %v, want Install, OptionalInstall or Scan", r.Action))
	}
	if d := r.Deadline; d != nil {
		if r.Action != Install {
			faults = multierror.Append(faults, fmt.Errorf("only Install has a deadline, not %v", r.Action))
		}
		if d.DayOffset < 0 || d.DayOffset > MaxDayOffset {
			faults = multierror.Append(faults, fmt.Errorf("InstallApprovalRule.Deadline.DayOffset is %d, want 0 to %d", d.DayOffset, MaxDayOffset))
		}
		if d.MinutesAfterMidnight < 0 || d.MinutesAfterMidnight >= 24*60 {
			faults = multierror.Append(faults, fmt.Errorf("InstallApprovalRule.Deadline.MinutesAfterMidnight is %d, want 0 to %d", d.MinutesAfterMidnight, 24*60-1))
		}
	}
	if len(r.Groups) == 0 {
		faults = multierror.Append(faults, errors.New("InstallApprovalRule.Groups is empty: name the groups that get the approval, such as AllComputers"))
	}
	return faults.ErrorOrNil()
}
