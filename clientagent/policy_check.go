package clientagent

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"time"
	"unicode"

	"github.com/google/uuid"
	"github.com/hashicorp/go-multierror"
)

// Limits of a policy.
const (
	// MaxDeployments is how many deployments a policy may have.
	MaxDeployments = 1000
	// MaxDeploymentUpdates is how many updates a deployment may have, as in the product.
	MaxDeploymentUpdates = 1000
	// MaxLocations is how many WSUS servers a policy may name.
	MaxLocations = 100
	maxSource    = 256
	maxETag      = 1024
	// lastYear is the last that can be written: the text of a time has four digits for it.
	lastYear = 9999
)

// Validate tells everything that makes a policy unusable, as a *multierror.Error. An agent goes on with its last policy then.
func (p Policy) Validate() error {
	var faults *multierror.Error
	if err := checkETag(p.ETag); err != nil {
		faults = multierror.Append(faults, err)
	}
	if err := checkSource(p.UpdateSource); err != nil {
		faults = multierror.Append(faults, err)
	}
	if p.ContentVersion < 0 {
		faults = multierror.Append(faults, fmt.Errorf("content version %d is negative", p.ContentVersion))
	}
	if len(p.Locations) > MaxLocations {
		faults = multierror.Append(faults, fmt.Errorf("%d locations are more than %d", len(p.Locations), MaxLocations))
	}
	for _, location := range p.Locations {
		u, err := url.Parse(location.WSUSURL)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			faults = multierror.Append(faults, fmt.Errorf("location %q is not the address of a server", location.WSUSURL))
		}
		if location.Fallback < NeverFallback {
			faults = multierror.Append(faults, fmt.Errorf("location %q has %d minutes of fallback: want %d for never, or more",
				location.WSUSURL, location.Fallback, NeverFallback))
		}
	}
	if len(p.Deployments) > MaxDeployments {
		faults = multierror.Append(faults, fmt.Errorf("%d deployments are more than %d", len(p.Deployments), MaxDeployments))
	}
	seen := make(map[uuid.UUID]bool, len(p.Deployments))
	for _, d := range p.Deployments {
		if seen[d.ID] {
			faults = multierror.Append(faults, fmt.Errorf("deployment %s is there twice", d.ID))
		}
		seen[d.ID] = true
		if len(d.Updates) > MaxDeploymentUpdates {
			faults = multierror.Append(faults, fmt.Errorf("deployment %s has %d updates, more than %d", d.ID, len(d.Updates), MaxDeploymentUpdates))
		}
		if err := d.DeploymentOptions.Validate(d.Required()); err != nil {
			faults = multierror.Append(faults, fmt.Errorf("deployment %s: %w", d.ID, err))
		}
		if err := d.checkTimes(); err != nil {
			faults = multierror.Append(faults, err)
		}
	}
	for _, id := range slices.SortedFunc(maps.Keys(p.MaxRunTimes), func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) }) {
		if err := ValidateMaxRunTime(p.MaxRunTimes[id]); err != nil {
			faults = multierror.Append(faults, fmt.Errorf("update %s: %w", id, err))
		}
	}
	if err := p.ServiceWindows.Validate(); err != nil {
		faults = multierror.Append(faults, err)
	}
	return faults.ErrorOrNil()
}

// checkETag accepts what can be asked for with the next poll, in a header of HTTP. With any other the agent could never poll again.
func checkETag(etag string) error {
	if etag == "" {
		return errors.New("policy has no etag")
	}
	if len(etag) > maxETag {
		return fmt.Errorf("etag of %d bytes is longer than %d", len(etag), maxETag)
	}
	for i := range len(etag) {
		if c := etag[i]; c <= ' ' || c == '"' || c == 0x7f {
			return fmt.Errorf("etag %q has a character that no etag may have", etag)
		}
	}
	return nil
}

// checkTimes accepts what a record can hold.
func (d Deployment) checkTimes() error {
	for _, moment := range []time.Time{d.StartTime, d.EnforcementDeadline, d.ExpirationTime} {
		if year := moment.UTC().Year(); year < 1 || year > lastYear {
			return fmt.Errorf("deployment %s has a time in the year %d: want 1 to %d", d.ID, year, lastYear)
		}
	}
	return nil
}

// checkSource accepts what can be the id of a topic: state messages carry it.
func checkSource(source string) error {
	if len(source) > maxSource {
		return fmt.Errorf("update source of %d bytes is longer than %d", len(source), maxSource)
	}
	for _, r := range source {
		if !unicode.IsPrint(r) {
			return fmt.Errorf("update source %q has a character that cannot be printed", source)
		}
	}
	return nil
}
