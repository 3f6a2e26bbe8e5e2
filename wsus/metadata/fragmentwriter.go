package metadata

import "strings"

// fragmentWriter writes elements without namespaces.
type fragmentWriter struct {
	strings.Builder
	// dots writes b., m. and d. before the names of the rules.
	dots bool
}

// The escapes of the writer that real servers use: quotes only inside of attributes, and the characters that a reader would
// otherwise turn into spaces.
var (
	textEscapes      = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#xD;")
	attributeEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\r", "&#xD;", "\n", "&#xA;", "\t", "&#x9;")
)

// element writes e, whose parent is in the namespace outer; nothing when e is nil.
func (w *fragmentWriter) element(e *element, outer string) {
	if e == nil {
		return
	}
	if e.local == "" {
		textEscapes.WriteString(w, e.text)
		return
	}
	name := e.local
	if w.dots {
		name = dotted(e.space) + name
	}
	w.WriteString("<")
	w.WriteString(name)
	w.attributes(e, outer)
	if e.isBlank() {
		w.WriteString(" />")
		return
	}
	w.WriteString(">")
	textEscapes.WriteString(w, e.text)
	for _, c := range e.children {
		w.element(c, e.space)
	}
	w.WriteString("</")
	w.WriteString(name)
	w.WriteString(">")
}

// attributes keeps the namespace in two places only: a package manifest has it first, the patch blob of an MSP last.
func (w *fragmentWriter) attributes(e *element, outer string) {
	if e.space == asmNamespace && outer != asmNamespace {
		w.attribute("xmlns", asmNamespace)
	}
	for _, a := range e.attrs {
		if !isDeclaration(a) {
			w.attribute(a.Name.Local, a.Value)
		}
	}
	if e.space == patchNamespace && outer != patchNamespace {
		w.attribute("xmlns", patchNamespace)
	}
}

func (w *fragmentWriter) attribute(name, value string) {
	w.WriteString(" ")
	w.WriteString(name)
	w.WriteString(`="`)
	attributeEscapes.WriteString(w, value)
	w.WriteString(`"`)
}
