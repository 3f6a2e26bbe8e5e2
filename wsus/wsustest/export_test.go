package wsustest

// LimitCache makes an agent give up at fewer revisions.
func (a *Agent) LimitCache(n int) { a.maxCached = n }
