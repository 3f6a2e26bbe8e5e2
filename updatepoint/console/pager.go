package console

import (
	"net/http"
	"net/url"
	"strconv"
)

// pager is one page of a long list: the rows [From,To) of Total.
type pager struct {
	From, To, Total int
	// Previous and Next are links, empty at the ends.
	Previous, Next string
}

// newPager reads the number of the page from a parameter. A number that makes no sense is the first page or the last.
func newPager(r *http.Request, parameter string, total int) pager {
	query := r.URL.Query()
	last := max(1, (total+PageRows-1)/PageRows)
	number, err := strconv.Atoi(query.Get(parameter))
	if err != nil {
		number = 1
	}
	number = min(max(number, 1), last)
	p := pager{From: (number - 1) * PageRows, To: min(number*PageRows, total), Total: total}
	if number > 1 {
		p.Previous = link(query, parameter, number-1)
	}
	if number < last {
		p.Next = link(query, parameter, number+1)
	}
	return p
}

// link keeps the page of the other list.
func link(query url.Values, parameter string, number int) string {
	values := url.Values{}
	for _, name := range []string{"updates", "computers"} {
		if query.Has(name) {
			values.Set(name, query.Get(name))
		}
	}
	values.Set(parameter, strconv.Itoa(number))
	return "?" + values.Encode() + "#" + parameter
}

// First is the number of the first row as people count.
func (p pager) First() int { return min(p.From+1, p.Total) }
