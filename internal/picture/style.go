package picture

import (
	"image/color"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Palette is that of Okabe and Ito without yellow, which is faint on white.
var Palette = []color.NRGBA{
	{0x00, 0x72, 0xB2, 255}, {0xE6, 0x9F, 0x00, 255}, {0x00, 0x9E, 0x73, 255}, {0xD5, 0x5E, 0x00, 255},
	{0xCC, 0x79, 0xA7, 255}, {0x56, 0xB4, 0xE9, 255}, {0x00, 0x00, 0x00, 255},
}

// Glyphs tell series apart without colours; they go with [Palette].
var Glyphs = []draw.GlyphDrawer{
	draw.CircleGlyph{}, draw.BoxGlyph{}, draw.PyramidGlyph{}, draw.RingGlyph{}, draw.SquareGlyph{}, draw.TriangleGlyph{}, draw.CrossGlyph{},
}

// The colours of everything else.
var (
	Ink   = color.NRGBA{0x22, 0x22, 0x22, 255} // text
	Grey  = color.NRGBA{0x8C, 0x8C, 0x8C, 255} // axes
	Faint = color.NRGBA{0xE4, 0xE4, 0xE4, 255} // lines of zero
)

// Face is the font of all text, in the given size.
func Face(size vg.Length) font.Font {
	return font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}
}

// NewPanel is an empty plot in the common style.
func NewPanel(x, y string) *plot.Plot {
	p := plot.New()
	face := Face(9)
	p.Title.TextStyle.Font, p.Title.TextStyle.Color = face, Ink
	p.Legend.TextStyle.Font, p.Legend.TextStyle.Color = face, Ink
	p.Legend.Top, p.Legend.Left, p.Legend.XOffs, p.Legend.Padding = true, true, 10, 2.5
	p.Legend.ThumbnailWidth = 20
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Label.TextStyle.Font, a.Label.TextStyle.Color = face, Ink
		a.Tick.Label.Font, a.Tick.Label.Color = face, Ink
		a.LineStyle.Width, a.LineStyle.Color = 0.6, Grey
		a.Tick.LineStyle.Width, a.Tick.LineStyle.Color = 0.6, Grey
		a.Label.Padding, a.Padding, a.Tick.Marker = 4, 4, plot.TickerFunc(Ticks)
	}
	p.X.Label.Text, p.Y.Label.Text = x, y
	zero := plotter.NewFunction(func(float64) float64 { return 0 })
	zero.Color, zero.Width, zero.Samples = Faint, 0.8, 2
	p.Add(zero)
	return p
}

// Ticks are multiples of 1, 2 or 5 times a power of ten, at most six.
func Ticks(from, to float64) []plot.Tick {
	step := math.Pow(10, math.Floor(math.Log10((to-from)/6)))
	for _, f := range []float64{1, 2, 5, 10} {
		if (to-from)/(f*step) <= 6 {
			step *= f
			break
		}
	}
	if !(step > 1e-14*max(math.Abs(from), math.Abs(to))) { // no double is between
		return []plot.Tick{{Value: from, Label: strconv.FormatFloat(from, 'g', 6, 64)}}
	}
	var list []plot.Tick
	for i := int(math.Ceil(from/step - 1e-9)); float64(i)*step <= to+1e-9*step; i++ {
		value := float64(i) * step
		text := strconv.FormatFloat(value, 'g', 6, 64)
		list = append(list, plot.Tick{Value: value, Label: strings.Replace(text, "-", "−", 1)})
	}
	return list
}

// Pale is c mixed with white, opaque, so that the order of drawing is all.
func Pale(c color.NRGBA) color.NRGBA {
	mix := func(v uint8) uint8 { return uint8(255 - (255-int(v))*35/100) }
	return color.NRGBA{mix(c.R), mix(c.G), mix(c.B), 255}
}

// Clear is c with what is below it showing through: alpha of 255 hides it.
func Clear(c color.NRGBA, alpha uint8) color.NRGBA {
	c.A = alpha
	return c
}

// Quantile interpolates between the sorted values; q is from 0 to 1.
func Quantile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	i := min(int(at), len(sorted)-1)
	return sorted[i] + (at-float64(i))*(sorted[min(i+1, len(sorted)-1)]-sorted[i])
}
