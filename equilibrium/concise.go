package equilibrium

import "gonum.org/v1/gonum/mat"

// DenseSeats is the largest number of seats over which a value holds the matrix
// A. With more of them the matrices of all would take memory of the order of
// their cube, and values are concise.
const DenseSeats = 100

// concise is f − k of one member in the coordinates
//
//	y = (X_i − S_t/n_t, z),   z = ZX,
//
// of which z is common to all members: class totals, or the modes in which they
// decay.
type concise struct {
	*coordinates
	seat, class int
}

// coordinates are those of all members, with what each of their values is there.
type coordinates struct {
	z       *mat.Dense // Z, over the seats
	classes []class
	of      []int // class of each seat
	form    form
}

// form is yᵀAy of a member of each class as a sum of products of two linear
// functions of y.
type form interface {
	// width is how many coordinates y the second factors and A have; first
	// factors may be coordinates beyond.
	width() int
	// terms is the number of products.
	terms() int
	// term writes the second factor of product q. The first one is the coordinate
	// left of y, or, if that is negative, weight times the second one.
	term(class, q int, second []float64) (left int, weight float64)
	// weigh prepares the second moments of z for trace.
	weigh(zz *mat.SymDense) *mat.SymDense
	// trace is tr(AV) with V over y: weighed over z, with the excess, of the excess.
	trace(class int, zz *mat.SymDense, ez []float64, ee float64) float64
}

// byTotals are A^i over the totals of few classes, as valuer.form gives them.
type byTotals []*mat.SymDense

func (f byTotals) width() int { return len(f) + 1 }
func (f byTotals) terms() int { return len(f) + 1 }

func (f byTotals) term(class, q int, second []float64) (left int, weight float64) {
	for k := range second {
		second[k] = f[class].At(q, k)
	}
	return q, 0
}

func (f byTotals) weigh(zz *mat.SymDense) *mat.SymDense { return zz }

func (f byTotals) trace(class int, zz *mat.SymDense, ez []float64, ee float64) float64 {
	a := f[class]
	sum := a.At(0, 0) * ee
	for j, v := range ez {
		sum += 2 * a.At(0, j+1) * v
		for k := range ez {
			sum += a.At(j+1, k+1) * zz.At(j, k)
		}
	}
	return sum
}

// coordinatesOn chooses modes where the classes are many and their modes real.
func (s *Solution) coordinatesOn(seats []Seat) (*coordinates, error) {
	n := len(s.classes)
	c := &coordinates{classes: s.classes}
	sums := mat.NewDense(n, len(seats), nil)
	for i, seat := range seats {
		c.of = append(c.of, s.of[seat.Type])
		sums.Set(c.of[i], i, 1)
	}
	if modes := s.modesOfMany(); modes != nil {
		f := newByModes(s, modes)
		rank, _ := f.factor.Dims()
		c.z = mat.NewDense(n+rank, len(seats), nil)
		hat := c.z.Slice(0, n, 0, len(seats)).(*mat.Dense)
		hat.Mul(mat.NewDense(n, n, modes.inverse), sums)
		priced := mat.NewDense(rank, n, nil)
		for q := range rank {
			for k, p := range f.price {
				priced.Set(q, k, f.factor.At(q, k)*p)
			}
		}
		c.z.Slice(n, n+rank, 0, len(seats)).(*mat.Dense).Mul(priced, hat)
		c.form = f
		return c, nil
	}
	former := s.former()
	var f byTotals
	for t := range s.classes {
		a, err := former(t)
		if err != nil {
			return nil, err
		}
		f = append(f, a)
	}
	c.z, c.form = sums, f
	return c, nil
}

// modesOfMany is the spectrum of many classes; nil where it is complex, or the
// classes are few enough for forms over their totals.
func (s *Solution) modesOfMany() *spectrum {
	if len(s.classes) < manyClasses || s.modes != nil {
		return s.modes
	}
	n := s.state.n
	r := mat.NewDense(n, n, nil)
	s.state.totals(s.classes, r)
	sp := newSpectrum(n)
	if !sp.decompose(r, s.classes) {
		return nil
	}
	return sp
}

// Coordinates is how many coordinates z = ZX the terms of concise values have in
// common, with Coordinate a row of Z; Excess is the row of X_i − S_t/n_t.
func (v Value) Coordinates() int {
	n, _ := v.concise.z.Dims()
	return n
}

// Coordinate is row j of Z, over the seats.
func (v Value) Coordinate(j int) []float64 { return v.concise.z.RawRowView(j) }

// Excess writes the member's excess over the mean of its class, over the seats;
// false where it is alone in it.
func (v Value) Excess(row []float64) bool {
	c := v.concise
	count := c.classes[c.class].count
	clear(row)
	if count == 1 {
		return false
	}
	for j, t := range c.of {
		if t == c.class {
			row[j] = -1 / count
		}
	}
	row[c.seat]++
	return true
}

// Terms is the number of products that f − k of a concise value is the sum of, and
// Width the length of their second factors.
func (v Value) Terms() (terms, width int) { return v.concise.form.terms(), v.concise.form.width() }

// Term writes the second factor of product q, a linear function of y, the member's
// excess and the coordinates. The first factor is coordinate left of y or, where
// that is negative, weight times the second one.
func (v Value) Term(q int, second []float64) (left int, weight float64) {
	return v.concise.form.term(v.concise.class, q, second)
}

// onY are the rows of y, over the seats.
func (c *concise) onY() *mat.Dense {
	n, seats := c.z.Dims()
	y := mat.NewDense(n+1, seats, nil)
	Value{concise: c}.Excess(y.RawRowView(0))
	y.Slice(1, n+1, 0, seats).(*mat.Dense).Copy(c.z)
	return y
}

// at is yᵀAy.
func (c *concise) at(x []float64) float64 {
	n, seats := c.z.Dims()
	inventories, excess := mat.NewVecDense(seats, x), mat.NewVecDense(seats, nil)
	Value{concise: c}.Excess(excess.RawVector().Data)
	y := mat.NewVecDense(n+1, nil)
	y.SetVec(0, mat.Dot(excess, inventories))
	y.SliceVec(1, n+1).(*mat.VecDense).MulVec(c.z, inventories)
	second, sum := make([]float64, c.form.width()), 0.0
	for q := range c.form.terms() {
		left, weight := c.form.term(c.class, q, second)
		product := 0.0
		for j, v := range second {
			product += v * y.AtVec(j)
		}
		if left >= 0 {
			sum += y.AtVec(left) * product
		} else {
			sum += weight * product * product
		}
	}
	return sum
}

// times is Ab: the symmetric part of every product, applied to b.
func (c *concise) times(out *mat.Dense, b mat.Matrix) {
	onY := c.onY()
	var y, image mat.Dense
	y.Mul(onY, b)
	rows, columns := y.Dims()
	image.ReuseAs(rows, columns)
	second := make([]float64, c.form.width())
	for q := range c.form.terms() {
		left, weight := c.form.term(c.class, q, second)
		for k := range columns {
			product := 0.0
			for j, v := range second {
				product += v * y.At(j, k)
			}
			first := 2 * weight * product
			if left >= 0 {
				first = y.At(left, k)
				image.Set(left, k, image.At(left, k)+product/2)
			}
			for j, v := range second {
				image.Set(j, k, image.At(j, k)+v*first/2)
			}
		}
	}
	out.Mul(onY.T(), &image)
}
