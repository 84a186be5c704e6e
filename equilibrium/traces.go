package equilibrium

import (
	"gonum.org/v1/gonum/mat"

	"walras/internal/lyapunov"
)

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
	m.zz = c.form.weigh(lyapunov.Symmetric(&zz))
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
