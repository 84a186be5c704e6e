package report

import (
	"fmt"
	"slices"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"walras/internal/numeral"
	"walras/internal/picture"
)

// mostBoxes is the largest number of moments of a box plot.
const mostBoxes = 11

// pt is a width in points.
func pt(v float64) vg.Length { return vg.Length(v) }

// drawBoxes draws how a quantity is distributed at the ticks of the statistics; nil
// where it is not random, or recorded on few paths.
func drawBoxes(name, title, x, y string, r *recording, ticks []float64) *picture.Figure {
	if !r.random() || r.paths() < fewest {
		return nil
	}
	p := picture.NewPanel(x, y)
	var at []int // of the times with a box
	for k, t := range r.times {
		if _, tick := slices.BinarySearch(ticks, t); tick && len(r.at(k)) > 0 {
			at = append(at, k)
		}
	}
	every := max(1, (len(at)+mostBoxes-1)/mostBoxes)
	boxes := 0
	for i := 0; i < len(at); i += every {
		b, err := plotter.NewBoxPlot(pt(11), r.times[at[i]], plotter.Values(r.at(at[i])))
		if err != nil {
			continue // a moment without values
		}
		c := hue(0)
		b.FillColor = picture.Clear(c, 70)
		b.BoxStyle = draw.LineStyle{Color: c, Width: 0.8}
		b.MedianStyle = draw.LineStyle{Color: picture.Ink, Width: 1.3}
		b.WhiskerStyle = draw.LineStyle{Color: c, Width: 0.8}
		b.GlyphStyle = draw.GlyphStyle{Color: c, Radius: 1, Shape: draw.CircleGlyph{}}
		p.Add(b)
		boxes++
	}
	if boxes == 0 {
		return nil
	}
	if span := p.X.Max - p.X.Min; span > 0 {
		p.X.Min, p.X.Max = p.X.Min-0.04*span, p.X.Max+0.04*span
	}
	margin(p)
	last := at[(boxes-1)*every]
	list := r.at(last)
	return &picture.Figure{Name: name, Title: title, Plot: p, Words: fmt.Sprintf("Over %s. At t = %s: median %s, quartiles %s and %s, from %s to %s.",
		plural(int64(r.paths()), "recorded path", "recorded paths"), numeral.Brief(r.times[last]), numeral.Brief(picture.Quantile(list, 0.5)),
		numeral.Brief(picture.Quantile(list, 0.25)), numeral.Brief(picture.Quantile(list, 0.75)), numeral.Brief(list[0]), numeral.Brief(list[len(list)-1]))}
}
