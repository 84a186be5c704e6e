package report

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg/draw"

	"walras/internal/numeral"
	"walras/internal/picture"
)

// Limits of maps: numbers are written into cells of small ones, and large ones are
// drawn as images.
const (
	mostLabels = 64
	mostCells  = 2500
)

// grid is a result over two axes, cell by cell: its coordinates are the places of the
// values on the axes, so that cells are of one size however the values are spaced.
type grid struct {
	values [][]float64 // by x, then y
}

// Dims is the number of cells.
func (g grid) Dims() (c, r int) { return len(g.values), len(g.values[0]) }

// Z is the value of a cell.
func (g grid) Z(c, r int) float64 { return g.values[c][r] }

// X is the place of a column.
func (g grid) X(c int) float64 { return float64(c) }

// Y is the place of a row.
func (g grid) Y(r int) float64 { return float64(r) }

// bounds are the least and the largest value.
func (g grid) bounds() (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, column := range g.values {
		for _, v := range column {
			if !math.IsNaN(v) {
				low, high = min(low, v), max(high, v)
			}
		}
	}
	return low, high
}

// inTwo draws a result over two axes: as lines for each value of one of them where
// that has few values or words, else as a map.
func (s *surface) inTwo(number int, name string) *picture.Figure {
	x, y := s.axes[0], s.axes[1]
	few := func(a, other axis) bool {
		return len(a.values) <= mostLines && (a.worded() || len(a.values) <= fewValues && !other.worded())
	}
	switch {
	case few(y, x):
		return s.lines(number, name, x, y)
	case few(x, y):
		return s.lines(number, name, y, x)
	}
	return s.heat(number, name, x, y)
}

// lines draws a result over one axis, a line for each value of the other.
func (s *surface) lines(number int, name string, x, each axis) *picture.Figure {
	c := curve{title: name, unit: s.units[name]}
	for i, v := range each.values {
		l := sweptLine{label: each.key + " = " + axisLabel(v)}
		for k, result := range s.results[name] {
			if each.at[k] == i {
				l.at, l.values = append(l.at, x.at[k]), append(l.values, result)
			}
		}
		c.lines = append(c.lines, l)
	}
	return drawCurve(number, x, c)
}

// heat draws a map of a result with its contours.
func (s *surface) heat(number int, name string, x, y axis) *picture.Figure {
	g := grid{values: make([][]float64, len(x.values))}
	for i := range g.values {
		g.values[i] = make([]float64, len(y.values))
	}
	for k, v := range s.results[name] {
		g.values[x.at[k]][y.at[k]] = v
	}
	low, high := g.bounds()
	p := picture.NewPanel(x.key, y.key)
	p.X.Tick.Marker, p.Y.Tick.Marker = x.labels(g.X), y.labels(g.Y)
	heat := plotter.NewHeatMap(g, picture.Cividis)
	heat.NaN = picture.Faint
	heat.Rasterized = len(x.values)*len(y.values) > mostCells
	p.Add(heat)
	var levels []float64
	for _, t := range picture.Ticks(low, high) {
		if t.Value > low && t.Value < high {
			levels = append(levels, t.Value)
		}
	}
	if len(levels) > 0 {
		for _, style := range []draw.LineStyle{ // light on a dark border, to be seen everywhere
			{Color: color.NRGBA{0x10, 0x10, 0x10, 110}, Width: 1.8}, {Color: color.NRGBA{0xFE, 0xFE, 0xFE, 230}, Width: 0.9},
		} {
			contour := plotter.NewContour(g, levels, nil)
			contour.LineStyles = []draw.LineStyle{style}
			p.Add(contour)
		}
	}
	if len(x.values)*len(y.values) <= mostLabels {
		p.Add(cellLabels(g, low, high))
	}
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -0.5, float64(len(x.values))-0.5, -0.5, float64(len(y.values))-0.5
	words := words(name)
	return &picture.Figure{
		Name: fmt.Sprintf("sweep-%d", number+1), Title: withUnit(words, s.units[name]), Plot: p, Bar: scaleOf(low, high),
		Words: fmt.Sprintf("By colour, over %s and %s, with lines of equal value: from %s to %s.", x.key, y.key, numeral.Brief(low), numeral.Brief(high)),
	}
}

// cellLabels writes the values into their cells, light on dark and dark on light.
func cellLabels(g grid, low, high float64) plot.Plotter {
	var at plotter.XYLabels
	var styles []draw.TextStyle
	for c, column := range g.values {
		for r, v := range column {
			if math.IsNaN(v) {
				continue
			}
			at.XYs = append(at.XYs, plotter.XY{X: g.X(c), Y: g.Y(r)})
			at.Labels = append(at.Labels, compact(v))
			ink := color.NRGBA{0x10, 0x10, 0x10, 255}
			if v < low+0.45*(high-low) {
				ink = color.NRGBA{0xFE, 0xFE, 0xFE, 255}
			}
			styles = append(styles, draw.TextStyle{Color: ink, Font: picture.Face(6.5), XAlign: draw.XCenter, YAlign: draw.YCenter, Handler: plot.DefaultTextHandler})
		}
	}
	return &plotter.Labels{XYs: at.XYs, Labels: at.Labels, TextStyle: styles}
}

// scaleOf is the scale of colours of a map.
func scaleOf(low, high float64) *plot.Plot {
	p := picture.NewPanel("", "")
	colors := picture.CividisMap(low, high)
	p.Add(&plotter.ColorBar{ColorMap: colors, Vertical: true, Colors: 64})
	p.HideX()
	p.X.Padding, p.Y.Padding = 0, 0
	p.Y.Tick.Marker = plot.TickerFunc(compactTicks)
	return p
}
