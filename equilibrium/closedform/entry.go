package closedform

import "gonum.org/v1/gonum/mat"

// EntryThreshold is the share of risk capacity below which a large trader gains
// when its market grows without more capacity to bear its risk, SS Proposition 9.
const EntryThreshold = .25

// Entry is a large trader and a fringe of any size in a market whose first best
// does not depend on that size, SS Proposition 9: every unit of risk capacity
// has the shock σ dZ₁, and what the large trader gets more or less the fringe
// gets less or more,
//
//	dX_L = σ_L dZ₁ + σ̂ dZ₂,   dX_F = ((1/b_L + 1/b_F)σ − σ_L) dZ₁ − σ̂ dZ₂.
type Entry struct {
	Large        float64 // b_L
	DiscountRate float64 // r
	Aggregate    float64 // σ, per unit of risk capacity and √time
	LargeShock   float64 // σ_L, asset units per √time
	Idiosyncrasy float64 // σ̂, asset units per √time
}

// Welfare is the large trader's k^L = tr(ΣᵀA^LΣ)/r beside a fringe with holding
// cost b_F = fringe. With δ = σ_L − σ/b_L,
//
//	k^L = (1/r²)(−σ²/(2b_L) − σδ + (δ² + σ̂²) b_F(b_F − b_L)/(2(3b_F + b_L))).
func (e Entry) Welfare(fringe float64) (float64, error) {
	if err := e.check(fringe); err != nil {
		return 0, err
	}
	d := e.surplus()
	taste := fringe * (fringe - e.Large) / (2 * (3*fringe + e.Large))
	fixed := -e.Aggregate*e.Aggregate/(2*e.Large) - e.Aggregate*d
	return (fixed + (d*d+e.Idiosyncrasy*e.Idiosyncrasy)*taste) / (e.DiscountRate * e.DiscountRate), nil
}

// Slope is the derivative of Welfare with respect to b_F,
//
//	(1/r²)(δ² + σ̂²)(3b_F − b_L)(b_F + b_L)/(2(3b_F + b_L)²).
//
// Entry lowers b_F: the large trader gains exactly when b_F < b_L/3, its share
// of risk capacity being below EntryThreshold. Nothing changes if δ = σ̂ = 0.
func (e Entry) Slope(fringe float64) (float64, error) {
	if err := e.check(fringe); err != nil {
		return 0, err
	}
	d, sum := e.surplus(), 3*fringe+e.Large
	taste := (3*fringe - e.Large) * (fringe + e.Large) / (2 * sum * sum)
	return (d*d + e.Idiosyncrasy*e.Idiosyncrasy) * taste / (e.DiscountRate * e.DiscountRate), nil
}

// Volatility is Σ: rows are the large trader and the fringe, columns Z₁ and Z₂.
func (e Entry) Volatility(fringe float64) *mat.Dense {
	total := e.Aggregate * (1/e.Large + 1/fringe)
	return mat.NewDense(2, 2, []float64{
		e.LargeShock, e.Idiosyncrasy,
		total - e.LargeShock, -e.Idiosyncrasy,
	})
}

// surplus is δ, what the large trader gets beyond its share of the shock.
func (e Entry) surplus() float64 { return e.LargeShock - e.Aggregate/e.Large }

func (e Entry) check(fringe float64) error {
	return firstError(
		positive("Large", e.Large), positive("DiscountRate", e.DiscountRate), finite("Aggregate", e.Aggregate),
		finite("LargeShock", e.LargeShock), finite("Idiosyncrasy", e.Idiosyncrasy), positive("fringe", fringe))
}
