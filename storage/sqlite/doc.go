// Package sqlite keeps everything in one folder: an SQLite database for computers, approvals, events, compliance, the site and its
// agents, and the files of the catalogue beside it. It needs no C compiler and no other program.
//
// # Durability
//
// The database is in WAL mode with synchronous=FULL: a method that writes returns when its transaction is in the log and the log
// is synced. Open reads both settings back and fails when they do not hold, as on network shares without shared memory.
//
// Writers that come at the same time are written in one transaction with one sync (group commit). There is no background
// goroutine for it: the first to come leads, the others wait in a queue; when the leader has committed its group, it hands the lead
// to the first of those that came meanwhile. Each writer's statements are within a savepoint, so that an error of one undoes only
// what that one wrote. A writer whose context ends while it waits leaves the queue and has written nothing; once its group has
// begun it gets the group's outcome.
//
// # Reading
//
// Readers have connections of their own and never wait for writers. A sequence is read in pages, each a query of its own: while
// the consumer works, no connection is held, and what is written meanwhile may or may not be seen.
//
// # One process
//
// The folder belongs to one process at a time; a second one gets ErrLocked at once. The lock goes with the process, however it ends.
package sqlite
