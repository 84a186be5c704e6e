package analysis

import "math"

// ArrivalLaw is what is known of a market that investors come to one at a time at one
// tick.
type ArrivalLaw struct {
	Bid, Ask, Mid Powers
	Active        float64 // probability that orders trade

	traded  []float64 // by the orders, so far
	basis   *monomials
	centre  []float64 // of the inventories of a member of each type
	before  []float64 // the same at the tick of statistics before
	moments []float64 // about the centre
	pairs   [][]float64
}

// Powers are the moments of a quantity about some number, from order 0 on.
type Powers struct {
	centre float64
	about  []float64
}

// Mean is the expectation.
func (p Powers) Mean() float64 { return p.centre + p.about[1] }

// shifted are the moments about another number, Σ_k C(j,k) δ^{j−k} m_k.
func (p Powers) shifted(centre float64) Powers {
	list, by := append([]float64(nil), p.about...), p.centre-centre
	for i := range list { // Horner's scheme, for all orders at once
		for j := len(list) - 1; j > i; j-- {
			list[j] += by * list[j-1]
		}
	}
	return Powers{centre, list}
}

// Central are the moments about the mean.
func (p Powers) Central() []float64 { return p.shifted(p.Mean()).about }

// Raw are the moments about 0.
func (p Powers) Raw() []float64 { return p.shifted(0).about }

// Variance is the central moment of order 2.
func (p Powers) Variance() float64 { return math.Max(0, p.Central()[2]) }

// kurtosis is the excess kurtosis; NaN where moments are not followed so far.
func (p Powers) kurtosis() float64 {
	c := p.Central()
	if len(c) <= 4 {
		return nan
	}
	if !(c[2] > 0) {
		return 0
	}
	return c[4]/(c[2]*c[2]) - 3
}

// ofSquare is the excess kurtosis of the squared deviation from the mean.
func (p Powers) ofSquare() float64 {
	c := p.Central()
	if len(c) <= 8 {
		return nan
	}
	variance := c[4] - c[2]*c[2]
	if !(variance > 0) {
		return 0
	}
	fourth := c[8] - 4*c[6]*c[2] + 6*c[4]*c[2]*c[2] - 3*c[2]*c[2]*c[2]*c[2]
	return fourth/(variance*variance) - 3
}

// spread is the variance of the j-th power: with m the mean and y the deviation from
// it x^j = Σ C(j,k) m^{j−k} y^k, so that nothing is left where there is no deviation.
func (p Powers) spread(j int) float64 {
	c, m := p.Central(), p.Mean()
	if len(c) <= 2*j {
		return nan
	}
	weight, list := math.Pow(m, float64(j)), make([]float64, j+1)
	for k := range list {
		list[k] = weight
		weight = binomial(j, k+1) * math.Pow(m, float64(j-k-1))
	}
	sum := 0.0
	for a := 1; a <= j; a++ {
		for b := 1; b <= j; b++ {
			sum += list[a] * list[b] * (c[a+b] - c[a]*c[b])
		}
	}
	return math.Max(0, sum)
}

func binomial(n, k int) float64 {
	value := 1.0
	for i := range k {
		value *= float64(n-i) / float64(i+1)
	}
	return value
}

// Inventory are the moments of what a member of type k holds.
func (l *ArrivalLaw) Inventory(k int) Powers {
	list, at := []float64{l.moments[0]}, 0
	for range l.basis.degree {
		at = l.basis.raised[at][k]
		list = append(list, l.moments[at])
	}
	return Powers{l.centre[k], list}
}

// Lagged is the covariance of what a member of type k holds with what it held at the
// tick of statistics before, and the variance of the product of the two deviations,
// NaN where moments are not followed so far.
func (l *ArrivalLaw) Lagged(k int) (covariance, spread float64) {
	n, first := l.basis.variables, l.basis.raised[0][k]
	y := l.pairs[k]
	was, is := y[0], l.moments[first] // means of the deviations
	covariance = y[first] - was*is
	if len(l.pairs) == n {
		return covariance, nan
	}
	z, second := l.pairs[n+k], l.basis.raised[first][k]
	// E (s − was)²(t − is)², s then and t now.
	square := func(zero, one, two float64) float64 { return two - 2*is*one + is*is*zero }
	both := square(z[0], z[first], z[second]) - 2*was*square(y[0], y[first], y[second]) +
		was*was*square(l.moments[0], l.moments[first], l.moments[second])
	return covariance, math.Max(0, both-covariance*covariance)
}

// add adds another law, with its weight, about the centres of the first.
func (l *ArrivalLaw) add(weight float64, other *ArrivalLaw) {
	if l.moments == nil {
		l.basis, l.centre, l.before = other.basis, other.centre, other.before
		l.moments, l.traded = make([]float64, len(other.moments)), make([]float64, len(other.traded))
		for _, pair := range other.pairs {
			l.pairs = append(l.pairs, make([]float64, len(pair)))
		}
		for i, q := range l.quotes() {
			*q = Powers{other.quotes()[i].centre, make([]float64, len(other.quotes()[i].about))}
		}
	}
	l.Active += weight * other.Active
	for i, v := range other.traded {
		l.traded[i] += weight * v
	}
	for i, q := range l.quotes() {
		for j, v := range other.quotes()[i].shifted(q.centre).about {
			q.about[j] += weight * v
		}
	}
	moved := make([]linear, len(l.centre))
	for k := range moved {
		moved[k] = linear{constant: other.centre[k] - l.centre[k], slopes: make([]float64, len(l.centre))}
		moved[k].slopes[k] = 1
	}
	rows := l.basis.rows()
	l.basis.images(moved, rows)
	for m := range l.moments {
		l.moments[m] += weight * expected(rows[m], other.moments)
	}
	n := l.basis.variables
	for p, pair := range l.pairs {
		by := other.before[p%n] - l.before[p%n]
		for m := range pair {
			value := expected(rows[m], other.pairs[p])
			if plain := expected(rows[m], other.moments); p < n {
				value += by * plain
			} else {
				value += 2*by*expected(rows[m], other.pairs[p-n]) + by*by*plain
			}
			pair[m] += weight * value
		}
	}
}

// quotes are the bid, the ask and the mid-quote.
func (l *ArrivalLaw) quotes() [3]*Powers { return [3]*Powers{&l.Bid, &l.Ask, &l.Mid} }
