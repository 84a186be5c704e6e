package experiment

import (
	"context"

	"walras/montecarlo"
	"walras/scenarios"
)

// Verify plays and judges a scenario as Run does, and writes nothing: the outcome
// has rows and a verdict, and no directory. Nothing of single paths is kept.
// progress is told how many of the paths are done; nil for none.
func Verify(ctx context.Context, s *scenarios.Scenario, workers int, progress func(done, total int64)) (*Outcome, error) {
	var played *stage
	err := Await(ctx, func() (err error) {
		played, err = stages[s.Market](s)
		return err
	})
	if err != nil {
		return nil, err
	}
	sim := played.sim
	sim.Record.Paths, sim.Record.Outcomes = 0, 0
	var tree montecarlo.Tree
	err = sim.Run(ctx, 0, sim.Blocks(), workers, func(r *montecarlo.Result) error {
		tree.Push(montecarlo.Node{Index: r.Block, Sums: r.Sums})
		if progress != nil {
			progress(min((r.Block+1)*montecarlo.BlockSize, sim.Paths), sim.Paths)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	out := &Outcome{Scenario: s}
	err = Await(ctx, func() error { return out.judge(played, tree.Total()) })
	return out, err
}
