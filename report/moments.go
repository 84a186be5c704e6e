package report

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg/draw"

	"walras/internal/picture"
)

// moment is a quantity whose mean and variance are followed.
type moment struct {
	label          string
	mean, variance []statistic
}

// moments looks for the mean and the variance of a quantity; ok is false where there
// is no variance.
func (r recorded) moments(root, agent, label string) (m moment, ok bool) {
	m = moment{label, series(r.statistics, root+"_mean", agent), series(r.statistics, root+"_variance", agent)}
	for _, v := range m.variance {
		ok = ok || v.estimate > 0 || v.theory > 0
	}
	if ok = ok && len(m.mean) > 1; ok {
		r.used[root+"_mean"], r.used[root+"_variance"] = true, true
	}
	return m, ok
}

// varies tells from the moments of a quantity whether it is random, by more than
// rounding.
func (r recorded) varies(root, agent string) bool {
	spread, size := 0.0, 0.0
	for _, m := range series(r.statistics, root+"_mean", agent) {
		spread, size = most(spread, m.spread), most(size, math.Abs(m.estimate), math.Abs(m.theory))
	}
	for _, v := range series(r.statistics, root+"_variance", agent) {
		spread = most(spread, math.Sqrt(v.theory), math.Sqrt(v.estimate))
	}
	return spread > 1e-9*size
}

// most is the largest of numbers, those that there are.
func most(list ...float64) float64 {
	largest := 0.0
	for _, v := range list {
		if v > largest {
			largest = v
		}
	}
	return largest
}

// drawMoments draws mean ± standard deviation by theory, as a band, and simulated, as
// marks.
func drawMoments(name, title, x, y string, list ...moment) *picture.Figure {
	p := picture.NewPanel(x, y)
	f := &picture.Figure{Name: name, Title: title, Plot: p,
		Words: "Mean, and mean ± standard deviation: lines and bands are theory; marks are estimates over all paths, those of means with bars of two standard errors."}
	for i, m := range list {
		c := hue(3 * i)
		of := ""
		if len(list) > 1 {
			of = m.label + ": "
		}
		f.Tell(of+"theory", append(m.band(p, picture.Clear(c, 56)), line(p, theory(m.mean), c, 1.4)...)...)
		marks := estimates(p, m.mean, c, sign(i))
		f.Tell("simulated", append(marks, scatter(p, m.edges(), c, draw.RingGlyph{}, 1.8)...)...)
	}
	margin(p)
	return f
}

// band fills mean ± standard deviation by theory.
func (m moment) band(p *plot.Plot, c color.Color) []plot.Thumbnailer {
	var above, below plotter.XYs
	m.both(func(mean, variance statistic) {
		if sd := math.Sqrt(variance.theory); !math.IsNaN(mean.theory + sd) {
			above = append(above, plotter.XY{X: mean.t, Y: mean.theory + sd})
			below = append(plotter.XYs{{X: mean.t, Y: mean.theory - sd}}, below...)
		}
	})
	if len(above) < 2 {
		return nil
	}
	area := &plotter.Polygon{XYs: []plotter.XYs{append(above, below...)}, Color: c}
	p.Add(area)
	return []plot.Thumbnailer{area}
}

// edges are mean ± standard deviation as simulated.
func (m moment) edges() (list plotter.XYs) {
	m.both(func(mean, variance statistic) {
		if sd := math.Sqrt(variance.estimate); !math.IsNaN(sd) {
			list = append(list, plotter.XY{X: mean.t, Y: mean.estimate - sd}, plotter.XY{X: mean.t, Y: mean.estimate + sd})
		}
	})
	return list
}

// both visits the times at which there are both rows.
func (m moment) both(visit func(mean, variance statistic)) {
	at := make(map[float64]statistic)
	for _, v := range m.variance {
		at[v.t] = v
	}
	for _, mean := range m.mean {
		if v, ok := at[mean.t]; ok {
			visit(mean, v)
		}
	}
}

// priceMoments draws the prices that have variances: the bid and the ask together.
func (r recorded) priceMoments(unit string) (list []*picture.Figure) {
	bid, bids := r.moments("bid", "", "bid")
	ask, asks := r.moments("ask", "", "ask")
	if bids && asks {
		list = append(list, drawMoments("moments-prices", "Bid and ask: mean and standard deviation", r.time, withUnit("price", unit), bid, ask))
	}
	for _, one := range []struct{ root, title string }{{"mid", "Mid-quote"}, {"price", "Price"}} {
		if m, ok := r.moments(one.root, "", one.root); ok {
			list = append(list, drawMoments("moments-"+one.root, one.title+": mean and standard deviation", r.time, withUnit(one.root, unit), m))
		}
	}
	return list
}
