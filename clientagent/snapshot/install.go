package snapshot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// handlers do what each kind of installation does on its own; what its rules want beyond that follows from the rules.
var handlers = map[string]func(*state, clientagent.Job) (restart bool, err error){
	"CommandLineInstallation": runCommand,
	"WindowsInstaller":        runWindowsInstaller,
	"Cbs":                     addPackage,
}

// Install puts one update in place: it reads every payload to its end, does what the handler does, and changes the facts until
// the update's IsInstalled rule holds. When that cannot be, the machine stays as it was and the error is a
// [*clientagent.InstallError]. Handlers other than CommandLineInstallation, WindowsInstaller and Cbs are refused so.
//
// A restart is required when the update always requires one or the successful return code of its command says so.
func (m *Machine) Install(ctx context.Context, job clientagent.Job) (clientagent.InstallResult, error) {
	if job.Core == nil || job.Extended == nil {
		return clientagent.InstallResult{}, failure(clientagent.CodeInvalidMetadata, "the job lacks a part of the update's metadata")
	}
	handler := job.Extended.Handler[strings.LastIndexByte(job.Extended.Handler, '/')+1:]
	run, ok := handlers[handler]
	if !ok {
		return clientagent.InstallResult{}, failure(clientagent.CodeUnknownHandler, "a snapshot does not install updates of handler %q", job.Extended.Handler)
	}
	if err := readPayloads(ctx, job); err != nil {
		return clientagent.InstallResult{}, err
	}
	m.change.Lock()
	defer m.change.Unlock()
	next := m.now.Load().clone()
	restart, err := run(next, job)
	if err != nil {
		return clientagent.InstallResult{}, err
	}
	if b := job.Extended.Installation; b != nil {
		restart = (restart || b.RebootBehavior == "AlwaysRequiresReboot") && b.RebootBehavior != "NeverReboots"
	}
	next.installed(job.Core.UpdateID)
	if err := settle(ctx, next, job.Core, applicability.True); err != nil {
		return clientagent.InstallResult{}, err
	}
	next.restartPending = next.restartPending || restart
	m.now.Store(next)
	return clientagent.InstallResult{RestartRequired: restart}, nil
}

// Remove makes the machine lose an update: its IsInstalled rule is false afterwards. Where the rule asks for a version, a lower one
// is left, so that the update is missing rather than out of place.
func (m *Machine) Remove(ctx context.Context, core *metadata.Core) error {
	m.change.Lock()
	defer m.change.Unlock()
	next := m.now.Load().clone()
	if err := settle(ctx, next, core, applicability.False); err != nil {
		return fmt.Errorf("remove %v: %w", core.UpdateID, err)
	}
	m.now.Store(next)
	return nil
}

// settle changes s until the IsInstalled rule of an update is as wanted, and believes only the evaluator.
func settle(ctx context.Context, s *state, core *metadata.Core, want applicability.Truth) error {
	rule := core.Rules.IsInstalled
	if rule == nil {
		return failure(clientagent.CodeInvalidMetadata, "the update has no IsInstalled rule")
	}
	// What cannot be judged must not pass for false here.
	options := applicability.Options{Logic: applicability.ThreeValued, Update: core.UpdateID}
	solved := (&solver{state: s, data: core.Rules.Metadata, options: options}).satisfy(ctx, rule, want)
	r, err := applicability.Evaluate(ctx, s, rule, core.Rules.Metadata, options)
	switch {
	case err != nil:
		return err
	case r.Truth == want:
		return nil
	case solved != nil:
		return failure(clientagent.CodeInstallerFailure, "no change of facts makes the IsInstalled rule %v: %v", want, solved)
	}
	return failure(clientagent.CodeInstallerFailure, "the parts of the IsInstalled rule contradict each other: %s", r.Reason)
}

// readPayloads reads all that the update brings, as an installer would.
func readPayloads(ctx context.Context, job clientagent.Job) error {
	if len(job.Extended.Files) > 0 && job.Open == nil {
		return failure(clientagent.CodeInvalidMetadata, "the job does not open its payloads")
	}
	for _, file := range job.Extended.Files {
		n, err := readPayload(ctx, job, file.Name)
		if err != nil {
			return fmt.Errorf("install %v: read %s: %w", job.Core.UpdateID, file.Name, err)
		}
		if n != file.Size {
			return failure(clientagent.CodeInstallerFailure, "%s has %d bytes, the metadata says %d", file.Name, n, file.Size)
		}
	}
	return nil
}

func readPayload(ctx context.Context, job clientagent.Job, name string) (n int64, err error) {
	payload, err := job.Open(ctx, name)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, payload.Close()) }()
	return io.Copy(io.Discard, &patient{ctx, payload})
}

// patient reads no further once ctx is done.
type patient struct {
	ctx context.Context
	r   io.Reader
}

func (p *patient) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	return p.r.Read(b)
}

func failure(code int32, format string, args ...any) error {
	return &clientagent.InstallError{Code: code, Reason: fmt.Sprintf(format, args...)}
}
