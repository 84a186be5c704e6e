package report

import (
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"walras/internal/numeral"
	"walras/internal/picture"
)

// samples is the number of paths that are drawn on their own.
const samples = 3

// fewest is the number of recorded paths from which on quantiles are drawn; fewer are
// drawn themselves.
const fewest = 5

// hue is the colour of the i-th series; the palette's black is that of text, which
// a page shows light on dark.
func hue(i int) color.NRGBA {
	if i %= len(picture.Palette); i < len(picture.Palette)-1 {
		return picture.Palette[i]
	}
	return picture.Ink
}

// sign is the marker of the i-th series.
func sign(i int) draw.GlyphDrawer { return picture.Glyphs[i%len(picture.Glyphs)] }

// points are the pairs of two lists.
func points(xs, ys []float64) plotter.XYs {
	list := make(plotter.XYs, len(xs))
	for i := range xs {
		list[i] = plotter.XY{X: xs[i], Y: ys[i]}
	}
	return list
}

// line adds a line, in pieces where values are missing, and returns what stands for
// it in a legend.
func line(p *plot.Plot, xys plotter.XYs, c color.Color, width vg.Length, dashes ...vg.Length) []plot.Thumbnailer {
	var thumb []plot.Thumbnailer
	for len(xys) > 0 {
		end := slices.IndexFunc(xys, func(v plotter.XY) bool { return math.IsNaN(v.Y) || math.IsInf(v.Y, 0) })
		if end < 0 {
			end = len(xys)
		}
		if end > 0 {
			l := &plotter.Line{XYs: xys[:end], LineStyle: draw.LineStyle{Color: c, Width: width, Dashes: dashes}}
			p.Add(l)
			thumb = []plot.Thumbnailer{l}
		}
		xys = xys[min(end+1, len(xys)):]
	}
	return thumb
}

// band fills what lies between two quantiles.
func band(p *plot.Plot, r *recording, low, high float64, c color.Color) []plot.Thumbnailer {
	xs, below := r.quantiles(low)
	_, above := r.quantiles(high)
	if len(xs) < 2 {
		return nil
	}
	edge := points(xs, above)
	for i := range slices.Backward(xs) {
		edge = append(edge, plotter.XY{X: xs[i], Y: below[i]})
	}
	area := &plotter.Polygon{XYs: []plotter.XYs{edge}, Color: c}
	p.Add(area)
	return []plot.Thumbnailer{area}
}

// scatter adds markers.
func scatter(p *plot.Plot, xys plotter.XYs, c color.Color, g draw.GlyphDrawer, radius vg.Length) []plot.Thumbnailer {
	if len(xys) == 0 {
		return nil
	}
	dots := &plotter.Scatter{XYs: xys, GlyphStyle: draw.GlyphStyle{Color: c, Radius: radius, Shape: g}}
	p.Add(dots)
	return []plot.Thumbnailer{dots}
}

// estimates adds means with bars of two standard errors.
func estimates(p *plot.Plot, rows []statistic, c color.Color, g draw.GlyphDrawer) []plot.Thumbnailer {
	var xys plotter.XYs
	var bars plotter.YErrors
	for _, r := range rows {
		bar := 2 * r.spread
		if math.IsNaN(bar) {
			bar = 0
		}
		xys = append(xys, plotter.XY{X: r.t, Y: r.estimate})
		bars = append(bars, struct{ Low, High float64 }{bar, bar})
	}
	if len(xys) == 0 {
		return nil
	}
	p.Add(&plotter.YErrorBars{XYs: xys, YErrors: bars, LineStyle: draw.LineStyle{Color: c, Width: 0.8}, CapWidth: 3})
	return scatter(p, xys, c, g, 1.8)
}

// theory is the closed form of rows over time.
func theory(rows []statistic) plotter.XYs {
	var list plotter.XYs
	for _, r := range rows {
		if !math.IsNaN(r.theory) {
			list = append(list, plotter.XY{X: r.t, Y: r.theory})
		}
	}
	return list
}

// fan draws a quantity of the recorded paths: where it is random quantiles and some
// paths, else the one path that there is; and its mean by theory.
type fan struct {
	*recording // without times where nothing is recorded
	label      string
	mean       []statistic // estimate and theory of the mean at the ticks
	varies     bool        // it is random by its moments, however few paths are recorded
}

// random tells whether the quantity is, on the recorded paths or by its moments.
func (f fan) random() bool { return f.varies || f.recording.random() }

// few tells whether it is random, and its quantiles are not known from the paths.
func (f fan) few() bool { return f.random() && f.paths() < fewest }

