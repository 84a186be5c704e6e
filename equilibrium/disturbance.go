package equilibrium

import "gonum.org/v1/gonum/mat"

// disturbance is the state of a market off the equilibrium path: what the others
// would hold if member i never sold, and what its sales have added to that. Kept
// apart, so that impacts are not differences of prices.
type disturbance struct {
	start       float64 // X_i at time 0
	sold        float64 // by member i since
	undisturbed *mat.VecDense
	others      *mat.VecDense
	work        *mat.VecDense
}

// newDisturbance starts with the inventories of all seats; nil is zero.
func newDisturbance(r *Response, inventories []float64) *disturbance {
	n := len(r.others)
	d := &disturbance{
		undisturbed: mat.NewVecDense(n, nil), others: mat.NewVecDense(n, nil), work: mat.NewVecDense(n, nil),
	}
	if inventories != nil {
		d.start = inventories[r.Seller]
		for a, j := range r.others {
			d.undisturbed.SetVec(a, inventories[j])
		}
	}
	return d
}

// advance applies a propagator [E, e]: X ← EX + eq.
func (d *disturbance) advance(p *mat.Dense, q float64) {
	n := d.others.Len()
	e := p.Slice(0, n, 0, n)
	d.work.MulVec(e, d.undisturbed)
	d.undisturbed.CopyVec(d.work)
	d.work.MulVec(e, d.others)
	d.others.AddScaledVec(d.work, q, p.ColView(n))
}

// propagator of (27) for a time in which the rate is constant: the upper rows
// of the exponential of [[−B, −Q^{−i,i}/q^{ii}], [0, 0]] times the time.
func (r *Response) propagator(time float64) *mat.Dense {
	n := len(r.others)
	generator := mat.NewDense(n+1, n+1, nil)
	for a := range n {
		for c := range n {
			generator.Set(a, c, -r.recovery.At(a, c)*time)
		}
		generator.Set(a, n, -r.absorbed[a]*time)
	}
	var p mat.Dense
	p.Exp(generator)
	return p.Slice(0, n, 0, n+1).(*mat.Dense)
}

// transient is how much lower the price is than with the permanent impact
// alone, which is λ times what the others have absorbed.
func (r *Response) transient(d *disturbance) float64 {
	sum := 0.0
	for a, s := range r.sensitivity {
		sum -= (s + r.Impact.Permanent) * d.others.AtVec(a)
	}
	return sum
}

// point is the market when member i sells q.
func (r *Response) point(d *disturbance, time, q float64) ResponsePoint {
	x := make([]float64, len(r.Seats))
	x[r.Seller] = d.start - d.sold
	out := ResponsePoint{
		Time: time, Sold: q, Inventories: x,
		Instantaneous: r.Impact.Instantaneous * q,
		Permanent:     r.Impact.Permanent * d.sold,
		Transient:     r.transient(d),
	}
	revealed := q
	for a, j := range r.others {
		x[j] = d.undisturbed.AtVec(a) + d.others.AtVec(a)
		revealed -= r.flows.At(r.Seller, j) * x[j]
		out.Price += r.price[j] * x[j]
		out.Undisturbed += r.sensitivity[a] * d.undisturbed.AtVec(a)
	}
	out.Belief = revealed / r.flows.At(r.Seller, r.Seller)
	out.Price += r.price[r.Seller] * out.Belief
	return out
}
