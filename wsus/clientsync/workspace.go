package clientsync

import (
	"crypto/cipher"

	"github.com/seed599db172/softwareupdates/internal/soap"
)

// workspace is the room that one exchange needs and that the next one can use again.
type workspace struct {
	exchange     exchange
	body, packed []byte
	in           soap.Scanner
	out          soap.Writer
	sync         SyncParameters // for its lists
	// Of the cookie that came and of the one that goes out.
	received, plain, associated, sealed []byte
	sealer                              sealer
	seat                                largeSeat
}

// sealer is the cipher of a cookie key, made once for each key.
type sealer struct {
	key  [keySize]byte
	aead cipher.AEAD
}

// The first two bound the memory that a request is given in advance, the others what is kept after it.
const (
	minFirstBuffer = 4 << 10
	maxFirstBuffer = LargeBody
	maxKeptBuffer  = 1 << 20
	maxKeptIDs     = 64 << 10
)

func (h *Handler) workspace() *workspace { return h.workspaces.Get().(*workspace) }

// release keeps the workspace for another exchange, without what a rare large message has made of it.
func (h *Handler) release(ws *workspace) {
	if cap(ws.body) > maxKeptBuffer {
		ws.body = nil
	}
	if cap(ws.packed) > maxKeptBuffer {
		ws.packed = nil
	}
	if cap(ws.out.Bytes()) > maxKeptBuffer {
		ws.out = soap.Writer{}
	}
	if cap(ws.sync.OtherCachedUpdateIDs) > maxKeptIDs {
		ws.sync.OtherCachedUpdateIDs = nil
	}
	if cap(ws.sync.CachedDriverIDs) > maxKeptIDs {
		ws.sync.CachedDriverIDs = nil
	}
	// Nothing of the request must be held on to.
	ws.in.Reset(nil, soap.Limits{})
	ws.exchange = exchange{}
	ws.sync = *ws.syncParameters()
	h.workspaces.Put(ws)
}

// syncParameters are empty parameters whose lists have the room of those before.
func (ws *workspace) syncParameters() *SyncParameters {
	ws.sync = SyncParameters{
		InstalledNonLeafUpdateIDs: ws.sync.InstalledNonLeafUpdateIDs[:0],
		OtherCachedUpdateIDs:      ws.sync.OtherCachedUpdateIDs[:0],
		CachedDriverIDs:           ws.sync.CachedDriverIDs[:0],
	}
	return &ws.sync
}
