package closedform

import "gonum.org/v1/gonum/mat"

// LargeAndFringe is the market of one large trader and a competitive fringe in
// continuous time, SS Propositions 5 and 6. Trader 0 is the large one with
// holding cost b_L = large, trader 1 the fringe with b_F = fringe, the holding
// cost of the fringe as one body (money per asset unit squared per time);
// discountRate is r (per time). With D = 3b_F + b_L,
//
//	Q   = [[q_L, −q_F], [−q_L, q_F]],   q_L = r b_L/(2b_F),   q_F = r/2,
//	P   = −(b_F/(rD)) [b_L, b_L + 2b_F],
//	A^L = b_F/(2rD) [[−3b_L, −b_L], [−b_L, b_F]],
//	A^F = b_F/(2rD(2b_F+b_L)) [[b_L², −b_L b_F], [−b_L b_F, −(b_L² + 5b_L b_F + 5b_F²)]].
//
// The allocation tends to the first best at the speed κ = q_L + q_F.
func LargeAndFringe(large, fringe, discountRate float64) (Mechanism, error) {
	if err := checkFringe(large, fringe, discountRate); err != nil {
		return Mechanism{}, err
	}
	r, sum := discountRate, 3*fringe+large
	sellLarge, sellFringe := r*large/(2*fringe), r/2
	price := -fringe / (r * sum)
	valueLarge := fringe / (2 * r * sum)
	valueFringe := valueLarge / (2*fringe + large)
	return Mechanism{
		P: []float64{price * large, price * (large + 2*fringe)},
		Q: mat.NewDense(2, 2, []float64{
			sellLarge, -sellFringe,
			-sellLarge, sellFringe,
		}),
		A: []*mat.SymDense{
			mat.NewSymDense(2, []float64{
				-valueLarge * 3 * large, -valueLarge * large,
				-valueLarge * large, valueLarge * fringe,
			}),
			mat.NewSymDense(2, []float64{
				valueFringe * large * large, -valueFringe * large * fringe,
				-valueFringe * large * fringe,
				-valueFringe * (large*large + 5*large*fringe + 5*fringe*fringe),
			}),
		},
	}, nil
}

// Impact is the effect of the large trader's sales on the price in the form of
// Almgren and Chriss: with X^F_0 the fringe's inventory at the start and q the
// large trader's selling rate, and without shocks,
//
//	p_t = −λ X^F_0 − I q_t − λ ∫₀ᵗ q_s ds.
type Impact struct {
	Permanent     float64 // λ, money per asset unit squared
	Instantaneous float64 // I, money × time per asset unit squared
	Speed         float64 // κ, per time: the equilibrium speed of trade
}

// LargeAndFringeImpact gives the price impact in the market of LargeAndFringe,
// SS Proposition 6:
//
//	λ = b_F/r,   κ = (r/2)(b_L + b_F)/b_F,   I = λ/(r + κ).
func LargeAndFringeImpact(large, fringe, discountRate float64) (Impact, error) {
	if err := checkFringe(large, fringe, discountRate); err != nil {
		return Impact{}, err
	}
	permanent := fringe / discountRate
	speed := discountRate / 2 * (large + fringe) / fringe
	return Impact{
		Permanent:     permanent,
		Instantaneous: permanent / (discountRate + speed),
		Speed:         speed,
	}, nil
}

func checkFringe(large, fringe, discountRate float64) error {
	return firstError(
		positive("large", large),
		positive("fringe", fringe),
		positive("discountRate", discountRate),
	)
}
