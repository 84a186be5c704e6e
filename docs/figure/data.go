package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/parquet-go/parquet-go"
	"gonum.org/v1/plot/plotter"

	"walras/internal/picture"
	"walras/output"
)

// data is what the picture shows.
type data struct {
	title             string
	time, price, unit string // axis labels

	prices   []plotter.XYs  // of each recorded path, up to the last auction
	fan      [3]plotter.XYs // 10 %, 50 % and 90 % quantiles of the recorded prices
	mean     plotter.XYs    // of the price, by theory
	estimate estimates      // of the price's mean
	agents   []inventory    // in the order of the scenario
}

type inventory struct {
	name     string
	sample   plotter.XYs // the first recorded path
	mean     plotter.XYs // by theory
	estimate estimates
}

// estimates are means with bars of two standard errors.
type estimates struct {
	plotter.XYs
	plotter.YErrors
}

type marketRow struct {
	Path  int64    `parquet:"path"`
	T     float64  `parquet:"t"`
	Price *float64 `parquet:"price,optional"`
}

type agentRow struct {
	Path      int64   `parquet:"path"`
	T         float64 `parquet:"t"`
	Agent     string  `parquet:"agent"`
	Inventory float64 `parquet:"inventory"`
}

type statisticRow struct {
	Statistic string   `parquet:"statistic"`
	Agent     *string  `parquet:"agent,optional"`
	T         *float64 `parquet:"t,optional"`
	Estimate  float64  `parquet:"estimate"`
	StdError  *float64 `parquet:"std_error,optional"`
	Analytic  *float64 `parquet:"analytic,optional"`
}

// scenario and policy are the parts of a manifest that the picture needs.
type scenario struct {
	Title, Market string
	Units         struct{ Time, Money, Asset string }
	Clock         struct{ Step, Horizon float64 }
	Record        struct{ Layout string }
}

type policy struct {
	P []float64
	Q [][]float64
}

// load reads a run directory.
func load(dir string) (*data, error) {
	m, err := output.ReadManifest(dir)
	if err != nil {
		return nil, err
	}
	var s scenario
	var p policy
	if err := json.Unmarshal(m.Scenario, &s); err != nil {
		return nil, fmt.Errorf("%s: the scenario in manifest.json: %w", dir, err)
	}
	if err := json.Unmarshal(m.Policy, &p); err != nil {
		return nil, fmt.Errorf("%s: the policy in manifest.json: %w", dir, err)
	}
	if s.Market != "double_auction" {
		return nil, fmt.Errorf("%s is a run of a %s; only a double_auction can be drawn", dir, s.Market)
	}
	if s.Record.Layout != "long" {
		return nil, fmt.Errorf("%s has the %s layout; run the scenario again with --set record.layout=long", dir, s.Record.Layout)
	}
	d := &data{
		title: s.Title, time: label("time", s.Units.Time), unit: label("inventory before trade", s.Units.Asset),
		price: label("price", s.Units.Money),
	}
	if s.Units.Money != "" && s.Units.Asset != "" {
		d.price = label("price", s.Units.Money+"/"+s.Units.Asset)
	}
	if err := d.statistics(dir); err != nil {
		return nil, err
	}
	if len(p.Q) != len(d.agents) || len(p.P) != len(d.agents) {
		return nil, fmt.Errorf("%s: the policy in manifest.json is for %d agents, statistics.parquet has %d", dir, len(p.Q), len(d.agents))
	}
	d.theory(p, s.Clock.Step, int(s.Clock.Horizon/s.Clock.Step+0.5))
	return d, d.paths(dir)
}

func label(name, unit string) string {
	if unit == "" {
		return name
	}
	return name + " (" + unit + ")"
}

// statistics reads the estimates, and with them the agents.
func (d *data) statistics(dir string) error {
	rows, err := read[statisticRow](dir, "statistics.parquet")
	if err != nil {
		return err
	}
	for _, r := range rows {
		switch {
		case r.T == nil:
		case r.Statistic == "price_mean":
			d.estimate.add(r)
		case r.Statistic == "inventory_mean" && r.Agent != nil && r.Analytic != nil:
			i := slices.IndexFunc(d.agents, func(a inventory) bool { return a.name == *r.Agent })
			if i < 0 {
				i = len(d.agents)
				d.agents = append(d.agents, inventory{name: *r.Agent, mean: plotter.XYs{{X: *r.T, Y: *r.Analytic}}})
			}
			d.agents[i].estimate.add(r)
		}
	}
	if len(d.agents) == 0 {
		return fmt.Errorf("%s: no row of inventory_mean in statistics.parquet", dir)
	}
	return nil
}

func (e *estimates) add(r statisticRow) {
	bar := 0.0
	if r.StdError != nil {
		bar = 2 * *r.StdError
	}
	e.XYs = append(e.XYs, plotter.XY{X: *r.T, Y: r.Estimate})
	e.YErrors = append(e.YErrors, struct{ Low, High float64 }{bar, bar})
}

// theory continues the means from their values at time 0 by the recursion
// m_{k+1} = m_k − Q m_k, price P m_k, at every auction: the analytic column of
// statistics.parquet, without its gaps.
func (d *data) theory(p policy, step float64, steps int) {
	for k := range steps + 1 {
		t, price := float64(k)*step, 0.0
		for i, a := range d.agents {
			price += p.P[i] * a.mean[k].Y
			next := a.mean[k].Y
			for j, other := range d.agents {
				next -= p.Q[i][j] * other.mean[k].Y
			}
			if k < steps {
				d.agents[i].mean = append(d.agents[i].mean, plotter.XY{X: t + step, Y: next})
			}
		}
		if k < steps { // no auction at the horizon
			d.mean = append(d.mean, plotter.XY{X: t, Y: price})
		}
	}
}

// horizon is the time of the last row.
func (d *data) horizon() float64 { return d.agents[0].mean[len(d.agents[0].mean)-1].X }

// paths reads the recorded paths; a run may have none.
func (d *data) paths(dir string) error {
	market, err := read[marketRow](dir, "market.parquet")
	if err != nil {
		return err
	}
	for _, r := range market {
		if r.Price == nil {
			continue
		}
		if r.Path == int64(len(d.prices)) {
			d.prices = append(d.prices, nil)
		}
		d.prices[r.Path] = append(d.prices[r.Path], plotter.XY{X: r.T, Y: *r.Price})
	}
	d.quantiles()
	agents, err := read[agentRow](dir, "agents.parquet")
	if err != nil {
		return err
	}
	for _, r := range agents {
		for i := range d.agents {
			if r.Path == 0 && d.agents[i].name == r.Agent {
				d.agents[i].sample = append(d.agents[i].sample, plotter.XY{X: r.T, Y: r.Inventory})
			}
		}
	}
	return nil
}

func (d *data) quantiles() {
	if len(d.prices) == 0 {
		return
	}
	for k, at := range d.prices[0] {
		var list []float64
		for _, path := range d.prices {
			list = append(list, path[k].Y)
		}
		slices.Sort(list)
		for i, q := range []float64{0.1, 0.5, 0.9} {
			d.fan[i] = append(d.fan[i], plotter.XY{X: at.X, Y: picture.Quantile(list, q)})
		}
	}
}

func read[T any](dir, name string) ([]T, error) {
	rows, err := parquet.ReadFile[T](filepath.Join(dir, name))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, name), err)
	}
	return rows, nil
}
