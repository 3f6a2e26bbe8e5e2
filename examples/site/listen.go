package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"

	"github.com/seed599db172/softwareupdates/ports"
)

// listenPair opens both ports of the web site. When nobody asked for certain ports and the well-known ones are taken, it takes a
// free pair and says so.
func listenPair(ctx context.Context, o options, log *slog.Logger) (plain, secure net.Listener, pair ports.Pair, err error) {
	pair, err = o.pair()
	if err != nil {
		return nil, nil, pair, err
	}
	host, _, err := net.SplitHostPort(o.http)
	if err != nil {
		return nil, nil, pair, err
	}
	if pair != (ports.Pair{}) {
		plain, secure, err = listenBoth(ctx, host, pair)
		if err == nil || o.http != defaultHTTP || o.https != defaultHTTPS {
			return plain, secure, pair, err
		}
		log.Warn("the ports are taken, another pair is used", "ports", pair, "error", err)
	}
	return freePair(ctx, host)
}

func listenBoth(ctx context.Context, host string, pair ports.Pair) (plain, secure net.Listener, err error) {
	var config net.ListenConfig
	if plain, err = config.Listen(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(pair.HTTP))); err != nil {
		return nil, nil, err
	}
	if secure, err = config.Listen(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(pair.HTTPS))); err != nil {
		return nil, nil, errors.Join(err, plain.Close())
	}
	return plain, secure, nil
}

// freePair asks the system for a port until the one above it is free too: the pairing rule wants neighbours.
func freePair(ctx context.Context, host string) (plain, secure net.Listener, pair ports.Pair, err error) {
	var config net.ListenConfig
	for range 50 {
		if plain, err = config.Listen(ctx, "tcp", net.JoinHostPort(host, "0")); err != nil {
			return nil, nil, pair, err
		}
		pair.HTTP = plain.Addr().(*net.TCPAddr).Port
		pair.HTTPS = pair.HTTP + 1
		if pair.Validate() == nil {
			secure, err = config.Listen(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(pair.HTTPS)))
			if err == nil {
				return plain, secure, pair, nil
			}
		}
		if err := plain.Close(); err != nil {
			return nil, nil, pair, err
		}
	}
	return nil, nil, pair, fmt.Errorf("found no two free neighbouring ports: %w", err)
}
