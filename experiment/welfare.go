package experiment

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"walras/equilibrium"
	"walras/equilibrium/closedform"
	"walras/scenarios"
)

// Experiments are the welfare results of SS §4.1 for the markets that they are
// about: one strategic trader and a fringe, identical traders, or a fringe with
// parts. What does not apply is left out.
type Experiments struct {
	Merger     *Merger        `json:"merger,omitempty"`
	Commitment *Commitment    `json:"commitment,omitempty"`
	Entry      *Entry         `json:"entry,omitempty"`
	Pairs      []MergedMarket `json:"pairs,omitempty"`
	Parts      []Part         `json:"parts,omitempty"`
}

// Merger compares what the inventories (X_L, X_F) are worth to the large trader
// with what they were worth to it as a part of a competitive market, SS
// Proposition 7.
type Merger struct {
	Share      float64       `json:"share"`     // β₁ of the large trader in the market's risk capacity
	Threshold  float64       `json:"threshold"` // above this share it gains
	Before     [][]float64   `json:"before"`    // the same in continuous time and at auctions
	Continuous MergedTrader  `json:"continuous"`
	Discrete   *MergedTrader `json:"discrete,omitempty"`
}

// MergedTrader is the large trader after the merger, at one timing.
type MergedTrader struct {
	Step        float64     `json:"step,omitempty"`
	After       [][]float64 `json:"after"`
	Difference  [][]float64 `json:"difference"`  // After − Before
	Eigenvalues [2]float64  `json:"eigenvalues"` // of Difference: 0, and the one that decides
	Gain        float64     `json:"gain"`        // at the initial inventories
	ShockGain   float64     `json:"shock_gain"`  // from shocks to come
}

// Commitment is what the large trader would commit to if it could, SS
// Proposition 8.
type Commitment struct {
	Share      float64    `json:"share"`
	Threshold  float64    `json:"threshold"` // up to this share the best rate is infinite in continuous time
	Continuous Committed  `json:"continuous"`
	Discrete   *Committed `json:"discrete,omitempty"`
}

// Committed compares rates at one timing. Values are those of a misallocation
// (1, −1) between the large trader and the fringe to the large trader.
type Committed struct {
	Step            float64  `json:"step,omitempty"`
	BestRate        *float64 `json:"best_rate"` // null: infinite
	BestValue       float64  `json:"best_value"`
	EquilibriumRate float64  `json:"equilibrium_rate"`
	Equilibrium     float64  `json:"equilibrium_value"`
	Rate            *float64 `json:"rate,omitempty"`  // of the scenario's commitment
	Value           *float64 `json:"value,omitempty"` // at that rate
}

// Entry is what shocks to come are worth to the large trader beside a fringe
// that grows while the risk per unit of capacity stays the same, SS Proposition
// 9. Slopes are in the fringe's holding cost, which entry lowers: where they are
// negative, the large trader gains by entry.
type Entry struct {
	Share        float64      `json:"share"`
	Threshold    float64      `json:"threshold"` // below this share the large trader gains by entry
	Aggregate    float64      `json:"aggregate"`
	LargeShock   float64      `json:"large_shock"`
	Idiosyncrasy float64      `json:"idiosyncrasy"`
	Continuous   EntryEffect  `json:"continuous"`
	Discrete     *EntryEffect `json:"discrete,omitempty"`
}

// EntryEffect is k^L and its slope at one timing.
type EntryEffect struct {
	Step    float64 `json:"step,omitempty"`
	Welfare float64 `json:"welfare"`
	Slope   float64 `json:"slope"` // a central difference in the discrete game
}

// MergedMarket is a symmetric market, the first of them the scenario's and every
// other the one before merged in pairs, SS footnote 25. The values are those of
// shocks to come to all traders together, Σk.
type MergedMarket struct {
	Traders     int     `json:"traders"`
	HoldingCost float64 `json:"holding_cost"`
	Variance    float64 `json:"variance"`
	Correlation float64 `json:"correlation"`
	Continuous  float64 `json:"continuous"`
	Discrete    float64 `json:"discrete"`
}

// Part is a part of a fringe and its welfare at time 0, SS (59), (60).
type Part struct {
	Name       string   `json:"name"`
	Share      float64  `json:"share"`
	Inventory  float64  `json:"inventory"`
	Continuous *float64 `json:"continuous,omitempty"`
	Discrete   *float64 `json:"discrete,omitempty"`
}

// experiments computes those that the market is about; nil where there are none.
func (m *Market) experiments(s *scenarios.Scenario, continuous, discrete *equilibrium.Solution) (*Experiments, error) {
	e := &Experiments{Pairs: m.pairs()}
	var err error
	if e.Parts, err = m.partValues(s, continuous, discrete); err != nil {
		return nil, err
	}
	if p, ok := m.pair(); ok && p.comparable() {
		if err := m.largeAndFringe(e, p); err != nil {
			return nil, err
		}
	}
	if e.Merger == nil && e.Pairs == nil && e.Parts == nil {
		return nil, nil
	}
	return e, nil
}

