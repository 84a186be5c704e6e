package analysis

import (
	"math"

	"walras/montecarlo"
)

// Part is a part of a fringe: a share of its price takers, and what they hold of
// its inventory at the start.
type Part struct {
	Name             string
	Share, Inventory float64
}

// Parts are the rows part_welfare of the parts of the fringe at a seat, from the
// rows of the run. A part first sells to share the fringe's inventory X_F at the
// price of the first auction, which is not random, and then has its share β of
// the fringe's welfare W, SS (59), (60):
//
//	β W + (x − βX_F) p₀.
func Parts(sim *montecarlo.Simulation, rows []Row, seat int, parts []Part) []Row {
	if len(parts) == 0 {
		return nil
	}
	var price, welfare Row
	for _, r := range rows {
		switch {
		case r.Statistic == "price_mean" && r.T == 0:
			price = r
		case r.Statistic == "welfare" && r.Agent == sim.Names[seat]:
			welfare = r
		}
	}
	s := &statistician{
		sim:      sim,
		rounding: rounding(sim, sizes(Recursion(sim.Play, sim.Initial, sim.Covariance, sim.Statistics))),
	}
	for _, p := range parts {
		sold := p.Inventory - p.Share*sim.Initial[seat]
		r := s.blank("part_welfare", -1)
		r.Agent, r.N = p.Name, welfare.N
		r.Estimate = p.Share*welfare.Estimate + sold*price.Estimate
		r.Analytic = p.Share*welfare.Analytic + sold*price.Analytic
		r.StdError = p.Share * welfare.StdError
		r.Bias = p.Share*welfare.Bias + sold*price.Bias
		r.scale = p.Share*welfare.scale + math.Abs(sold)*price.scale
		s.close(r, Enough(sim, welfare.N))
	}
	return s.rows
}
