package wsus

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Cycles of the health monitoring component, those of the product.
const (
	// DetectInterval is how often it looks and tells what has changed.
	DetectInterval = 10 * time.Minute
	// RefreshInterval is how often it tells everything.
	RefreshInterval = 6 * time.Hour
	// MaxHealthEvents is how many events HealthEvents keeps; the oldest go first.
	MaxHealthEvents = 1000
)

// healthLog is what the health monitoring component has told.
type healthLog struct {
	mu      sync.Mutex
	latest  []HealthEvent
	history []HealthEvent
}

// MonitorHealth is the health monitoring component: it runs CheckHealth at once and every DetectInterval until ctx ends, and keeps what
// has changed, and every RefreshInterval all that it finds, for HealthEvents and in the log. When nothing is left to mend an event
// EventHealthy says so. The client must trust the certificate's issuer. One is enough for a server; a site runs it for the
// software update point that it serves.
func (s *Server) MonitorHealth(ctx context.Context, client *http.Client) {
	ticker := time.NewTicker(DetectInterval)
	defer ticker.Stop()
	for looks := 0; ; looks++ {
		found := s.CheckHealth(ctx, client)
		if ctx.Err() != nil {
			return // what failed now failed because of that
		}
		refresh := looks%int(RefreshInterval/DetectInterval) == 0
		for _, e := range s.health.record(found, refresh, s.now()) {
			s.log.LogAttrs(ctx, e.level(), "health", slog.Int("event", e.ID), slog.String("component", e.Component),
				slog.String("message", e.Message))
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

// HealthEvents returns what MonitorHealth has told since the program started, the oldest first.
func (s *Server) HealthEvents() []HealthEvent {
	s.health.mu.Lock()
	defer s.health.mu.Unlock()
	return slices.Clone(s.health.history)
}

// Health returns what the last look of MonitorHealth found, one event for each component; nothing before the first.
func (s *Server) Health() []HealthEvent {
	s.health.mu.Lock()
	defer s.health.mu.Unlock()
	return slices.Clone(s.health.latest)
}

// ComponentsWithErrors returns what of Health is there to mend: components that are not working, without services that are not built.
func (s *Server) ComponentsWithErrors() []HealthEvent {
	return slices.DeleteFunc(s.Health(), func(e HealthEvent) bool { return e.Healthy || e.NotBuilt })
}

// record keeps a look and returns what is to be told of it.
func (l *healthLog) record(found []HealthEvent, all bool, now time.Time) []HealthEvent {
	l.mu.Lock()
	defer l.mu.Unlock()
	var told []HealthEvent
	for _, e := range found {
		same := func(before HealthEvent) bool { return before.Component == e.Component && before.ID == e.ID }
		if all || !slices.ContainsFunc(l.latest, same) {
			told = append(told, e)
		}
	}
	if sound(found) && (all || !sound(l.latest)) {
		told = append(told, HealthEvent{ID: EventHealthy, Component: "WebServices", Healthy: true, Time: now,
			Message: "the virtual roots of the server are working"})
	}
	l.latest = found
	l.history = append(l.history, told...)
	if over := len(l.history) - MaxHealthEvents; over > 0 {
		l.history = slices.Delete(l.history, 0, over)
	}
	return told
}

// sound says that nothing is there to mend.
func sound(events []HealthEvent) bool {
	return !slices.ContainsFunc(events, func(e HealthEvent) bool { return !e.Healthy && !e.NotBuilt })
}

func (e HealthEvent) level() slog.Level {
	if e.Healthy || e.NotBuilt {
		return slog.LevelInfo
	}
	return slog.LevelWarn
}
