package compliance

import "github.com/google/uuid"

// fold is what a report makes of a computer.
type fold struct {
	before  view // what the changes are laid over: empty rows after a reset
	changes Changes
	receipt Receipt
}

type enforcementKey struct {
	topic TopicType
	id    string
}

func (t *Tracker) fold(c *client, r Report) fold {
	t.mu.RLock()
	defer t.mu.RUnlock()
	f := fold{changes: Changes{Reset: r.Full}}
	if c.view != nil {
		f.before = *c.view
	}
	if r.Full {
		f.before.rows = nil
	}
	computer := f.before.computer
	computer.ID, computer.Name, computer.Reported = r.ClientID, r.Name, t.now().UTC()

	taken, receipt := take(computer.Serial, r)
	computer.Serial, f.receipt = receipt.Serial, receipt

	detections := map[uuid.UUID]int{} // places in changes.Rows
	enforcements := map[enforcementKey]int{}
	for i := range taken {
		m := &taken[i]
		switch m.Topic.Type {
		case UpdateDetection:
			update := uuid.MustParse(m.Topic.ID)
			if t.says(m, update, f.before.rows, detections) {
				row := Row{ComputerID: r.ClientID, UpdateID: update, State: State(m.StateID), Changed: m.Time.UTC()}
				f.changes.Rows = replace(f.changes.Rows, detections, update, row)
			}
		case UpdateSourceScan:
			computer.scan(m)
		default:
			e := Enforcement{ComputerID: r.ClientID, Type: m.Topic.Type, TopicID: m.topicID(), StateID: m.StateID,
				ErrorCode: m.ErrorCode, Changed: m.Time.UTC()}
			f.changes.Enforcements = replace(f.changes.Enforcements, enforcements, enforcementKey{e.Type, e.TopicID}, e)
		}
	}
	f.changes.Computer = computer
	return f
}

// take picks the messages of a report that are new and follow without a gap.
func take(serial int64, r Report) ([]Message, Receipt) {
	if len(r.Messages) == 0 {
		return nil, Receipt{Serial: serial}
	}
	last := r.Messages[len(r.Messages)-1].Serial
	if r.Full {
		return r.Messages, Receipt{Serial: last}
	}
	if last < serial {
		return nil, Receipt{Serial: serial, Resync: true}
	}
	fresh := r.Messages
	for len(fresh) > 0 && fresh[0].Serial <= serial {
		fresh = fresh[1:]
	}
	for i := range fresh {
		if fresh[i].Serial != serial+1 {
			return fresh[:i], Receipt{Serial: serial, Resync: true}
		}
		serial++
	}
	return fresh, Receipt{Serial: serial}
}

// scan takes over a message about the update source.
func (c *Computer) scan(m *Message) {
	c.ScanState, c.ScanError = m.StateID, m.ErrorCode
	if m.StateID == int(ScanCompleted) && m.ContentVersion > 0 {
		c.Scanned, c.LastScan = m.ContentVersion, m.Time.UTC()
	}
}

// topicID writes GUIDs of updates in one way, so that they are found again.
func (m *Message) topicID() string {
	if m.Topic.Type == CIEnforcement {
		return uuid.MustParse(m.Topic.ID).String()
	}
	return m.Topic.ID
}

// says tells whether a detection says more than the implicit state: Not Required is kept only where it replaces another one.
func (t *Tracker) says(m *Message, update uuid.UUID, before rowSet, detections map[uuid.UUID]int) bool {
	if m.StateID != int(NotRequired) {
		return true
	}
	if _, earlier := detections[update]; earlier {
		return true
	}
	number, known := t.updates[update]
	if !known {
		return false
	}
	_, explicit := before.get(number)
	return explicit
}

// replace appends v, or puts it where the earlier one of its key is.
func replace[K comparable, V any](list []V, places map[K]int, key K, v V) []V {
	if place, known := places[key]; known {
		list[place] = v
		return list
	}
	places[key] = len(list)
	return append(list, v)
}
