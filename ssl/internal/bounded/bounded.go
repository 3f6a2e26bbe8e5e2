// Package bounded keeps what a command writes, up to a limit.
package bounded

import "errors"

// ErrLimit says that more was written than is kept.
var ErrLimit = errors.New("command writes too much")

// Buffer keeps the first Limit bytes and calls Full at the first one too many. It is for one writer; read Data when that is done.
type Buffer struct {
	Data  []byte
	Limit int
	Full  func(error)
}

// Write implements io.Writer.
func (b *Buffer) Write(p []byte) (int, error) {
	if len(p) > b.Limit-len(b.Data) {
		b.Full(ErrLimit)
		return 0, ErrLimit
	}
	b.Data = append(b.Data, p...)
	return len(p), nil
}
