package closedform

import (
	"math"

	"walras/clock"
)

// AlmgrenChriss is one seller who faces a given price impact, SS (1): at the
// selling rate q the price is
//
//	p_t = p_0 + σz_t − Iq_t − λ∫₀ᵗ q_s ds,   z a Brownian motion,
//
// and the seller of X_0 before time T maximises E[y] − γ Var[y] of the revenue
// y = ∫₀ᵀ p_t q_t dt over deterministic schedules. There is no discounting.
type AlmgrenChriss struct {
	Price         float64 // p_0, money per asset unit
	Volatility    float64 // σ ≥ 0, money per asset unit and √time
	Instantaneous float64 // I > 0, money × time per asset unit squared
	Permanent     float64 // λ ≥ 0, money per asset unit squared
	RiskAversion  float64 // γ ≥ 0, per money
	Quantity      float64 // X_0, asset units; negative to buy
	Horizon       float64 // T > 0
}

// Revenue is the distribution of a revenue; it is normal.
type Revenue struct {
	Mean     float64 // money
	Variance float64 // money squared
}

// Validate returns a *ParameterError for the first field outside its range.
func (a AlmgrenChriss) Validate() error {
	return firstError(
		finite("Price", a.Price), notNegative("Volatility", a.Volatility),
		positive("Instantaneous", a.Instantaneous), notNegative("Permanent", a.Permanent),
		notNegative("RiskAversion", a.RiskAversion), finite("Quantity", a.Quantity), positive("Horizon", a.Horizon),
	)
}

// Objective is what the seller maximises, E[y] − γ Var[y]. By Lemma 1 it is
// E[y] − γσ²∫X_t² dt with X_t what is still to be sold, a quadratic holding cost
// with b = 2γσ².
func (a AlmgrenChriss) Objective(y Revenue) float64 { return y.Mean - a.RiskAversion*y.Variance }

// Urgency is k = √(γσ²/I), per time: the rate at which the optimal schedule
// front-loads its sales.
func (a AlmgrenChriss) Urgency() float64 {
	return a.Volatility * math.Sqrt(a.RiskAversion/a.Instantaneous)
}

// Inventory is what the optimal schedule has left to sell at time t,
// X_t = X_0 sinh(k(T−t))/sinh(kT), a straight line for k = 0. It minimises
// ∫(IẊ² + γσ²X²)dt, the cost that depends on the schedule.
func (a AlmgrenChriss) Inventory(t float64) float64 {
	if t >= a.Horizon {
		return 0
	}
	return a.Quantity * sinhRatio(a.Urgency(), a.Horizon-t, a.Horizon)
}

// Rate is the optimal selling rate at time t, X_0 k cosh(k(T−t))/sinh(kT), and 0
// from T on.
func (a AlmgrenChriss) Rate(t float64) float64 {
	k := a.Urgency()
	switch {
	case t >= a.Horizon:
		return 0
	case k == 0:
		return a.Quantity / a.Horizon
	}
	left := a.Horizon - t
	return a.Quantity * k * math.Exp(-k*t) * (1 + math.Exp(-2*k*left)) / -math.Expm1(-2*k*a.Horizon)
}

// HalfLife is the time in which the optimal schedule sells half: X_t = X_0/2, or
// sinh(k(T−t)) = ½ sinh(kT). It falls from T/2 to ln 2/k as k grows.
func (a AlmgrenChriss) HalfLife() float64 {
	k := a.Urgency()
	z := k * a.Horizon
	switch {
	case z < smallUrgency:
		return a.Horizon / 2
	case z > 40: // sinh is half an exponential, and would overflow
		return math.Ln2 / k
	}
	return a.Horizon - math.Asinh(math.Sinh(z)/2)/k
}

// Optimal is the revenue of the optimal schedule: with z = kT,
//
//	E = p_0X_0 − (λ/2)X_0² − (I/T) X_0² z(sinh 2z + 2z)/(4 sinh²z),
//	Var = σ²T X_0² (sinh 2z − 2z)/(4z sinh²z).
//
// The costs add up to E − γ Var = p_0X_0 − (λ/2 + Ik coth kT)X_0².
func (a AlmgrenChriss) Optimal() Revenue {
	z := a.Urgency() * a.Horizon
	return a.revenue(rateSquared(z), inventorySquared(z))
}

// Constant is the revenue of the constant rate X_0/T, the optimum for γ = 0.
func (a AlmgrenChriss) Constant() Revenue { return a.revenue(1, 1./3) }

// revenue is that of a schedule with ∫q² = X_0²/T·rate and ∫X² = X_0²T·inventory.
func (a AlmgrenChriss) revenue(rate, inventory float64) Revenue {
	x := a.Quantity
	return Revenue{
		Mean:     a.Price*x - a.Permanent/2*x*x - a.Instantaneous*x*x/a.Horizon*rate,
		Variance: a.Volatility * a.Volatility * x * x * a.Horizon * inventory,
	}
}

// Of is the revenue of a schedule up to the horizon, whatever quantity it sells:
// with R_t = ∫ₜᵀ q, E = p_0R_0 − (λ/2)R_0² − I∫q² and Var = σ²∫R².
func (a AlmgrenChriss) Of(schedule clock.Schedule) Revenue {
	left := schedule.Quantity(0, a.Horizon)
	y := Revenue{Mean: a.Price*left - a.Permanent/2*left*left}
	for _, v := range schedule.Pieces(a.Horizon) {
		length := v.To - v.From
		next := left - v.Rate*length
		y.Mean -= a.Instantaneous * v.Rate * v.Rate * length
		y.Variance += a.Volatility * a.Volatility * length * (left*left + left*next + next*next) / 3
		left = next
	}
	return y
}

// sinhRatio is sinh(ku)/sinh(kv) for 0 ≤ u ≤ v, and u/v for k = 0.
func sinhRatio(k, u, v float64) float64 {
	if k == 0 {
		return u / v
	}
	return math.Exp(-k*(v-u)) * math.Expm1(-2*k*u) / math.Expm1(-2*k*v)
}

// smallUrgency is a kT whose fourth power is below rounding.
const smallUrgency = 1e-4

// rateSquared is z(sinh 2z + 2z)/(4 sinh²z), which is 1 at z = 0.
func rateSquared(z float64) float64 {
	if z < smallUrgency {
		return 1 // + z⁴/45
	}
	e, gap := math.Exp(-2*z), -math.Expm1(-2*z)
	return z*(1+e)/(2*gap) + 2*z*z*e/(gap*gap)
}

// inventorySquared is (sinh 2z − 2z)/(4z sinh²z), which is 1/3 at z = 0.
func inventorySquared(z float64) float64 {
	switch {
	case z < smallUrgency:
		return 1./3 - 2*z*z/45 // + 2z⁴/315
	case z > 1:
		e, gap := math.Exp(-2*z), -math.Expm1(-2*z)
		return (1+e)/(2*z*gap) - 2*e/(gap*gap)
	}
	// sinh 2z − 2z term by term, because the difference cancels.
	sum, term := 0., 2*z
	for n := 2.; ; n += 2 {
		term *= 4 * z * z / (n * (n + 1))
		if sum+term == sum {
			break
		}
		sum += term
	}
	s := math.Sinh(z)
	return sum / (4 * z * s * s)
}
