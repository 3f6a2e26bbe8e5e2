package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
)

// progress shows where a long run is: one line that changes on a terminal, one line for each step elsewhere. It is also the writer of
// the logs, so that a log line never lands inside the bar.
type progress struct {
	mu       sync.Mutex
	w        io.Writer
	terminal bool
	bar      string
	began    time.Time
}

func newProgress(w io.Writer) *progress {
	p := &progress{w: w, began: time.Now()}
	if f, ok := w.(*os.File); ok {
		info, err := f.Stat()
		p.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return p
}

// say prints a line that stays.
func (p *progress) say(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.print(fmt.Sprintf("%5.1f s  %s\n", time.Since(p.began).Seconds(), fmt.Sprintf(format, args...)))
}

// show changes the bar. Elsewhere than on a terminal nothing is printed: the steps say enough.
func (p *progress) show(what string, done, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.terminal {
		return
	}
	const width = 30
	filled := 0
	if total > 0 {
		filled = done * width / total
	}
	p.bar = fmt.Sprintf("%5.1f s  %s%s %d of %d %s", time.Since(p.began).Seconds(),
		strings.Repeat("█", filled), strings.Repeat("░", width-filled), done, total, what)
	p.print("")
}

// clear takes the bar away.
func (p *progress) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.bar = ""
	p.print("")
}

// Write prints log lines above the bar.
func (p *progress) Write(line []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.print(string(line))
	return len(line), nil
}

// print puts text above the bar. Nobody can be told when the terminal itself fails.
func (p *progress) print(text string) {
	if p.terminal {
		text = "\r\x1b[K" + text + p.bar
	}
	_, _ = io.WriteString(p.w, text)
}
