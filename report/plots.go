package report

import (
	"fmt"
	"math"
	"slices"

	"walras/internal/picture"
	"walras/scenarios"
)

// mostShown is the largest number of agents with pictures of their own.
const mostShown = 8

// priceColumns are the prices that a market can have, in the order of the page.
var priceColumns = []string{"price", "bid", "ask"}

// representatives are the agents that pictures show: one member of each type.
func representatives(s *scenarios.Scenario) []string {
	var list []string
	for _, a := range s.Agents {
		name := a.Name
		if a.Count > 1 {
			name += "[1]"
		}
		list = append(list, name)
	}
	return list
}

// recorded is what the pictures of a run show.
type recorded struct {
	rows       int // of a path
	ticks      []float64
	time       string // axis
	statistics []statistic
	used       map[string]bool // statistics that have a picture, by name
}

// plotParts draws prices, inventories, the parts of the price, and how everything
// is distributed.
func (d *directory) plotParts(statistics []statistic) ([]part, error) {
	s := d.scenario
	r := recorded{ticks: ticks(statistics), time: withUnit("time", s.Units.Time), statistics: statistics, used: make(map[string]bool)}
	r.rows = (s.Clock.Steps()+s.Record.Every-1)/s.Record.Every + 1
	prices, more, err := d.prices(r)
	if err != nil {
		return nil, err
	}
	inventories, boxes, err := d.inventories(r)
	if err != nil {
		return nil, err
	}
	arrivals, err := d.arrivals(r)
	if err != nil {
		return nil, err
	}
	quantiles := r.quantileBoxes(s)
	over, err := d.overTime(r)
	if err != nil {
		return nil, err
	}
	var list []part
	for _, p := range []part{prices, inventories, arrivals} {
		if len(p.Figures) > 0 {
			list = append(list, p)
		}
	}
	distribution := part{ID: "distribution", Title: "Distributions"}
	boxes = slices.DeleteFunc(append(more, boxes...), func(f *picture.Figure) bool { return f == nil })
	if distribution.Figures, err = d.draw(append(quantiles, boxes...)...); err != nil {
		return nil, err
	}
	if len(distribution.Figures) == 0 {
		distribution.Text = append(distribution.Text, r.undistributed(s))
	}
	if len(boxes) > 0 {
		distribution.Text = append(distribution.Text, "At moments of the statistics. Boxes over the recorded paths show the median, the half of the paths between the quartiles, and dots beyond one and a half times their distance.")
	}
	if len(over.Figures) > 0 {
		distribution.Folds = append(distribution.Folds, over)
	}
	return append(list, distribution), nil
}

// undistributed says why there is no picture of distributions.
func (r recorded) undistributed(s *scenarios.Scenario) string {
	random := false
	for _, name := range priceColumns {
		random = random || r.varies(name, "")
	}
	for _, name := range representatives(s) {
		random = random || r.varies("inventory", name)
	}
	paths := min(s.Record.Paths, s.MonteCarlo.Paths)
	switch {
	case !random:
		return "Neither prices nor inventories are random: there is nothing to distribute."
	case paths >= fewest:
		return "Prices and inventories are recorded at no moment of the statistics."
	}
	return plural(paths, "path is recorded", "paths are recorded") + fmt.Sprintf(", too few to show how prices and inventories are distributed: with --set record.paths=%d or more there are pictures.", fewest)
}

// prices draws the fans of the prices, and their parts if there are any; boxes are
// their distributions.
func (d *directory) prices(r recorded) (p part, boxes []*picture.Figure, err error) {
	p = part{ID: "prices", Title: "Prices"}
	market, ok := d.find("market")
	if !ok {
		return p, nil, nil
	}
	columns, units, err := market.columns()
	if err != nil {
		return p, nil, err
	}
	var names []string
	for _, name := range priceColumns {
		if has(columns, name) {
			names = append(names, name)
		}
	}
	list, err := readMarket(market, names, r.rows, r.ticks)
	if err != nil {
		return p, nil, err
	}
	var fans []fan
	for _, name := range names {
		mean := series(r.statistics, name+"_mean", "")
		r.used[name+"_mean"] = true
		f := fan{recording: &recording{}, label: name, mean: mean, varies: r.varies(name, "")}
		if i := slices.IndexFunc(list, func(v *recording) bool { return v.name == name }); i >= 0 {
			f.recording = list[i]
			boxes = append(boxes, drawBoxes("boxes-"+name, "Distribution of the "+name, r.time, withUnit(name, units[name]), list[i], r.ticks))
		}
		fans = append(fans, f)
	}
	var figures []*picture.Figure
	if len(fans) > 0 {
		title := "The " + names[0]
		label := names[0]
		if len(names) > 1 {
			title, label = "Bid and ask", "price"
		}
		figures = append(figures, drawFans("prices", title, r.time, withUnit(label, units[names[0]]), fans))
		toHorizon(figures[0], d.scenario)
	}
	if len(names) > 0 {
		figures = append(figures, r.priceMoments(units[names[0]])...)
	}
	parts, err := d.priceParts(market, columns, units, r)
	if err != nil {
		return p, nil, err
	}
	p.Figures, err = d.draw(append(figures, parts)...)
	return p, boxes, err
}

