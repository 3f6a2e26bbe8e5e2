// Package circles finds the nodes of a graph that can be reached from each other, such as updates of which each supersedes the other.
package circles

// Number numbers the nodes 0 to n-1 of a graph from 1 on, and returns the highest number that it gave. Two nodes have the same number
// when each can be reached from the other; any other node that a node leads to has a lower one. next tells the k-th node that a node
// leads to, k counting from 0, and false when there is none. Every node and edge is looked at once, and chains of any length are walked
// without recursion (Tarjan's strongly connected components).
func Number(n int, next func(node, k int) (to int, ok bool)) (numbers []int, highest int) {
	w := walk{numbers: make([]int, n), found: make([]int, n), lowest: make([]int, n), next: next}
	for node := range n {
		if w.found[node] == 0 {
			w.from(node)
		}
	}
	return w.numbers, w.highest
}

// walk is one pass over the graph.
type walk struct {
	numbers []int
	highest int
	// found is when a node was found, from 1; lowest is the earliest open node that is known to be reachable from it.
	found, lowest []int
	clock         int
	path          []visit
	open          []int // found, without a number yet
	next          func(node, k int) (int, bool)
}

// visit is a node of the path with how many of its edges have been followed.
type visit struct{ node, edges int }

func (w *walk) from(start int) {
	for w.enter(start); len(w.path) > 0; {
		top := &w.path[len(w.path)-1]
		to, ok := w.next(top.node, top.edges)
		top.edges++
		switch {
		case !ok:
			w.leave()
		case w.found[to] == 0:
			w.enter(to)
		case w.numbers[to] == 0:
			w.lowest[top.node] = min(w.lowest[top.node], w.found[to])
		}
	}
}

func (w *walk) enter(node int) {
	w.clock++
	w.found[node], w.lowest[node] = w.clock, w.clock
	w.path = append(w.path, visit{node: node})
	w.open = append(w.open, node)
}

// leave ends with the last node of the path. When it reaches nothing that was found before it, all that is open since then is one
// circle.
func (w *walk) leave() {
	node := w.path[len(w.path)-1].node
	w.path = w.path[:len(w.path)-1]
	if len(w.path) > 0 {
		below := w.path[len(w.path)-1].node
		w.lowest[below] = min(w.lowest[below], w.lowest[node])
	}
	if w.lowest[node] != w.found[node] {
		return
	}
	w.highest++
	for last := -1; last != node; {
		last = w.open[len(w.open)-1]
		w.open = w.open[:len(w.open)-1]
		w.numbers[last] = w.highest
	}
}
