package wsus

import (
	"bytes"
	"context"
	"log"
	"log/slog"
)

// serverLog is where net/http tells its own troubles. Failed handshakes come from whoever knocks, port scanners and our own looks from
// outside included: they are worth a line of information, not a warning.
func serverLog(to *slog.Logger) *log.Logger { return log.New(serverLogWriter{to}, "", 0) }

type serverLogWriter struct{ to *slog.Logger }

func (w serverLogWriter) Write(line []byte) (int, error) {
	level := slog.LevelWarn
	if bytes.HasPrefix(line, []byte("http: TLS handshake error")) {
		level = slog.LevelInfo
	}
	w.to.Log(context.Background(), level, string(bytes.TrimSpace(line)))
	return len(line), nil
}
