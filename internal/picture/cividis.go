package picture

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot/palette"
)

// anchors of cividis (Nuñez, Anderton & Renslow 2018), a map of colours in which all
// readers see the same order; between them it is interpolated.
var anchors = [...][3]float64{
	{0, 34, 78}, {18, 53, 112}, {59, 73, 108}, {87, 93, 109}, {112, 113, 115}, {138, 134, 120},
	{165, 156, 116}, {195, 179, 105}, {225, 204, 85}, {254, 232, 56},
}

// cividis at a place from 0 to 1.
func cividis(at float64) color.NRGBA {
	at = max(0, min(1, at)) * float64(len(anchors)-1)
	i := min(int(at), len(anchors)-2)
	var c [3]uint8
	for k := range c {
		c[k] = uint8(math.Round(anchors[i][k] + (at-float64(i))*(anchors[i+1][k]-anchors[i][k])))
	}
	return color.NRGBA{c[0], c[1], c[2], 255}
}

// colors is a list of them.
type colors []color.Color

// Colors is the list.
func (c colors) Colors() []color.Color { return c }

func shades(n int) colors {
	list := make(colors, n)
	for i := range list {
		list[i] = cividis(float64(i) / float64(max(1, n-1)))
	}
	return list
}

// Cividis are the colours of amounts, from little to much.
var Cividis palette.Palette = shades(256)

// colorMap is cividis between two values.
type colorMap struct{ low, high float64 }

// CividisMap gives colours to the values from low to high.
func CividisMap(low, high float64) palette.ColorMap { return &colorMap{low, high} }

// At is the colour of a value.
func (m *colorMap) At(v float64) (color.Color, error) {
	if math.IsNaN(v) || v < m.low || v > m.high {
		return nil, fmt.Errorf("picture: %g is not between %g and %g", v, m.low, m.high)
	}
	return cividis((v - m.low) / (m.high - m.low)), nil
}

// Max is the largest value.
func (m *colorMap) Max() float64 { return m.high }

// SetMax changes it.
func (m *colorMap) SetMax(v float64) { m.high = v }

// Min is the least value.
func (m *colorMap) Min() float64 { return m.low }

// SetMin changes it.
func (m *colorMap) SetMin(v float64) { m.low = v }

// Alpha is opaque.
func (m *colorMap) Alpha() float64 { return 1 }

// SetAlpha is not needed: these colours are opaque.
func (m *colorMap) SetAlpha(float64) {}

// Palette is n of the colours.
func (m *colorMap) Palette(n int) palette.Palette { return shades(n) }
