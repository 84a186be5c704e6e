package equilibrium

import "gonum.org/v1/gonum/mat"

// Known says whether there is a value at all: of single members, not of groups.
func (v Value) Known() bool { return v.A != nil || v.concise != nil }

// Concise says whether the value holds no matrix A over the seats, as in markets
// of more than DenseSeats of them.
func (v Value) Concise() bool { return v.concise != nil }

// At evaluates f at inventories x.
func (v Value) At(x []float64) float64 {
	if v.concise != nil {
		return v.concise.at(x) + v.K
	}
	y := mat.NewVecDense(len(x), x)
	return mat.Inner(y, v.A, y) + v.K
}

// Times is the product of A with a matrix of a row per seat.
func (v Value) Times(b mat.Matrix) *mat.Dense {
	var out mat.Dense
	if v.concise != nil {
		v.concise.times(&out, b)
	} else {
		out.Mul(v.A, b)
	}
	return &out
}

// Dense is A over the seats.
func (v Value) Dense() *mat.SymDense {
	if v.A != nil {
		return v.A
	}
	return symmetrised(v.Times(unitMatrix(len(v.concise.of))))
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

// Traces are tr(A^iV) of all values, V over the seats; 0 where there is none.
func Traces(values []Value, v mat.Symmetric) []float64 {
	out := make([]float64, len(values))
	var common *moments
	for i, value := range values {
		switch {
		case value.A != nil:
			out[i] = traceProduct(value.A, v)
		case value.concise != nil:
			if common == nil || common.coordinates != value.concise.coordinates {
				common = value.concise.moments(v)
			}
			out[i] = common.trace(value.concise)
		}
	}
	return out
}

func traceProduct(a, b mat.Symmetric) float64 {
	sum := 0.0
	for j := range a.SymmetricDim() {
		for k := range a.SymmetricDim() {
			sum += a.At(j, k) * b.At(j, k)
		}
	}
	return sum
}

// moments are a V over the seats as the coordinates see it.
type moments struct {
	*coordinates
	zz   *mat.SymDense // ZVZᵀ, weighed
	zx   *mat.Dense    // ZV
	mean *mat.Dense    // of the columns of ZV over classes
	rows *mat.Dense    // of the rows of V over classes
	both *mat.Dense    // of the columns of these
	v    mat.Symmetric
}

func (c *coordinates) moments(v mat.Symmetric) *moments {
	seats, n := len(c.of), c.form.width()-1
	z := c.z.Slice(0, n, 0, seats)
	m := &moments{coordinates: c, v: v, zx: new(mat.Dense), mean: new(mat.Dense), rows: new(mat.Dense), both: new(mat.Dense)}
	m.zx.Mul(z, v)
	var zz mat.Dense
	zz.Mul(m.zx, z.T())
	m.zz = c.form.weigh(symmetrised(&zz))
	member := mat.NewDense(len(c.classes), seats, nil)
	for i, t := range c.of {
		member.Set(t, i, 1/c.classes[t].count)
	}
	m.rows.Mul(member, v)
	m.mean.Mul(m.zx, member.T())
	m.both.Mul(m.rows, member.T())
	return m
}

func (m *moments) trace(c *concise) float64 {
	n, _ := m.zx.Dims()
	ez := make([]float64, n)
	t, i := c.class, c.seat
	ee := 0.0
	if c.classes[t].count > 1 {
		for j := range ez {
			ez[j] = m.zx.At(j, i) - m.mean.At(j, t)
		}
		ee = m.v.At(i, i) - 2*m.rows.At(t, i) + m.both.At(t, t)
	}
	return c.form.trace(t, m.zz, ez, ee)
}
