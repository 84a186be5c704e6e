package equilibrium

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// state is a candidate mechanism by classes: the unknowns of the equilibrium.
// A member i of class t sells own[t]·(X_i − S_t/n_t) + Σ_s mean[t,s]·S_s: its
// excess over the mean of its class decays at a speed of its own, and the mean
// trades with the other classes. (The excess apart from the mean, because in a
// class of a million own is a million times what remains when the two are
// added.) A single member has no excess, and own is 0 by convention.
type state struct {
	n     int       // classes
	price []float64 // P per class
	own   []float64
	mean  []float64 // n×n, row-major

	// In a market of many members prices differ by little: there spread holds
	// them apart from the level that they have in common (nil in a small one).
	level  float64
	spread []float64
	finest float64 // unit of the spread, relative to prices
}

func newState(n int) *state {
	return &state{n: n, price: make([]float64, n), own: make([]float64, n), mean: make([]float64, n*n)}
}

func (s *state) clone() *state {
	c := newState(s.n)
	copy(c.price, s.price)
	copy(c.own, s.own)
	copy(c.mean, s.mean)
	c.level, c.spread, c.finest = s.level, slices.Clone(s.spread), s.finest
	return c
}

// dearer is p^t − p^u.
func (s *state) dearer(t, u int) float64 {
	if s.spread != nil {
		return s.spread[t] - s.spread[u]
	}
	return s.price[t] - s.price[u]
}

// diagonal is q^{ii} of a member of class t: what it sells more when it reports
// one more unit of inventory. Under common values its report moves everybody's
// inventory, and it is Q^iF^{·i}.
func (s *state) diagonal(t int, c class) float64 {
	if c.signal != nil {
		return floats.Dot(s.mean[t*s.n:(t+1)*s.n], c.signal)
	}
	return s.own[t]*(1-1/c.count) + s.mean[t*s.n+t]
}

// reported is p^i of a member of class t: the price change when it reports one
// more unit. Under common values it is PF^{·i}.
func (s *state) reported(t int, c class) float64 {
	if c.signal != nil {
		return floats.Dot(s.price, c.signal)
	}
	return s.price[t]
}

// impact is the instantaneous price impact I^i = −p^i/q^{ii} of a member of
// class t, or −PF^{·i}/(Q^iF^{·i}), times the factor by which it misperceives it.
func (s *state) impact(t int, c class) float64 {
	return c.factor * (-s.reported(t, c) / s.diagonal(t, c))
}

// totals is the matrix that maps class totals to their selling rates,
// R = diag(count)·mean.
func (s *state) totals(classes []class, out *mat.Dense) {
	raw := out.RawMatrix()
	for t, c := range classes {
		row := raw.Data[t*raw.Stride : t*raw.Stride+s.n]
		for u := range row {
			row[u] = c.count * s.mean[t*s.n+u]
		}
	}
}

// units are the scales in which an error matters equally everywhere: flows in
// the symmetrised coordinates √(b_t n_t)·mean_ts·√(n_s/b_s), in which the
// matrix of class totals is nearly symmetric, and prices likewise.
type units struct{ price, own, mean []float64 }

func newUnits(classes []class, s *state) units {
	n := len(classes)
	u := units{make([]float64, n), make([]float64, n), make([]float64, n*n)}
	speed, level := 0.0, 0.0
	for t, c := range classes {
		root := math.Sqrt(c.count / c.cost)
		speed = math.Max(speed, c.count*s.mean[t*n+t])
		u.own[t] = 1
		if s.own[t] > 0 {
			u.own[t] = 1 / s.own[t]
		}
		level = math.Max(level, math.Abs(s.price[t])*root)
		u.price[t] = root
		for v, d := range classes {
			u.mean[t*n+v] = math.Sqrt(c.cost*c.count) * math.Sqrt(d.count/d.cost)
		}
	}
	if s.spread != nil {
		level *= s.finest
		for t, d := range s.spread {
			level = math.Max(level, math.Abs(d)*u.price[t])
		}
	}
	if len(classes) == 1 {
		speed = 1 // the mean of all has nobody to trade with
	}
	for t := range classes {
		u.price[t] /= level
		for v := range classes {
			u.mean[t*n+v] /= speed
		}
	}
	return u
}

// pack writes the state as a vector in the given units; unpack reads it back.
func (s *state) pack(u units, x []float64) {
	n := s.n
	for i, v := range s.price {
		x[i] = v * u.price[i]
		x[n+i] = s.own[i] * u.own[i]
	}
	for i, v := range s.spread {
		x[i] = v * u.price[i]
	}
	for i, v := range s.mean {
		x[2*n+i] = v * u.mean[i]
	}
}

func (s *state) unpack(u units, x []float64) {
	n := s.n
	for i := range s.price {
		s.price[i] = x[i] / u.price[i]
		s.own[i] = x[n+i] / u.own[i]
	}
	for i := range s.spread {
		s.spread[i] = x[i] / u.price[i]
		s.price[i] = s.level + s.spread[i]
	}
	for i := range s.mean {
		s.mean[i] = x[2*n+i] / u.mean[i]
	}
}

func (s *state) size() int { return s.n * (s.n + 2) }
