package experiment

import (
	"walras/market"
	"walras/output"
)

// shown is a seat under one of the names that stand for it.
type shown struct {
	seat int
	name string
}

// shown lists the rows of a path: every seat, or its members.
func (st *stage) shown() []shown {
	var list []shown
	for i, name := range st.sim.Names {
		if st.members == nil || st.members[i] == nil {
			list = append(list, shown{i, name})
			continue
		}
		for _, member := range st.members[i] {
			list = append(list, shown{i, member})
		}
	}
	return list
}

// standing tells whether there are quotes at the horizon, too.
func (p *paths) standing() bool { return p.sim.Arrivals != nil && p.sim.Arrivals.Step == 0 }

// writeEvents writes the investors who came, of recorded paths.
func (p *paths) writeEvents(list []float64) error {
	sides := [2]string{market.Bid: "sell", market.Ask: "buy"}
	for ; len(list) > 0; list = list[eventNumbers:] {
		b := p.events.batch
		b.Int64(0, int64(list[0]))
		b.Float(1, list[1])
		b.Name(2, sides[int(list[2])])
		b.Float(3, list[3])
		b.Float(4, list[4])
		if err := p.events.flush(batchRows); err != nil {
			return err
		}
	}
	return nil
}

// eventsSchema has a row per investor who came.
func eventsSchema(u units) output.Schema {
	return output.Schema{
		{Name: "path", Kind: output.Int64}, {Name: "t", Kind: output.Float64, Unit: u.time}, {Name: "side", Kind: output.Name},
		{Name: "price", Kind: output.Float64, Unit: u.price}, {Name: "quantity", Kind: output.Float64, Unit: u.asset},
	}
}
