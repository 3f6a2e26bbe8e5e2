//go:build strace

package sqlite_test

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/seed599db172/softwareupdates/storage/sqlite"
)

// tracedCalls are what a trace must have for the replay. A question mark is before those that some machines do not have. Those
// that the replay does not know are traced so that it can refuse them.
const tracedCalls = "pwrite64,write,ftruncate,fsync,fdatasync,?open,openat,?rename,renameat,renameat2,?unlink,unlinkat,pwritev,fallocate"

// maxTraceLine is above a line with 1 MiB of data, four characters a byte.
const maxTraceLine = 8 << 20

type callKind int

const (
	callWrite callKind = iota
	callTruncate
	callSync       // of a file
	callSyncFolder // of the data folder: makes names durable
	callCreate     // opens a file that may not have been there
	callUnlink
	callSay // a line on standard output
)

// call is a system call that the replay knows.
type call struct {
	kind   callKind
	name   string // of the file in the data folder
	data   []byte // of callWrite and callSay
	offset int64  // of callWrite; the size of callTruncate
}

// moment is when a thread went into a call, or came back. The effect of a call comes at any time between the two.
type moment struct {
	*call
	back bool
}

// unfinished is a call that another thread's line came into.
type unfinished struct {
	text string
	call *call
}

// trace reads what strace wrote with -f -y -xx.
type trace struct {
	folder  string
	threads map[string]unfinished
	moments []moment
}

// readTrace returns the moments of a trace in their order, only of the database's files in a folder and of standard output. It
// reads up to a number of acknowledgements: what follows is the child's end, in which calls are broken off.
func readTrace(r io.Reader, folder string, acks int) ([]moment, error) {
	t := &trace{folder: folder, threads: map[string]unfinished{}}
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 1<<20), maxTraceLine)
	for n := 1; acks > 0 && lines.Scan(); n++ {
		before := len(t.moments)
		if err := t.line(lines.Text()); err != nil {
			return nil, fmt.Errorf("line %d of the trace: %w", n, err)
		}
		for _, m := range t.moments[before:] {
			if m.kind == callSay && bytes.HasPrefix(m.data, []byte("acked")) {
				acks--
			}
		}
	}
	return t.moments, lines.Err()
}

func (t *trace) line(line string) error {
	thread, text, _ := strings.Cut(line, " ")
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "---") || strings.HasPrefix(text, "+++") {
		return nil // a signal, or the thread's end
	}
	if rest, resumed := strings.CutPrefix(text, "<... "); resumed {
		begun, known := t.threads[thread]
		_, rest, ok := strings.Cut(rest, " resumed>")
		if !known || !ok {
			return fmt.Errorf("%.60q resumes nothing", text)
		}
		delete(t.threads, thread)
		return t.leave(begun.call, begun.text+rest)
	}
	text, cut := strings.CutSuffix(text, " <unfinished ...>")
	c, err := t.enter(text)
	if err != nil {
		return err
	}
	if c != nil {
		t.moments = append(t.moments, moment{c, false})
	}
	if cut {
		t.threads[thread] = unfinished{text, c}
		return nil
	}
	return t.leave(c, text)
}

// leave notes the return. A call that failed, or wrote a part, would need a replay of its own.
func (t *trace) leave(c *call, text string) error {
	if c == nil {
		return nil
	}
	result := strings.TrimLeft(text[strings.LastIndex(text, ") ")+1:], " =")
	if c.kind == callSay {
		return nil // said when it began, for a reader may have it before it is back
	}
	var value int
	if _, err := fmt.Sscan(strings.SplitN(result, "<", 2)[0], &value); err != nil {
		return fmt.Errorf("result %.60q: %w", result, err)
	}
	if c.kind == callWrite && value != len(c.data) || value < 0 {
		return fmt.Errorf("call on %s answered %s", c.name, result)
	}
	t.moments = append(t.moments, moment{c, true})
	return nil
}

// enter returns the call that a line begins, nil when it is of no interest.
func (t *trace) enter(text string) (*call, error) {
	function, rest, ok := strings.Cut(text, "(")
	if !ok {
		return nil, fmt.Errorf("%.60q is no call", text)
	}
	for _, prefix := range []string{"open", "unlink", "rename"} {
		if strings.HasPrefix(function, prefix) {
			return t.pathCall(function, rest)
		}
	}
	descriptor, rest, _ := strings.Cut(rest, "<")
	hexed, rest, ok := strings.Cut(rest, ">")
	path, err := unhex(hexed)
	if !ok || err != nil {
		return nil, fmt.Errorf("%.60q is of no file (%w)", text, err)
	}
	if end := strings.LastIndex(rest, ")"); end >= 0 {
		rest = rest[:end]
	}
	args := strings.Split(strings.TrimPrefix(rest, ", "), ", ")
	name, ours := t.ours(string(path))
	syncs := function == "fsync" || function == "fdatasync"
	switch {
	case function == "write" && descriptor == "1":
		line, err := unhex(strings.Trim(args[0], `"`))
		return &call{kind: callSay, data: line}, err
	case syncs && string(path) == t.folder:
		return &call{kind: callSyncFolder}, nil
	case !ours:
		return nil, nil
	case syncs:
		return &call{kind: callSync, name: name}, nil
	}
	return changeCall(function, name, args)
}

// changeCall is a call that changes what is in a file.
func changeCall(function, name string, args []string) (c *call, err error) {
	c = &call{name: name}
	switch {
	case function == "ftruncate" && len(args) == 1:
		c.kind = callTruncate
	case function == "pwrite64" && len(args) == 3:
		c.kind = callWrite
		if c.data, err = unhex(strings.Trim(args[0], `"`)); err != nil {
			return nil, err
		}
		if args[1] != strconv.Itoa(len(c.data)) {
			return nil, fmt.Errorf("write of %s bytes, of which the trace has %d", args[1], len(c.data))
		}
	default:
		return nil, fmt.Errorf("%s of %s: the replay does not know this", function, name)
	}
	c.offset, err = strconv.ParseInt(args[len(args)-1], 10, 64)
	return c, err
}

// pathCall is a call that names its file. Those that failed have no effect.
func (t *trace) pathCall(function, rest string) (*call, error) {
	quoted := strings.Split(rest, `"`)
	if len(quoted) < 3 {
		return nil, fmt.Errorf("%s of no path", function)
	}
	path, err := unhex(quoted[1])
	if err != nil {
		return nil, err
	}
	name, ours := t.ours(string(path))
	switch flags := quoted[2]; {
	case !ours || strings.Contains(flags, ") = -1 "):
		return nil, nil
	case strings.HasPrefix(function, "unlink"):
		return &call{kind: callUnlink, name: name}, nil
	case strings.HasPrefix(function, "rename"), strings.Contains(flags, "O_TRUNC"):
		return nil, fmt.Errorf("%s of %s: the replay does not know this", function, path)
	case strings.Contains(flags, "O_CREAT"):
		return &call{kind: callCreate, name: name}, nil
	}
	return nil, nil
}

// ours tells a file of the database; the index in shared memory is not one, since SQLite makes it anew from the log.
func (t *trace) ours(path string) (name string, ours bool) {
	name = filepath.Base(path)
	return name, filepath.Dir(path) == t.folder && strings.HasPrefix(name, sqlite.FileName) && !strings.HasSuffix(name, "-shm")
}

func unhex(text string) ([]byte, error) { return hex.DecodeString(strings.ReplaceAll(text, `\x`, "")) }
