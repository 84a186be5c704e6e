package main

import (
	"fmt"
	"image/color"
	"io"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"

	"walras/internal/picture"
)

// Size of the picture: 900 × 400 CSS pixels of 0.75 points.
const (
	width  vg.Length = 675
	height vg.Length = 300
)

// shown is the largest number of agents with lines of their own.
const shown = 7

// band is the colour of the fan.
var band = color.NRGBA{0xCF, 0xE2, 0xF0, 255}

// draw writes the picture.
func (d *data) draw(w io.Writer) error {
	left, err := d.priceFan()
	if err != nil {
		return err
	}
	right, err := d.inventories()
	if err != nil {
		return err
	}
	canvas := vgsvg.New(width, height)
	all := draw.New(canvas)
	all.SetColor(color.White)
	all.Fill(all.Rectangle.Path())
	title := left.Title.TextStyle
	title.Font.Size = 11.5
	title.XAlign, title.YAlign = draw.XLeft, draw.YTop
	if over := title.Width(d.title) / (width - 24); over > 1 {
		title.Font.Size /= over
	}
	all.FillText(title, vg.Point{X: 12, Y: height - 10}, d.title)
	tiles := draw.Tiles{Rows: 1, Cols: 2, PadTop: 30, PadBottom: 8, PadLeft: 10, PadRight: 14, PadX: 22}
	panels := [][]*plot.Plot{{left, right}}
	for i, c := range plot.Align(panels, tiles, all)[0] {
		panels[0][i].Draw(c)
	}
	var text strings.Builder
	if _, err := canvas.WriteTo(&text); err != nil {
		return err
	}
	// Liberation Sans has the widths of Arial and Helvetica.
	_, err = io.WriteString(w, strings.ReplaceAll(text.String(), "font-family:Liberation Sans", "font-family:'Liberation Sans',Arial,Helvetica,sans-serif"))
	return err
}

// priceFan is the left panel.
func (d *data) priceFan() (*plot.Plot, error) {
	p := picture.NewPanel(d.time, d.price)
	if n := len(d.prices); n > 0 {
		edge := append(plotter.XYs{}, d.fan[0]...)
		for i := len(d.fan[2]) - 1; i >= 0; i-- {
			edge = append(edge, d.fan[2][i])
		}
		fan, err := plotter.NewPolygon(edge)
		if err != nil {
			return nil, err
		}
		fan.Color, fan.LineStyle.Width = band, 0
		p.Add(fan)
		p.Legend.Add(fmt.Sprintf("10–90 %% of %d paths", n), fan)
	}
	for i, path := range d.prices[:min(2, len(d.prices))] {
		l, err := line(p, path, picture.Grey, 0.7)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			p.Legend.Add("sample paths", l)
		}
	}
	mean, err := line(p, d.mean, picture.Palette[0], 1.5)
	if err != nil {
		return nil, err
	}
	dots, err := markers(p, d.estimate, picture.Palette[0], picture.Glyphs[0])
	if err != nil {
		return nil, err
	}
	p.Legend.Add("mean, theory", mean)
	p.Legend.Add("mean, simulated ± 2 s.e.", dots)
	p.X.Max = max(p.X.Max, d.horizon())
	margin(p)
	p.Y.Max += 0.25 * (p.Y.Max - p.Y.Min) // room for the legend
	return p, nil
}

// inventories is the right panel.
func (d *data) inventories() (*plot.Plot, error) {
	p := picture.NewPanel(d.time, d.unit)
	list := d.agents[:min(shown, len(d.agents))]
	for i, a := range list {
		if _, err := line(p, a.sample, picture.Pale(picture.Palette[i]), 0.6); err != nil {
			return nil, err
		}
	}
	for i, a := range list {
		l, err := line(p, a.mean, picture.Palette[i], 1.3)
		if err != nil {
			return nil, err
		}
		dots, err := markers(p, a.estimate, picture.Palette[i], picture.Glyphs[i])
		if err != nil {
			return nil, err
		}
		p.Legend.Add(a.name, l, dots)
	}
	if rest := len(d.agents) - len(list); rest > 0 {
		p.Legend.Add(fmt.Sprintf("and %d more", rest))
	}
	if sample := list[0].sample; len(sample) > 0 {
		l, err := plotter.NewLine(sample[:1])
		if err != nil {
			return nil, err
		}
		l.Color, l.Width = picture.Pale(picture.Ink), 0.6
		p.Legend.Add("one path", l)
	}
	widest := vg.Length(0)
	for _, a := range list {
		widest = max(widest, p.Legend.TextStyle.Width(a.name))
	}
	margin(p)
	p.Legend.XOffs = 238 - max(widest, p.Legend.TextStyle.Width("one path"))
	return p, nil
}

// margin keeps markers off the ends of the axis, so that both panels end alike.
func margin(p *plot.Plot) {
	by := 0.04 * (p.Y.Max - p.Y.Min)
	p.Y.Min, p.Y.Max = p.Y.Min-by, p.Y.Max+by
}

func line(p *plot.Plot, xys plotter.XYs, c color.Color, w vg.Length) (*plotter.Line, error) {
	if len(xys) == 0 {
		return nil, nil
	}
	l, err := plotter.NewLine(xys)
	if err != nil {
		return nil, err
	}
	l.Color, l.Width = c, w
	p.Add(l)
	return l, nil
}

// markers draws estimates; bars shorter than a marker are not seen.
func markers(p *plot.Plot, e estimates, c color.Color, g draw.GlyphDrawer) (*plotter.Scatter, error) {
	bars, err := plotter.NewYErrorBars(e)
	if err != nil {
		return nil, err
	}
	bars.Color, bars.Width, bars.CapWidth = c, 0.8, 3
	dots, err := plotter.NewScatter(e.XYs)
	if err != nil {
		return nil, err
	}
	dots.Color, dots.Radius, dots.Shape = c, 2, g
	p.Add(bars, dots)
	return dots, nil
}
