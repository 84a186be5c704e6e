package report

import (
	"fmt"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"

	"walras/experiment"
	"walras/internal/numeral"
	"walras/internal/picture"
	"walras/scenarios"
)

// auctionFigures draws the price impacts of the agents and the speeds of trade, in
// continuous time.
func (d *directory) auctionFigures(e *experiment.Equilibrium) ([]drawn, error) {
	if e.Continuous == nil {
		return nil, nil
	}
	return d.draw(drawImpacts(e), drawSpeeds(d.scenario, e.Continuous.Speeds))
}

// drawImpacts draws the three impacts of each agent; nil where they are too many for
// their names.
func drawImpacts(e *experiment.Equilibrium) *picture.Figure {
	if len(e.Agents) > widest {
		return nil
	}
	p := picture.NewPanel("agent", "price impact")
	f := &picture.Figure{Name: "impacts", Title: "Price impacts", Plot: p,
		Words: "Of each agent, in continuous time: instantaneous, per unit sold per unit of time; permanent and transient, per unit sold."}
	var names plot.ConstantTicks
	impact := e.Continuous.Impact
	for i, one := range []struct {
		name   string
		values []float64
	}{{"instantaneous", impact.Instantaneous}, {"permanent", impact.Permanent}, {"transient", impact.Transient}} {
		var xys plotter.XYs
		for k, v := range one.values {
			xys = append(xys, plotter.XY{X: float64(k) + 0.12*float64(i-1), Y: v})
		}
		f.Tell(one.name, scatter(p, xys, hue(i), sign(i), 2.4)...)
	}
	for k, name := range e.Agents {
		names = append(names, plot.Tick{Value: float64(k), Label: name})
	}
	p.X.Min, p.X.Max, p.X.Tick.Marker = -0.5, float64(len(names))-0.5, names
	margin(p)
	return f
}

// drawSpeeds draws the eigenvalues of Q, in order; nil where there are but two.
func drawSpeeds(s *scenarios.Scenario, speeds []float64) *picture.Figure {
	if len(speeds) < 3 {
		return nil
	}
	p := picture.NewPanel("number", withUnit("speed", unit(s, "/time")))
	var xys plotter.XYs
	for k, v := range speeds {
		xys = append(xys, plotter.XY{X: float64(k + 1), Y: v})
	}
	scatter(p, xys, hue(0), sign(0), 2)
	margin(p)
	p.X.Min, p.X.Max = 0.5, float64(len(speeds))+0.5
	return &picture.Figure{Name: "speeds", Title: "Speeds of trade", Plot: p,
		Words: fmt.Sprintf("The eigenvalues of Q, in order: the part of inventories that nobody trades away has 0, differences between inventories vanish at the rates %s to %s.",
			numeral.Brief(speeds[1]), numeral.Brief(speeds[len(speeds)-1]))}
}
