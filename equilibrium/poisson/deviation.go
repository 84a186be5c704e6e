package poisson

import (
	"math"

	"walras/equilibrium/cournot"
)

// Deviation is what one maker does instead of its policy, which all its rivals
// follow on their own inventories: x^a = Trade α^a + Feedback r i and
// x^b = Trade α^b − Feedback r i. {1, 1} is the policy, {0, 0} no trade but its share
// of the large orders, {1, s} its own feedback at the speed s.
type Deviation struct{ Trade, Feedback float64 }

// Gain is what one maker expects to gain from a deviation.
type Gain struct {
	Absolute float64 // discounted, from time 0
	Relative float64 // to what the policy is worth where all inventories are the rivals'
}

// Deviations are one maker's from the policy of its market, against given orders.
// The printed policy is no best response to rivals who follow it on inventories of
// their own, unless N = 1; that of open_loop is.
//
// With own and rival inventory z = (x, y) the best response has the marginal value
// V_x = −2ax − 2ζy + q, a as under open_loop, and trades
//
//	u^a = (p − q − θα^a − φ/(cNλ_B))/(2k) + g'z,   u^b = (p + q − θα^b − f/(cNλ_S))/(2k) − g'z,
//
// k = 1/c + a, θ = (N−1)/c + 2ζ. To trade anything else with an arrival loses k
// times the squared difference, so that what a policy loses is an integral of
// second moments of (x, y): no difference of values, each of order 1/β.
type Deviations struct {
	market Constants
	spells []spell
	worth  func(inventory float64) float64 // of the policy to a maker, at time 0

	curvature, cross float64    // a, ζ
	sharp, rivalry   float64    // k, θ
	feedback         [2]float64 // g
}

// DeviationsKnown are deviations against flows that everybody knows from time 0.
func (c Constants) DeviationsKnown(flows cournot.Flows) *Deviations {
	d := c.deviations(c.knownSpells(flows))
	d.worth = func(i float64) float64 { return c.Announce(flows).MakerValue(0, i) }
	return d
}

// DeviationsHidden are deviations while a hidden order sells (buys, if negative) at
// that rate.
func (c Constants) DeviationsHidden(law Exponential, rate float64) *Deviations {
	d := c.deviations([]spell{c.hiddenSpell(law, rate), {length: math.Inf(1)}})
	market, side := c, 1.
	if rate < 0 {
		market, side = c.Mirror().Constants(c.Concept), -1
	}
	d.worth = func(i float64) float64 {
		return market.MakerValue(side*i) + market.Stealth(law).Maker.Of(side*rate, side*i)
	}
	return d
}

// deviations solves for the slopes of the best response, which no order changes:
// ζ(β + Λ(1 − (1−g1)ρ)) = Λ(N−1)r g1/(2c).
func (c Constants) deviations(spells []spell) *Deviations {
	d := &Deviations{market: c, spells: spells}
	rivals, Λ := float64(c.Makers-1), c.Arrivals()
	d.curvature = c.Model.Constants(cournot.OpenLoop).OwnSlope
	d.sharp = 1/c.Size + d.curvature
	own := d.curvature / d.sharp // c a/(1 + ca)
	kept := c.Rho * (1 - own)
	d.cross = Λ * rivals * c.R * own / (2 * c.Size * (c.DiscountRate + Λ*(1-kept)))
	d.rivalry = rivals/c.Size + 2*d.cross
	d.feedback = [2]float64{own, (2*d.cross*c.Rho - rivals*c.R/c.Size) / (2 * d.sharp)}
	return d
}

// Best is what the best response gains on the policy, from these inventories of one
// maker and of each of its rivals.
func (d *Deviations) Best(own, rivals float64) Gain {
	policy := d.losses(Deviation{1, 1})
	return d.gain(policy.at(own, rivals), rivals)
}

// Of is what a deviation gains on the policy; it loses what is negative.
func (d *Deviations) Of(deviation Deviation, own, rivals float64) Gain {
	policy, other := d.losses(Deviation{1, 1}), d.losses(deviation)
	return d.gain(policy.at(own, rivals)-other.at(own, rivals), rivals)
}

func (d *Deviations) gain(absolute, rivals float64) Gain {
	return Gain{Absolute: absolute, Relative: absolute / d.worth(rivals)}
}

// back solves y' = decay y − force on a spell backwards from its end, as modes of
// the time to it; a spell without end is stationary.
func (s *spell) back(end float64, force modes, decay float64) modes {
	if math.IsInf(s.length, 1) {
		return fading(force.at(0, 0)/decay, 0)
	}
	return fading(end, decay).plus(force.followed(decay))
}

// ahead is α^a and α^b as modes of the time to the end of a spell.
func (c Constants) ahead(s *spell) (ask, bid modes) {
	at := c.Policy(c.B0+s.settled, s.sell, s.buy)
	passing := fading(c.Size/c.K*s.passing, c.Delta)
	return fading(at.Sells, 0).plus(passing.scaled(-1)), fading(at.Buys, 0).plus(passing)
}

// start is how long a spell is before its end; 0 if it is stationary.
func (s *spell) start() float64 {
	if math.IsInf(s.length, 1) {
		return 0
	}
	return s.length
}
