package clientsync_test

import (
	"context"
	"fmt"
	"log"
	"net/http"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// A session makes the handshake when the first call needs it.
func ExampleSession() {
	backend := newMemory() // a server has a wsus.Server here
	backend.info = syncInfo()
	transport := &inProcess{handler: clientsync.NewHandler(backend, clientsync.WithClock(backend.clock))}

	client, err := clientsync.NewClient("http://wsus.example.test:8530", &http.Client{Transport: transport})
	if err != nil {
		log.Fatal(err)
	}
	session := &clientsync.Session{Client: client, ClientID: clientID, DNSName: "pc1.example.test", Info: computer(), Now: backend.clock}
	info, err := session.SyncUpdates(context.Background(), clientsync.SyncParameters{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(transport.actions)
	for _, update := range info.NewUpdates {
		fmt.Println(update.ID, update.Deployment.Action, "leaf:", update.IsLeaf)
	}
	// Output:
	// [GetConfig GetAuthorizationCookie GetCookie RegisterComputer SyncUpdates]
	// 102 Evaluate leaf: false
	// 201 Install leaf: true
}

// A fault tells by its code what can be done about it.
func ExampleIsFault() {
	client, err := clientsync.NewClient("http://wsus.example.test:8530",
		&http.Client{Transport: &inProcess{handler: clientsync.NewHandler(newMemory())}})
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.SyncUpdates(context.Background(), clientsync.Cookie{EncryptedData: []byte("forged")}, clientsync.SyncParameters{})
	fmt.Println(clientsync.IsFault(err, clientsync.InvalidCookie))
	fmt.Println(err)
	// Output:
	// true
	// SyncUpdates: fault InvalidCookie
}
