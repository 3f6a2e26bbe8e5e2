package clientsync

// largeSeat is the place of one request among those that may hold a large body. Whoever finds none is told to come again; to wait
// would hold the connection, and what has been read already, as well.
type largeSeat struct {
	seats chan struct{} // full when no seat is left
	taken bool
}

// take answers a ServerBusy fault when no seat is left. A request takes one seat only.
func (s *largeSeat) take() error {
	if s.taken {
		return nil
	}
	select {
	case s.seats <- struct{}{}:
		s.taken = true
		return nil
	default:
		return &Fault{Code: ServerBusy}
	}
}

func (s *largeSeat) leave() {
	if s.taken {
		<-s.seats
	}
}
