// Package memory keeps everything in memory, for tests, examples and simulations: one DB gives the store of every component, and
// all is gone with it. It promises what storage/sqlite does, but for durability, and passes the same suites of storagetest.
package memory
