package clientagent

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// identity is who the agent is to its site and to WSUS servers. The id is drawn once and never changes after the registration.
type identity struct {
	ClientID string `json:"clientId"`
	Secret   string `json:"secret"`
	Token    string `json:"token,omitempty"`
	// Registered false asks for a registration: at the start, and when the site no longer accepts the token.
	Registered bool `json:"registered"`
	// Due is when a failed registration is tried again.
	Due time.Time `json:"due,omitzero"`
}

// whoami reads the identity, and draws one at the very first start.
func (a *Agent) whoami(ctx context.Context) (identity, error) {
	me, found, err := load[identity](ctx, a.store, keyIdentity)
	if err != nil || found {
		return me, err
	}
	if me, err = drawIdentity(); err != nil {
		return me, err
	}
	if a.config.ClientID != "" {
		me.ClientID = a.config.ClientID
	}
	return me, a.keepIdentity(ctx, me)
}

func drawIdentity() (identity, error) {
	id, err := uuid.NewRandom()
	if err != nil {
		return identity{}, fmt.Errorf("draw client id: %w", err)
	}
	return identity{ClientID: id.String(), Secret: rand.Text() + rand.Text()}, nil
}

func (a *Agent) keepIdentity(ctx context.Context, me identity) error {
	c := a.begin()
	c.set(keyIdentity, me)
	return c.commit(ctx)
}

// register introduces the agent to its site, as often as the site asks for it.
func (a *Agent) register(ctx context.Context, t *turn) (time.Time, error) {
	if t.me.Registered {
		return time.Time{}, nil
	}
	if t.me.Due.After(t.now) {
		return t.me.Due, nil
	}
	me := t.me
	token, err := a.site.Register(ctx, Registration{
		ClientID: me.ClientID, Name: a.machine.Name(), Token: me.Token, Secret: me.Secret})
	if err != nil {
		if errors.Is(err, ErrNotAuthorized) && me.Token == "" && a.config.ClientID == "" {
			// Another client has the id: a copied disk, or one chance in very many. Nothing has been told under it by this agent yet, so
			// another one is as good.
			a.log.WarnContext(ctx, "client id is taken, drawing another", "client", me.ClientID)
			if me, err = drawIdentity(); err != nil {
				return t.now.Add(t.rhythm.contact), err
			}
			err = ErrNotAuthorized
		}
		me.Due = t.now.Add(t.rhythm.contact)
		t.me = me
		return me.Due, errors.Join(fmt.Errorf("register at the site: %w", err), a.keepIdentity(ctx, me))
	}
	me.Token, me.Registered, me.Due = token, true, time.Time{}
	if err := a.keepIdentity(ctx, me); err != nil {
		return t.now.Add(t.rhythm.contact), err
	}
	a.log.InfoContext(ctx, "registered at the site", "client", me.ClientID, "name", a.machine.Name())
	t.me = me
	return time.Time{}, nil
}

// siteFailed asks for a new registration when the site did not accept the token, and hands err on.
func (a *Agent) siteFailed(ctx context.Context, t *turn, err error) error {
	if !errors.Is(err, ErrNotAuthorized) {
		return err
	}
	t.me.Registered = false
	return errors.Join(err, a.keepIdentity(ctx, t.me))
}
