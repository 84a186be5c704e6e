package montecarlo

import (
	"gonum.org/v1/gonum/mat"

	"walras/market"
	"walras/shocks"
)

// fundamental moves the fundamental value of every path of a tile, of simulations
// in which money at absolute prices matters. It draws from the streams that the
// records of other simulations draw from.
type fundamental struct {
	volatility float64
	increments *shocks.BrownianIncrements
	news       [][]float64 // one row
	value      []float64   // m_k − m_0
	origin     float64     // m_0
	level      []float64   // m_k where cash is at absolute prices; else nil
}

// newFundamental is nil where nobody asks for it.
func newFundamental(s *Simulation) (*fundamental, error) {
	if !s.Absolute && s.Cournot == nil {
		return nil, nil
	}
	unit, err := shocks.NewBrownian(mat.NewSymDense(1, []float64{1}), []uint64{0})
	if err != nil {
		return nil, err
	}
	f := &fundamental{
		volatility: s.Reference.Volatility,
		increments: unit.Increments(shocks.Config{
			Seed: s.Seed, Step: s.Clock.Step, Paths: tileSize, Antithetic: s.Antithetic, Purpose: shocks.Fundamental,
		}),
		news: market.Matrix(1, tileSize), value: make([]float64, tileSize), origin: s.Reference.Start,
	}
	if s.Cournot != nil {
		f.level = make([]float64, tileSize)
	}
	return f, nil
}

// start puts the tile at time 0.
func (f *fundamental) start(first int64, b *market.Block) {
	if f == nil {
		return
	}
	f.increments.Start(first, b.Paths)
	clear(f.value)
	b.Fundamental, b.News, b.Level = f.value, f.news[0], f.level
	for p := range f.level {
		f.level[p] = f.origin
	}
}

// draw brings the news of the period that follows the auction. Agents who are paid
// for the period see it; the fundamental moves when the period has passed.
func (f *fundamental) draw() {
	if f != nil {
		f.increments.Next(f.news)
	}
}

// pass moves the fundamental through the period.
func (f *fundamental) pass(paths int) {
	if f == nil {
		return
	}
	news := f.news[0][:paths]
	value := f.value[:paths]
	for p, db := range news {
		value[p] += float64(f.volatility * db)
	}
	if f.level != nil {
		for p, v := range value {
			f.level[p] = f.origin + v
		}
	}
}
