package main

import (
	"fmt"
	"image/color"
	"io"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Size of the picture: 900 × 400 CSS pixels of 0.75 points.
const (
	width  vg.Length = 675
	height vg.Length = 300
)

// shown is the largest number of agents with lines of their own.
const shown = 7

// palette is that of Okabe and Ito without yellow, which is faint on white.
var palette = []color.NRGBA{
	{0x00, 0x72, 0xB2, 255}, {0xE6, 0x9F, 0x00, 255}, {0x00, 0x9E, 0x73, 255}, {0xD5, 0x5E, 0x00, 255},
	{0xCC, 0x79, 0xA7, 255}, {0x56, 0xB4, 0xE9, 255}, {0x00, 0x00, 0x00, 255},
}

var (
	ink   = color.NRGBA{0x22, 0x22, 0x22, 255}
	grey  = color.NRGBA{0x8C, 0x8C, 0x8C, 255}
	faint = color.NRGBA{0xE4, 0xE4, 0xE4, 255}
	band  = color.NRGBA{0xCF, 0xE2, 0xF0, 255}
)

var glyphs = []draw.GlyphDrawer{
	draw.CircleGlyph{}, draw.BoxGlyph{}, draw.PyramidGlyph{}, draw.RingGlyph{}, draw.SquareGlyph{}, draw.TriangleGlyph{}, draw.CrossGlyph{},
}

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

// panel is an empty plot in the common style.
func panel(x, y string) *plot.Plot {
	p := plot.New()
	face := font.Font{Typeface: "Liberation", Variant: "Sans", Size: 9}
	p.Title.TextStyle.Font, p.Title.TextStyle.Color = face, ink
	p.Legend.TextStyle.Font, p.Legend.TextStyle.Color = face, ink
	p.Legend.Top, p.Legend.Left, p.Legend.XOffs, p.Legend.Padding = true, true, 10, 2.5
	p.Legend.ThumbnailWidth = 20
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Label.TextStyle.Font, a.Label.TextStyle.Color = face, ink
		a.Tick.Label.Font, a.Tick.Label.Color = face, ink
		a.LineStyle.Width, a.LineStyle.Color = 0.6, grey
		a.Tick.LineStyle.Width, a.Tick.LineStyle.Color = 0.6, grey
		a.Label.Padding, a.Padding, a.Tick.Marker = 4, 4, plot.TickerFunc(ticks)
	}
	p.X.Label.Text, p.Y.Label.Text = x, y
	zero := plotter.NewFunction(func(float64) float64 { return 0 })
	zero.Color, zero.Width, zero.Samples = faint, 0.8, 2
	p.Add(zero)
	return p
}

// ticks are multiples of 1, 2 or 5 times a power of ten, at most six.
func ticks(from, to float64) []plot.Tick {
	step := math.Pow(10, math.Floor(math.Log10((to-from)/6)))
	for _, f := range []float64{1, 2, 5, 10} {
		if (to-from)/(f*step) <= 6 {
			step *= f
			break
		}
	}
	var list []plot.Tick
	for i := int(math.Ceil(from/step - 1e-9)); float64(i)*step <= to+1e-9*step; i++ {
		value := float64(i) * step
		text := strconv.FormatFloat(value, 'g', 6, 64)
		list = append(list, plot.Tick{Value: value, Label: strings.Replace(text, "-", "−", 1)})
	}
	return list
}

// priceFan is the left panel.
func (d *data) priceFan() (*plot.Plot, error) {
	p := panel(d.time, d.price)
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
		l, err := line(p, path, grey, 0.7)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			p.Legend.Add("sample paths", l)
		}
	}
	mean, err := line(p, d.mean, palette[0], 1.5)
	if err != nil {
		return nil, err
	}
	dots, err := markers(p, d.estimate, palette[0], glyphs[0])
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
	p := panel(d.time, d.unit)
	list := d.agents[:min(shown, len(d.agents))]
	for i, a := range list {
		if _, err := line(p, a.sample, pale(palette[i]), 0.6); err != nil {
			return nil, err
		}
	}
	for i, a := range list {
		l, err := line(p, a.mean, palette[i], 1.3)
		if err != nil {
			return nil, err
		}
		dots, err := markers(p, a.estimate, palette[i], glyphs[i])
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
		l.Color, l.Width = pale(ink), 0.6
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

// pale is c mixed with white, opaque, so that the order of drawing is all.
func pale(c color.NRGBA) color.NRGBA {
	mix := func(v uint8) uint8 { return uint8(255 - (255-int(v))*35/100) }
	return color.NRGBA{mix(c.R), mix(c.G), mix(c.B), 255}
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
