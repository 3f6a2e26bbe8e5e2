package clientagent

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/seed599db172/softwareupdates/compliance"
)

// currentMessage is the record of a topic: its present state, whether told or not.
type currentMessage struct {
	Topic          compliance.Topic `json:"topic"`
	State          int              `json:"state"`
	Code           int32            `json:"code,omitempty"`
	ContentVersion int64            `json:"contentVersion,omitempty"`
	Time           time.Time        `json:"time"`
	// Untold says that the detail level of the deployment keeps the state back.
	Untold bool `json:"untold,omitempty"`
	// Failure says that the last state that was told is a failure.
	Failure bool `json:"failure,omitempty"`
	// Left says that the deployment of the topic is in the policy no more, Time since when. The site keeps what it was told of it.
	Left bool `json:"left,omitempty"`
}

// outbox is the report that is on its way. Serial numbers are given when messages enter it, in the same batch that takes them off
// the pending list; it is sent unchanged until the site has taken it over. So serials have no gaps, and no serial ever
// means two things, whatever is lost on the way.
type outbox struct {
	// Last is the last serial number given.
	Last     int64                `json:"last"`
	Full     bool                 `json:"full,omitempty"`
	Messages []compliance.Message `json:"messages,omitempty"`
	Due      time.Time            `json:"due"`
}

// maxSerial is the largest serial that is believed of a site: counting goes on from what it says after a resync.
const maxSerial = 1 << 53

// reportLimit is how many messages one report carries.
const reportLimit = 1000

func messageKey(t compliance.Topic) string {
	return fmt.Sprintf("%d/%s", t.Type, strings.ToLower(t.ID))
}

// tell makes a state the current one of its topic and marks it for sending. A state that is the current one already is not told again.
func (c *changes) tell(ctx context.Context, message currentMessage) error {
	return c.tellAt(ctx, VerbosityAll, message)
}

// tellAt is tell for a topic of a deployment. A state that its detail level keeps back is current all the same: a state before it that has
// not been sent is not sent any more.
func (c *changes) tellAt(ctx context.Context, level StateMessageVerbosity, message currentMessage) error {
	key := messageKey(message.Topic)
	var last currentMessage
	found, err := c.get(ctx, prefMessage+key, &last)
	if err != nil {
		return err
	}
	told := level.tells(message, last)
	if found && !last.Left && last.State == message.State && last.Code == message.Code && last.ContentVersion == message.ContentVersion &&
		!(told && last.Untold) {
		return nil
	}
	message.Untold, message.Failure = !told, last.Failure
	if told {
		message.Failure = message.least() == VerbosityErrors
	}
	c.set(prefMessage+key, message)
	c.states = append(c.states, message)
	if !told {
		c.remove(prefPending + key)
		return nil
	}
	c.set(prefPending+key, true)
	return nil
}

// forget drops the topic: a full report will not name it any more.
func (c *changes) forget(t compliance.Topic) {
	c.remove(prefMessage + messageKey(t))
	c.remove(prefPending + messageKey(t))
}

// leftKept is how long a topic is remembered that was left: nobody tells whether a deployment is disabled or removed.
const leftKept = 365 * 24 * time.Hour

// leave drops a topic of a deployment that is gone. Of an enforcement it remembers that there was something to tell: the site may know a
// state, and goes by it when the deployment comes back. The next one is told whatever it is, since the last may not have been sent.
func (c *changes) leave(ctx context.Context, t *turn, topic compliance.Topic) error {
	key := prefMessage + messageKey(topic)
	var last currentMessage
	found, err := c.get(ctx, key, &last)
	switch {
	case err != nil:
		return err
	case !found || topic.Type != compliance.AssignmentEnforcement || last.Left && t.now.Sub(last.Time) > leftKept:
		c.forget(topic)
		return nil
	case !last.Left:
		last.Left, last.Time = true, t.now
		c.set(key, last)
	}
	c.remove(prefPending + messageKey(topic))
	return nil
}

// reportStates sends the pending messages when their cycle is due.
func (a *Agent) reportStates(ctx context.Context, t *turn) (time.Time, error) {
	box, _, err := load[outbox](ctx, a.store, keyOutbox)
	if err != nil {
		return t.now.Add(t.rhythm.contact), err
	}
	box.Due = t.notLater(box.Due, t.rhythm.messages)
	if box.Due.After(t.now) {
		return box.Due, nil
	}
	if err = a.sendAll(ctx, t, &box); errors.Is(err, ErrNotReady) {
		err = nil // there is nobody to tell yet; the messages wait
	}
	// The store knows best what is in the outbox: a write that was answered with an error may have been done all the same.
	box, _, fault := load[outbox](ctx, a.store, keyOutbox)
	if fault != nil {
		return t.now.Add(t.rhythm.contact), errors.Join(err, fault)
	}
	box.Due = t.now.Add(t.rhythm.messages)
	c := a.begin()
	c.set(keyOutbox, box)
	if fault := c.commit(ctx); fault != nil {
		return t.now.Add(t.rhythm.contact), errors.Join(err, fault)
	}
	return box.Due, err
}