// largeAndFringe fills in Propositions 7 to 9. Discrete games without an
// equilibrium are left out.
func (m *Market) largeAndFringe(e *Experiments, p pair) error {
	merger, err := closedform.FringeMerger(p.share(), p.capacity(), p.rate)
	if err != nil {
		return err
	}
	x, c := m.inPair(p)
	e.Merger = &Merger{Share: p.share(), Threshold: closedform.MergerThreshold, Before: rows(merger.Before)}
	e.Merger.Continuous = mergedTrader(merger.Before, merger.After, x, c, p.rate, 0)
	e.Merger.Continuous.Eigenvalues = merger.Eigenvalues
	if e.Commitment, err = m.commitment(p); err != nil {
		return err
	}
	if e.Entry, err = p.entry(c); err != nil {
		return err
	}
	step := m.Clock.Step
	game, err := p.game().Discrete(step)
	if err != nil {
		return nil
	}
	values, err := game.ValuesOn(game.Game.Seats(1), c)
	if err != nil {
		return nil
	}
	d := mergedTrader(merger.Before, values[0].A, x, c, p.rate, step)
	e.Merger.Discrete = &d
	if err := m.commitmentAtAuctions(e.Commitment, p, game, values[0].A); err != nil {
		return err
	}
	if e.Entry != nil {
		e.Entry.Discrete = p.entryAtAuctions(e.Entry, step, values[0].K)
	}
	return nil
}

// inPair are initial inventories and covariance, the large trader first.
func (m *Market) inPair(p pair) (x [2]float64, c *mat.SymDense) {
	c = mat.NewSymDense(2, nil)
	for i, a := range p.seats {
		x[i] = m.Initial[a]
		for j, b := range p.seats {
			c.SetSym(i, j, m.Covariance.At(a, b))
		}
	}
	return x, c
}

// game is the market without a commitment, the large trader first.
func (p pair) game() equilibrium.Game {
	return equilibrium.Game{DiscountRate: p.rate, Traders: []equilibrium.Trader{
		{Name: "large", Kind: equilibrium.Strategic, HoldingCost: p.large, Count: 1},
		{Name: "fringe", Kind: equilibrium.Fringe, HoldingCost: p.fringe, Count: 1},
	}}
}

// mergedTrader compares values before and after the merger. The difference has
// rank one: inventories in proportion to risk capacity need no trade.
func mergedTrader(before, after *mat.SymDense, x [2]float64, c *mat.SymDense, rate, step float64) MergedTrader {
	difference := mat.NewSymDense(2, nil)
	for i := range 2 {
		for j := i; j < 2; j++ {
			difference.SetSym(i, j, after.At(i, j)-before.At(i, j))
		}
	}
	out := MergedTrader{Step: step, After: rows(after), Difference: rows(difference)}
	out.Eigenvalues[1] = mat.Trace(difference)
	v := mat.NewVecDense(2, x[:])
	out.Gain = mat.Inner(v, difference, v)
	out.ShockGain = closedform.ShockValue(difference, c, rate, step)
	return out
}

// commitment is Proposition 8 in continuous time.
func (m *Market) commitment(p pair) (*Commitment, error) {
	out := &Commitment{Share: p.share(), Threshold: closedform.CommitmentThreshold}
	out.Continuous.EquilibriumRate = p.rate / 2 * (p.large + p.fringe) / p.fringe
	var err error
	out.Continuous.Equilibrium, err = closedform.CommitmentValue(p.large, p.fringe, p.rate, out.Continuous.EquilibriumRate, 0)
	if err != nil {
		return nil, err
	}
	return out, m.compareRates(&out.Continuous, p)
}

// commitmentAtAuctions is the same in the discrete game, whose equilibrium leaves
// the fraction μ = 1 − tr Q of a misallocation after every auction.
func (m *Market) commitmentAtAuctions(c *Commitment, p pair, s *equilibrium.Solution, a *mat.SymDense) error {
	step := s.Timing.Step
	sold := mat.Trace(s.FlowsOn(s.Game.Seats(1)))
	c.Discrete = &Committed{
		Step: step, EquilibriumRate: -math.Log1p(-sold) / step,
		Equilibrium: a.At(0, 0) - 2*a.At(0, 1) + a.At(1, 1),
	}
	return m.compareRates(c.Discrete, p)
}

// compareRates adds the best rate, and that of the scenario.
func (m *Market) compareRates(c *Committed, p pair) error {
	best, err := p.bestRate(c.Step)
	if err != nil {
		return err
	}
	if !math.IsInf(best, 1) {
		c.BestRate = &best
	}
	if c.BestValue, err = closedform.CommitmentValue(p.large, p.fringe, p.rate, best, c.Step); err != nil || m.Commitment == nil {
		return err
	}
	rate := m.Commitment.Rate
	if m.Commitment.Best {
		rate = best
	}
	value, err := closedform.CommitmentValue(p.large, p.fringe, p.rate, rate, c.Step)
	if c.Value = &value; !math.IsInf(rate, 1) {
		c.Rate = &rate
	}
	return err
}
