package ports

import "bytes"

// MaxAnswer is how much of an answer is read.
const MaxAnswer = maxAnswer

// Heard is what is made of the bytes that a port sent, without a second question.
type Heard struct {
	Protocol             Protocol
	Answered             bool
	VersionFile, Service bool
	Body                 int
	Finding              Finding
}

// Hear makes of bytes what Probe does with those of an HTTP port.
func Hear(data []byte) Heard {
	l := look{port: 8530, talk: talk{speaks: protocolOf(data), banner: excerpt(string(data))}}
	l.answer, l.err = readAnswer(bytes.NewReader(data))
	l.answered = l.err == nil
	h := Heard{Protocol: l.report().Speaks, Answered: l.answered, VersionFile: l.answer.isVersionFile(), Service: l.answer.isClientService(),
		Body: len(l.answer.body)}
	h.Finding, _ = judgePort(l, "HTTP")
	return h
}
