package report

import (
	"math"
	"slices"
	"sort"

	"github.com/parquet-go/parquet-go"
	"gonum.org/v1/plot/plotter"

	"walras/internal/picture"
	"walras/scenarios"
)

// Limits of the paths that are drawn investor by investor.
const (
	mostFollowed  = 2
	mostInvestors = 60
)

// investor is one who came.
type investor struct {
	t, price, quantity float64
	buys               bool
}

// arrivals draws investors who come one at a time on a path or two, and how likely it
// is that an order still trades.
func (d *directory) arrivals(r recorded) (p part, err error) {
	p = part{ID: "arrivals", Title: "Investors and orders"}
	var figures []*picture.Figure
	r.used["active"] = true
	if rows := series(r.statistics, "active", ""); slices.ContainsFunc(rows, func(v statistic) bool { return v.theory > 0 && v.theory < 1 }) {
		figures = append(figures, drawSeries("active", titleOf("active"), r.time, []named{{"", rows}}))
	}
	if events, ok := d.find("events"); ok {
		list, err := d.follow(events, r)
		if err != nil {
			return p, err
		}
		for _, one := range list {
			figures = append(figures, one.drawQuotes(), one.drawInventory())
		}
	}
	p.Figures, err = d.draw(figures...)
	return p, err
}

// readInvestors lists the first who come on a path.
func readInvestors(s source, path int64) (list []investor, err error) {
	err = s.scan([]string{"path", "t", "side", "price", "quantity"}, func(row []parquet.Value) bool {
		switch at := row[0].Int64(); {
		case at < path:
			return true
		case at > path:
			return false
		}
		list = append(list, investor{number(row[1]), number(row[3]), number(row[4]), text(row[2]) == "buy"})
		return len(list) < mostInvestors
	})
	return list, err
}

// followed is a path with its investors, up to the last that is drawn.
type followed struct {
	number    int
	r         recorded
	s         *scenarios.Scenario
	investors []investor
	end       float64        // of what is drawn
	quotes    [2]plotter.XYs // bid and ask
	stock     plotter.XYs    // of all makers
}

// follow puts the first paths together, those on which anybody comes.
func (d *directory) follow(events source, r recorded) (list []*followed, err error) {
	var quotes, orders []*recording
	if market, ok := d.find("market"); ok {
		if quotes, err = readMarket(market, []string{"bid", "ask", "spread"}, r.rows, r.ticks); err != nil {
			return nil, err
		}
	}
	if agents, ok := d.find("agents"); ok {
		if orders, err = readAgents(agents, "inventory", largeOrders(d.scenario), r.rows, r.ticks); err != nil {
			return nil, err
		}
	}
	for path := range mostFollowed {
		investors, err := readInvestors(events, int64(path))
		if err != nil {
			return nil, err
		}
		if len(investors) == 0 {
			continue
		}
		f := &followed{number: path, r: r, s: d.scenario, investors: investors, end: d.scenario.Clock.Horizon}
		if len(investors) == mostInvestors {
			f.end = investors[len(investors)-1].t
		}
		f.quote(alone(quotes, path))
		f.hold(alone(orders, path))
		list = append(list, f)
	}
	return list, nil
}

// largeOrders are the agents that trade with makers by themselves.
func largeOrders(s *scenarios.Scenario) (names []string) {
	for _, a := range s.Agents {
		if a.Kind == scenarios.KindLargeSeller || a.Kind == scenarios.KindLargeBuyer {
			names = append(names, a.Name)
		}
	}
	return names
}

// alone keeps one path of each.
func alone(list []*recording, path int) (out []plotter.XYs) {
	for _, rec := range list {
		var xys plotter.XYs
		for k, t := range rec.times {
			if path < len(rec.values[k]) && !math.IsNaN(rec.values[k][path]) {
				xys = append(xys, plotter.XY{X: t, Y: rec.values[k][path]})
			}
		}
		out = append(out, xys)
	}
	return out
}

// quote joins the bid and the ask of the recorded moments with those that investors
// found: one side by the price, the other by the spread, where that is the same at the
// moments around.
func (f *followed) quote(recorded []plotter.XYs) {
	for side := range f.quotes {
		var list plotter.XYs
		if len(recorded) > side {
			list = slices.DeleteFunc(recorded[side], func(v plotter.XY) bool { return v.X > f.end })
		}
		for _, one := range f.investors {
			price, away := one.price, 0.0
			if one.buys != (side == 1) {
				away = f.spread(recorded, one.t)
			}
			if side == 0 {
				away = -away
			}
			if !math.IsNaN(away) {
				list = append(list, plotter.XY{X: one.t, Y: price + away})
			}
		}
		sort.SliceStable(list, func(i, j int) bool { return list[i].X < list[j].X })
		f.quotes[side] = list
	}
}

// spread is that at a time; NaN where it changes or is not recorded.
func (f *followed) spread(recorded []plotter.XYs, t float64) float64 {
	if len(recorded) < 3 {
		return math.NaN()
	}
	list := recorded[2]
	i := sort.Search(len(list), func(i int) bool { return list[i].X >= t })
	if i == 0 || i == len(list) || math.Abs(list[i].Y-list[i-1].Y) > 1e-9*math.Abs(list[i].Y) {
		return math.NaN()
	}
	return list[i].Y
}

// hold follows what all makers hold: at first their inventories, then what investors
// and orders have sold to them, orders evenly between recorded moments.
func (f *followed) hold(orders []plotter.XYs) {
	stock := 0.0
	for _, a := range f.s.Agents {
		if a.Kind == scenarios.KindMarketMaker {
			stock += float64(a.Count) * a.Inventory
		}
	}
	sold := func(t float64) float64 {
		sum := 0.0
		for _, o := range orders {
			if len(o) > 0 {
				sum += o[0].Y - between(o, t)
			}
		}
		return sum
	}
	next := 0
	pass := func(t float64) { // the time comes; investors before it have come
		f.stock = append(f.stock, plotter.XY{X: t, Y: stock + sold(t)})
	}
	moments := []float64{0, f.end}
	if len(orders) > 0 {
		for _, v := range orders[0] {
			if v.X <= f.end {
				moments = append(moments, v.X)
			}
		}
	}
	slices.Sort(moments)
	for _, t := range slices.Compact(moments) {
		for ; next < len(f.investors) && f.investors[next].t <= t; next++ {
			one := f.investors[next]
			pass(one.t)
			if one.buys {
				stock -= one.quantity
			} else {
				stock += one.quantity
			}
			pass(one.t)
		}
		pass(t)
	}
}

// between is the value of a line at t, constant beyond its ends.
func between(xys plotter.XYs, t float64) float64 {
	i := sort.Search(len(xys), func(i int) bool { return xys[i].X >= t })
	switch {
	case i == len(xys):
		return xys[i-1].Y
	case i == 0:
		return xys[0].Y
	}
	a, b := xys[i-1], xys[i]
	return a.Y + (b.Y-a.Y)*(t-a.X)/(b.X-a.X)
}