// drawFans draws quantities into one figure, such as the bid and the ask.
func drawFans(name, title, x, y string, fans []fan) *picture.Figure {
	p := picture.NewPanel(x, y)
	f := &picture.Figure{Name: name, Title: title, Plot: p}
	alone := len(fans) == 1
	random := slices.ContainsFunc(fans, func(v fan) bool { return v.random() })
	for i, v := range fans {
		of := ""
		if !alone {
			of = v.label + ": "
		}
		drawFan(f, v, of, i)
	}
	paths := fans[0].paths()
	mean := "the mean by theory, and as simulated over all paths."
	switch {
	case paths == 0:
		f.Words = "No path is recorded: means at the moments of the statistics, by theory and simulated."
	case random && paths < fewest:
		f.Words = plural(int64(paths), "path is recorded", "paths are recorded") + ", too few for quantiles, and drawn in grey; " + mean
	case random:
		f.Words = fmt.Sprintf("Quantiles over %s, and %d of them; %s", plural(int64(paths), "recorded path", "recorded paths"), min(samples, paths), mean)
	default:
		f.Words = "Nothing in it is random: the path, and theory at the moments of the statistics."
	}
	f.Detail = extent(fans)
	margin(p)
	return f
}

// drawFan adds one quantity to the figure; of names it in the legend.
func drawFan(f *picture.Figure, v fan, of string, i int) {
	p, c := f.Plot, hue(2*i)
	if i%2 == 1 {
		c = hue(3)
	}
	if v.random() && v.paths() > 0 {
		shown := v.paths()
		if !v.few() {
			shown = min(samples, shown)
			outer := band(p, v.recording, 0.05, 0.95, picture.Clear(c, 56))
			inner := band(p, v.recording, 0.25, 0.75, picture.Clear(c, 84))
			f.Tell(of+"5–95 %", outer...)
			f.Tell("25–75 %", inner...)
		}
		for path := range shown {
			var xys plotter.XYs
			for k, t := range v.times {
				xys = append(xys, plotter.XY{X: t, Y: v.values[k][path]})
			}
			thumb := line(p, xys, picture.Grey, 0.5)
			if path == 0 && i == 0 {
				f.Tell("paths", thumb...)
			}
		}
		v.drawMean(f, of, c, i)
		return
	}
	if v.paths() > 0 {
		xs, ys := v.quantiles(0.5)
		f.Tell(of+"path", line(p, points(xs, ys), c, 1.4)...)
		f.Tell("theory", scatter(p, theory(v.mean), c, draw.RingGlyph{}, 2.2)...)
		return
	}
	v.drawMean(f, of, c, i)
}

// drawMean adds the mean by theory, and as simulated. Where bands have told which
// quantity has which colour, the legend need not.
func (f fan) drawMean(to *picture.Figure, of string, c color.NRGBA, i int) {
	if f.paths() >= fewest {
		of = ""
	}
	to.Tell(of+"theory", line(to.Plot, theory(f.mean), c, 1.4)...)
	to.Tell("simulated ± 2 s.e.", estimates(to.Plot, f.mean, c, sign(i))...)
}

// course is what extent follows: the median of many paths, the mean where there are
// few, and the path where nothing is random.
func (f fan) course() (what string, xs, ys []float64) {
	what = "The " + f.label
	if f.random() {
		what = "The median of the " + f.label
	}
	if f.paths() > 0 && !f.few() {
		xs, ys = f.quantiles(0.5)
		return what, xs, ys
	}
	for _, xy := range theory(f.mean) {
		xs, ys = append(xs, xy.X), append(ys, xy.Y)
	}
	return "By theory the mean of the " + f.label, xs, ys
}

// extent says in words where quantities begin and end.
func extent(fans []fan) string {
	words := ""
	for _, v := range fans {
		what, xs, ys := v.course()
		if n := len(xs); n > 1 {
			words += fmt.Sprintf(" %s goes from %s at t = %s to %s at t = %s, between %s and %s.", what, numeral.Brief(ys[0]), numeral.Brief(xs[0]),
				numeral.Brief(ys[n-1]), numeral.Brief(xs[n-1]), numeral.Brief(slices.Min(ys)), numeral.Brief(slices.Max(ys)))
		}
	}
	return words
}

// margin keeps markers off the ends of the axis, and what differs by rounding alone
// from being spread over all of it.
func margin(p *plot.Plot) {
	by := 0.04 * (p.Y.Max - p.Y.Min)
	if size := max(math.Abs(p.Y.Min), math.Abs(p.Y.Max)); by < 1e-9*size {
		by = 0.05 * size
	}
	if by > 0 && !math.IsInf(by, 0) {
		p.Y.Min, p.Y.Max = p.Y.Min-by, p.Y.Max+by
	}
}
