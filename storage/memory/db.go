package memory

import (
	"sync"

	"github.com/seed599db172/softwareupdates/wsus/catalog"
)

// DB holds the stores of one installation. Use Open.
type DB struct {
	wsus       WSUS
	compliance Compliance
	site       Site

	mu     sync.Mutex
	agents map[string]*Agent
}

// Open returns an empty database. It needs no Close.
func Open() *DB {
	return &DB{
		wsus:       newWSUS(catalog.Memory()),
		compliance: newCompliance(),
		site:       Site{records: newRecords()},
		agents:     map[string]*Agent{},
	}
}

// WSUS is the store of the WSUS server.
func (db *DB) WSUS() *WSUS { return &db.wsus }

// Compliance is the store of the compliance tracker.
func (db *DB) Compliance() *Compliance { return &db.compliance }

// Site is the store of the site.
func (db *DB) Site() *Site { return &db.site }

// Agent is the store of the client agent with that id: the same for the same id.
func (db *DB) Agent(id string) *Agent {
	db.mu.Lock()
	defer db.mu.Unlock()
	agent := db.agents[id]
	if agent == nil {
		agent = &Agent{records: newRecords()}
		db.agents[id] = agent
	}
	return agent
}