// toHorizon makes the axis of time end where inventories' do: there is no auction at
// the horizon.
func toHorizon(f *picture.Figure, s *scenarios.Scenario) {
	f.Plot.X.Max = max(f.Plot.X.Max, s.Clock.Horizon)
}

// inventories draws a fan for each agent.
func (d *directory) inventories(r recorded) (p part, boxes []*picture.Figure, err error) {
	p = part{ID: "inventories", Title: "Inventories"}
	agents, ok := d.find("agents")
	if !ok {
		return p, nil, nil
	}
	names := representatives(d.scenario)
	if hidden := len(names) - mostShown; hidden > 0 {
		names = names[:mostShown]
		p.Text = append(p.Text, fmt.Sprintf("The first %d agents; %d more are in agents.parquet.", mostShown, hidden))
	}
	list, err := readAgents(agents, "inventory", names, r.rows, r.ticks)
	if err != nil {
		return p, nil, err
	}
	var figures []*picture.Figure
	r.used["inventory_mean"] = true
	for i, name := range names {
		axis := withUnit("inventory of "+name, d.scenario.Units.Asset)
		f := fan{recording: &recording{}, label: "inventory", mean: series(r.statistics, "inventory_mean", name), varies: r.varies("inventory", name)}
		if at := slices.IndexFunc(list, func(v *recording) bool { return v.name == name }); at >= 0 {
			f.recording = list[at]
			boxes = append(boxes, drawBoxes(fmt.Sprintf("boxes-inventory-%d", i+1), "Distribution of the inventory of "+name, r.time, axis, list[at], r.ticks))
		}
		if f.paths() == 0 && len(f.mean) == 0 {
			continue
		}
		figures = append(figures, drawFans(fmt.Sprintf("inventory-%d", i+1), "Inventory of "+name, r.time, axis, []fan{f}))
		if m, ok := r.moments("inventory", name, "inventory"); ok {
			figures = append(figures, drawMoments(fmt.Sprintf("moments-inventory-%d", i+1), "Inventory of "+name+": mean and standard deviation", r.time, axis, m))
		}
	}
	p.Figures, err = d.draw(figures...)
	return p, boxes, err
}

// priceParts draws the price and the impacts that make it, where one agent's sales do
// (Sannikov & Skrzypacz, Proposition 10): means over the recorded paths.
func (d *directory) priceParts(market source, columns []string, units map[string]string, r recorded) (*picture.Figure, error) {
	names := []string{"price", "instantaneous", "permanent", "transient", "undisturbed"}
	for _, name := range names {
		if !has(columns, name) {
			return nil, nil
		}
	}
	list, err := readMarket(market, names, r.rows, r.ticks)
	if err != nil || len(list) < len(names) {
		return nil, err
	}
	p := picture.NewPanel(r.time, withUnit("price, and what moves it", units["price"]))
	f := &picture.Figure{Name: "price-parts", Title: "Impact decomposition", Plot: p,
		Words: "Means over the recorded paths: price = undisturbed − instantaneous − permanent − transient. Each part is drawn as what it adds to the price."}
	for i, rec := range list {
		xs, ys := rec.means()
		if i > 0 && i < 4 {
			for k := range ys {
				ys[k] = -ys[k]
			}
		}
		c, width := hue(i), 1.2
		if i == 0 {
			c, width = picture.Ink, 1.8
		}
		if i == 4 {
			c = picture.Grey
		}
		text := rec.name
		if i > 0 && i < 4 {
			text = "− " + text
		}
		f.Tell(text, line(p, points(xs, ys), c, pt(width))...)
	}
	margin(p)
	toHorizon(f, d.scenario)
	return f, nil
}

// means are those of all paths at each time.
func (r *recording) means() (times, values []float64) {
	for k, t := range r.times {
		sum, n := 0.0, 0
		for _, v := range r.values[k] {
			if !math.IsNaN(v) {
				sum, n = sum+v, n+1
			}
		}
		if n > 0 {
			times, values = append(times, t), append(values, sum/float64(n))
		}
	}
	return times, values
}
