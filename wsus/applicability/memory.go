package applicability

import (
	"context"
	"strings"
	"sync"

	"github.com/google/uuid"
)

// remember asks facts for each thing at most once: rules of one scan ask for the same keys and files over and over. Answers and
// errors are kept, except when ctx is done. Abilities that facts do not have answer an error.
func remember(facts Facts) *memory { return &memory{facts: facts} }

type memory struct {
	facts     Facts
	system    recall[struct{}, System]
	keys      recall[viewKey, Key]
	files     recall[string, File]
	products  recall[string, Product]
	packages  recall[string, int]
	queries   recall[[2]string, int]
	installed recall[uuid.UUID, bool]
	licenses  recall[string, Value]
	node      recall[struct{}, bool]
	resources recall[string, bool]
	equipment recall[struct{}, Equipment]
	devices   recall[struct{}, Devices]
}

type viewKey struct {
	view View
	key  string
}

func (m *memory) System(ctx context.Context) (System, error) {
	return m.system.get(ctx, struct{}{}, func() (System, error) { return m.facts.System(ctx) })
}

func (m *memory) Registry(ctx context.Context, view View, key string) (Key, error) {
	return m.keys.get(ctx, viewKey{view, strings.ToLower(key)}, func() (Key, error) { return m.facts.Registry(ctx, view, key) })
}

func (m *memory) File(ctx context.Context, path string) (File, error) {
	return m.files.get(ctx, strings.ToLower(path), func() (File, error) { return m.facts.File(ctx, path) })
}

func (m *memory) Product(ctx context.Context, code string) (Product, error) {
	return m.products.get(ctx, strings.ToLower(code), func() (Product, error) { return m.facts.Product(ctx, code) })
}

func (m *memory) Package(ctx context.Context, identity string) (int, error) {
	return m.packages.get(ctx, strings.ToLower(identity), func() (int, error) { return m.facts.Package(ctx, identity) })
}

// recall keeps answers by question.
type recall[Q comparable, A any] struct {
	mu    sync.Mutex
	known map[Q]answer[A]
}

type answer[A any] struct {
	value A
	err   error
}

func (r *recall[Q, A]) get(ctx context.Context, q Q, ask func() (A, error)) (A, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if a, ok := r.known[q]; ok {
		return a.value, a.err
	}
	value, err := ask()
	if ctx.Err() != nil {
		return value, err
	}
	if r.known == nil {
		r.known = map[Q]answer[A]{}
	}
	r.known[q] = answer[A]{value, err}
	return value, err
}
