package clientagent

// NeverFallback is the Fallback of a server whose boundary group the client never falls back to.
const NeverFallback = -1

// Location of a WSUS server. Without boundary groups a client takes any server, those of its own forest first. As soon as one
// location has a boundary group, the rules of CB 1702 hold for all (Location.Fallback).
type Location struct {
	WSUSURL    string `json:"wsusUrl"` // WUServer, such as https://wsus01.lab.example:8531
	ServerName string `json:"serverName"`
	Version    int64  `json:"version"`
	// OtherForest servers are taken after those of the client's own forest.
	OtherForest bool `json:"otherForest,omitempty"`
	// Internet servers can be reached from the internet; the others only from the intranet.
	Internet bool `json:"internet,omitempty"`
	// BoundaryGroup is the name of the boundary group that the server is a reference of; empty without boundary groups.
	BoundaryGroup string `json:"boundaryGroup,omitempty"`
	// Fallback is after how many minutes without its own server a client may use this one: 0 for those of its current boundary group,
	// the minutes of the relationship for those of a neighbor, and NeverFallback. None is used before OriginalPointMinutes.
	Fallback int `json:"fallback,omitempty"`
}