// SendStateMessages sends what is pending now, whether or not the reporting cycle is due (the product's "send unsent state messages").
func (a *Agent) SendStateMessages(ctx context.Context) error {
	if err := a.acquire(ctx); err != nil {
		return err
	}
	defer a.release()
	t, err := a.turn(ctx, a.now())
	if err != nil {
		return err
	}
	box, _, err := load[outbox](ctx, a.store, keyOutbox)
	if err != nil {
		return err
	}
	return a.sendAll(ctx, t, &box)
}

// sendAll sends reports until nothing is pending. A resync is answered once in a cycle. A site that has taken over serials which this
// agent never gave is as good as one that asks for a resync: the agent's store comes from a backup, and what it sent with used
// serials was taken for a repetition.
func (a *Agent) sendAll(ctx context.Context, t *turn, box *outbox) error {
	resynced := false
	for {
		if len(box.Messages) == 0 && !box.Full {
			if more, err := a.fill(ctx, box); err != nil || !more {
				return err
			}
		}
		receipt, err := a.site.Report(ctx, t.me.Token, compliance.Report{
			ClientID: t.me.ClientID, Name: a.machine.Name(), Date: t.now, Full: box.Full, Messages: box.Messages})
		if err != nil {
			return fmt.Errorf("send state messages: %w", a.siteFailed(ctx, t, err))
		}
		if receipt.Serial < 0 || receipt.Serial > maxSerial {
			return fmt.Errorf("send state messages: site answered serial %d, which no agent gives", receipt.Serial)
		}
		switch {
		case !receipt.Resync && receipt.Serial <= box.Last:
			if done, err := a.acknowledge(ctx, box, receipt.Serial); err != nil || !done {
				return err
			}
		case resynced:
			return fmt.Errorf("send state messages: site asked for a resync again after a full report")
		default:
			resynced = true
			a.log.InfoContext(ctx, "site asked for all state messages", "serial", receipt.Serial)
			if err := a.fillFull(ctx, box, receipt.Serial); err != nil {
				return err
			}
		}
	}
}

// fill moves pending messages into the empty outbox.
func (a *Agent) fill(ctx context.Context, box *outbox) (more bool, err error) {
	c := a.begin()
	next := *box
	for record, err := range a.store.List(ctx, prefPending) {
		if err != nil {
			return false, fmt.Errorf("list pending state messages: %w", err)
		}
		if len(next.Messages) == reportLimit {
			break
		}
		key := strings.TrimPrefix(record.Key, prefPending)
		message, found, err := load[currentMessage](ctx, a.store, prefMessage+key)
		if err != nil {
			return false, err
		}
		c.remove(record.Key)
		if found {
			next.add(message)
		}
	}
	if len(next.Messages) == 0 {
		return false, nil
	}
	c.set(keyOutbox, next)
	if err := c.commit(ctx); err != nil {
		return false, err
	}
	*box = next
	return true, nil
}

// fillFull replaces the outbox by a full report of all current states. When they are more than a report may carry, the rest stay
// pending and follow in ordinary reports. The site's serial may be ahead of ours, when our store came from a backup.
func (a *Agent) fillFull(ctx context.Context, box *outbox, siteSerial int64) error {
	c := a.begin()
	next := outbox{Last: max(box.Last, siteSerial), Full: true, Due: box.Due}
	err := list(ctx, a.store, prefMessage, func(key string, message currentMessage) error {
		pending := prefPending + strings.TrimPrefix(key, prefMessage)
		switch {
		case message.Left:
			c.remove(key) // what a full report does not name, the site does not know
			return nil
		case message.Untold:
			return nil
		}
		if len(next.Messages) == reportLimit {
			c.set(pending, true)
			return nil
		}
		c.remove(pending)
		next.add(message)
		return nil
	})
	if err != nil {
		return err
	}
	c.set(keyOutbox, next)
	if err := c.commit(ctx); err != nil {
		return err
	}
	*box = next
	return nil
}

// acknowledge drops what the site has taken over. It is done when nothing of the outbox is left.
func (a *Agent) acknowledge(ctx context.Context, box *outbox, serial int64) (done bool, err error) {
	next := outbox{Last: box.Last, Due: box.Due}
	for _, message := range box.Messages {
		if message.Serial > serial {
			next.Messages = append(next.Messages, message)
		}
	}
	if len(next.Messages) > 0 && len(next.Messages) == len(box.Messages) {
		return false, fmt.Errorf("send state messages: site took over none of serials %d to %d", next.Messages[0].Serial, box.Last)
	}
	c := a.begin()
	c.set(keyOutbox, next)
	if err := c.commit(ctx); err != nil {
		return false, err
	}
	*box = next
	return true, nil
}

func (b *outbox) add(m currentMessage) {
	b.Last++
	b.Messages = append(b.Messages, compliance.Message{Serial: b.Last, Time: m.Time, Topic: m.Topic, StateID: m.State,
		ErrorCode: m.Code, ContentVersion: m.ContentVersion})
}
