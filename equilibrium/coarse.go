package equilibrium

import (
	"cmp"
	"math"
	"slices"
)

// neighbours is how many classes a coarse market takes together.
const neighbours = 4

// coarseMarket takes classes of neighbouring costs together, as types of
// identical members with the same joint risk capacity; into[t] is the group of
// class t. Classes that behave differently stay apart.
func coarseMarket(classes []class) (groups []class, into []int) {
	order := make([]int, len(classes))
	for t := range order {
		order[t] = t
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(classes[a].kind, classes[b].kind), cmp.Compare(classes[a].cost, classes[b].cost))
	})
	into = make([]int, len(classes))
	for len(order) > 0 {
		same := 1
		for same < len(order) && alike(classes[order[0]], classes[order[same]]) {
			same++
		}
		parts := (same + neighbours - 1) / neighbours
		for part := range parts {
			group := classes[order[part*same/parts]]
			group.count = 0
			capacity := 0.0
			for _, t := range order[part*same/parts : (part+1)*same/parts] {
				into[t] = len(groups)
				group.count += classes[t].count
				capacity += classes[t].count / classes[t].cost
			}
			group.cost = group.count / capacity
			groups = append(groups, group)
		}
		order = order[same:]
	}
	return groups, into
}

// alike says that classes differ in cost and size alone.
func alike(a, b class) bool { return a.kind == b.kind }

// between is a place among the groups of one behaviour: the line through two
// of them, in the logarithm of the cost.
type between struct {
	low, high int
	weight    float64 // of high
}

func (b between) at(value func(group int) float64) float64 {
	v := value(b.low)
	if b.weight != 0 {
		v += b.weight * (value(b.high) - v)
	}
	return v
}

// place finds where a class lies among the groups, which are sorted by cost.
func place(groups []class, own int, c class) between {
	at := between{low: own, high: own}
	if c.cost < groups[own].cost && own > 0 && alike(groups[own-1], c) {
		at.low--
	} else if own+1 < len(groups) && alike(groups[own+1], c) {
		at.high++
	} else if own > 0 && alike(groups[own-1], c) {
		at.low--
	}
	if span := math.Log(groups[at.high].cost / groups[at.low].cost); span > 0 {
		at.weight = math.Log(c.cost/groups[at.low].cost) / span
	}
	return at
}

// interpolate is a start for many classes from the equilibrium of their coarse
// market. In the symmetrised coordinates q_ik√(b_i/b_k) the trades between
// members are a smooth function of the logarithms of the two costs; so are the
// prices and the logarithm of q^{ii}.
func interpolate(classes, groups []class, into []int, coarse *state) *state {
	n, m := len(classes), len(groups)
	pair := make([]float64, m*m)
	for g, a := range groups {
		for h, b := range groups {
			pair[g*m+h] = coarse.mean[g*m+h] * math.Sqrt(a.cost/b.cost)
		}
		pair[g*m+g] -= coarse.own[g] / a.count
	}
	places := make([]between, n)
	for t, c := range classes {
		places[t] = place(groups, into[t], c)
	}
	s := newState(n)
	for t, c := range classes {
		at := places[t]
		s.price[t] = at.at(func(g int) float64 { return coarse.price[g] })
		for u, d := range classes {
			cross := at.at(func(g int) float64 {
				return places[u].at(func(h int) float64 { return pair[g*m+h] })
			})
			s.mean[t*n+u] = cross * math.Sqrt(d.cost/c.cost)
		}
		diagonal := math.Exp(at.at(func(g int) float64 { return math.Log(coarse.diagonal(g, groups[g])) }))
		if c.count > 1 {
			s.own[t] = diagonal - s.mean[t*n+t]
			diagonal = s.mean[t*n+t] + s.own[t]/c.count
		}
		s.mean[t*n+t] = diagonal
	}
	return s
}

// fromCoarse solves the coarse market of many classes and starts from there;
// nil where that market has no solution.
func fromCoarse(classes []class, timing Timing) *state {
	groups, into := coarseMarket(classes)
	coarse, _, err := follow(groups, timing)
	if err != nil {
		return nil
	}
	return interpolate(classes, groups, into, coarse)
}
