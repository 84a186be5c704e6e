package cournot

// Gradient is how a quantity changes with each parameter.
type Gradient struct {
	DiscountRate  float64 // ∂/∂β
	Makers        float64 // ∂/∂N, with N in the formulas a real number
	InventoryCost float64 // ∂/∂η
	Activity      float64 // ∂/∂δ
	Reservation   float64 // ∂/∂ω
}

// Statics are the comparative statics of liquidity without a large order. Spread
// and Pressure are the two columns of CMZ Table 1.
type Statics struct {
	Spread        Gradient // 2A_θ
	Pressure      Gradient // B_θ
	Depth         Gradient // C_θ
	DepthSlope    Gradient // D_θ
	MarginalValue Gradient // A
	Reversion     Gradient // M
	Anticipation  Gradient // γ
	Impact        Gradient // H_θ
}

// Statics differentiates the constants, with η − βA = 4κδA²/(N+1) for A: its
// slope in A is −(β + 2κM).
func (c Constants) Statics() Statics {
	_, n1 := c.counts()
	β, δ, ω := c.DiscountRate, c.Activity, c.Reservation
	A, κM := c.A, c.Kappa*c.M
	power := 1. // κ/(N+1) falls with this power of N+1
	if c.Concept == Published {
		power = 2
	}
	R := β + 2*κM
	s := Statics{
		Spread:        Gradient{Makers: -2 * ω / (n1 * n1), Reservation: 2 / n1},
		Depth:         Gradient{Makers: -δ * ω / (n1 * n1), Activity: ω / n1, Reservation: δ / n1},
		Impact:        Gradient{Makers: -c.Impact / n1, Activity: -c.Impact / δ},
		MarginalValue: Gradient{DiscountRate: -A / R, Makers: power * A * κM / (n1 * R), InventoryCost: 1 / R, Activity: -A * κM / (δ * R)},
		Pressure:      Gradient{DiscountRate: -c.Pressure / R, Makers: -c.Pressure * (β + (2-power)*κM) / (n1 * R), InventoryCost: 2 / (n1 * R), Activity: -c.Pressure * κM / (δ * R)},
	}
	p := s.Pressure // M = 2δB_θ, D_θ = M/2
	s.DepthSlope = Gradient{DiscountRate: δ * p.DiscountRate, Makers: δ * p.Makers, InventoryCost: δ * p.InventoryCost, Activity: c.Pressure * c.Gamma / R}
	m := s.DepthSlope
	s.Reversion = Gradient{DiscountRate: 2 * m.DiscountRate, Makers: 2 * m.Makers, InventoryCost: 2 * m.InventoryCost, Activity: 2 * m.Activity}
	m, κ := s.Reversion, c.Kappa // γ = β + κM, with κ = 2/(N+1) or 1
	s.Anticipation = Gradient{
		DiscountRate:  c.Gamma / R,
		Makers:        κ*m.Makers - (power-1)*κM/n1,
		InventoryCost: κ * m.InventoryCost,
		Activity:      κ * m.Activity,
	}
	return s
}

// Competitive is the limit of infinitely many makers without a large order, CMZ
// Corollary 1, the same for every concept: the spread 2A_θ and the price pressure
// B_θ go to 0 (CMZ (20) prints the limit of N B_θ), and so does the value of a
// maker without inventory.
type Competitive struct {
	MarginalValue float64 // lim A = lim F_θ = η/β
	Pressure      float64 // lim N B_θ = 2η/β, per unit of inventory of one maker
	Depth         float64 // lim N C_θ = δω
	DepthSlope    float64 // lim N D_θ = 2δη/β
}

// Competitive is the market with infinitely many makers.
func (m Model) Competitive() Competitive {
	a := m.InventoryCost / m.DiscountRate
	return Competitive{
		MarginalValue: a, Pressure: 2 * a,
		Depth: m.Activity * m.Reservation, DepthSlope: 2 * m.Activity * a,
	}
}

// BidDepth is what all makers buy per time when each holds inventory, (21); the
// sign of its second term is wrong in CMZ.
func (c Competitive) BidDepth(inventory float64) float64 { return c.Depth - c.DepthSlope*inventory }

// AskDepth is what all makers sell per time when each holds inventory, (22).
func (c Competitive) AskDepth(inventory float64) float64 { return c.Depth + c.DepthSlope*inventory }
