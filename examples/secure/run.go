package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/hashicorp/go-multierror"

	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/ssl/iis"
)

// Exit codes.
const (
	succeeded = 0
	failed    = 1
	misused   = 2 // flags, as the flag package has it
)

// run is the program. Results go to stdout and nothing else does.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parseOptions(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return succeeded
	case err != nil:
		fmt.Fprintln(stderr, "secure:", oneLine(err))
		return misused
	}
	r, err := secure(ctx, o, stderr)
	if err == nil {
		err = r.write(stdout, o.json)
	}
	if err == nil {
		err = r.remains()
	}
	if err != nil {
		fmt.Fprintln(stderr, "secure:", oneLine(err))
		return failed
	}
	return succeeded
}

// result is what the program did; its JSON is the output of -json.
type result struct {
	Config string          `json:"config"`
	Audit  ssl.AuditReport `json:"audit"`
	// Plan is missing when no name was given.
	Plan    *ssl.Plan `json:"plan,omitempty"`
	Applied *applied  `json:"applied,omitempty"`
}

// applied is what -apply did.
type applied struct {
	Changed bool     `json:"changed"`
	Backup  string   `json:"backup,omitempty"`
	Edits   []string `json:"edits"`
	Diff    string   `json:"diff,omitempty"`
	// After is an audit of the file as it is now.
	After ssl.AuditReport `json:"after"`
}

func secure(ctx context.Context, o options, stderr io.Writer) (*result, error) {
	if o.config == "" {
		path, err := copySample()
		if err != nil {
			return nil, err
		}
		o.config = path
		fmt.Fprintf(stderr, "secure: no -config given: this is about a copy of the sample, %s\n", path)
	}
	config, err := o.auditConfig()
	if err != nil {
		return nil, err
	}
	file, err := open(o.config)
	if err != nil {
		return nil, err
	}
	r := &result{Config: file.Path()}
	config.Config = file.Config()
	if r.Audit, err = ssl.Audit(config); err != nil {
		return nil, err
	}
	if o.name == "" {
		return r, nil
	}
	plan, err := ssl.NewPlan(r.Audit, o.planConfig(config, r.Audit))
	if err != nil {
		return nil, err
	}
	if plan.Steps == nil {
		plan.Steps = []ssl.Step{} // an empty list and not null
	}
	r.Plan = &plan
	if o.apply {
		r.Applied, err = apply(ctx, file, plan, config)
	}
	return r, err
}

// apply makes the edits of the plan, all or none, and looks at what came of them.
func apply(ctx context.Context, file *iis.File, plan ssl.Plan, config ssl.AuditConfig) (*applied, error) {
	edited, change, err := file.Config().Apply(plan.Edits()...)
	if err != nil {
		return nil, fmt.Errorf("apply: %w", err)
	}
	done := &applied{Changed: !change.Empty(), Edits: []string{}, Diff: change.Diff()}
	if done.Changed {
		for _, edit := range plan.Edits() {
			done.Edits = append(done.Edits, edit.String())
		}
		if done.Backup, err = file.Write(ctx, edited); err != nil {
			return nil, err
		}
	}
	config.Config = edited
	done.After, err = ssl.Audit(config)
	return done, err
}

// now is the audit of the file as it is in the end.
func (r *result) now() ssl.AuditReport {
	if r.Applied != nil {
		return r.Applied.After
	}
	return r.Audit
}

// remains is an error when something is wrong in the end. Advice is no fault.
func (r *result) remains() error {
	var kinds []string
	for _, f := range r.now().Findings {
		if f.Severity != ssl.Advice {
			kinds = append(kinds, strings.TrimSpace(string(f.Kind)+" "+f.Root))
		}
	}
	switch len(kinds) {
	case 0:
		return nil
	case 1:
		return fmt.Errorf("1 finding remains: %s", kinds[0])
	}
	return fmt.Errorf("%d findings remain: %s", len(kinds), strings.Join(kinds, ", "))
}

// oneLine puts several faults on one line: the last line that a program prints says what is wrong.
func oneLine(err error) string {
	var faults *multierror.Error
	before, listed := "", false
	if errors.As(err, &faults) {
		before, listed = strings.CutSuffix(err.Error(), faults.Error())
	}
	if !listed {
		return strings.ReplaceAll(err.Error(), "\n", " ")
	}
	texts := make([]string, len(faults.Errors))
	for i, fault := range faults.Errors {
		texts[i] = oneLine(fault)
	}
	return before + strings.Join(texts, "; ")
}
