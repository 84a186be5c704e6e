package picture_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/plotter"

	"walras/internal/picture"
)

// nasty is what a title or a name may hold.
const nasty = `</text><script>alert("1")</script> & 'x' 😀 עברית` + "\x01\n\u202e"

func figure(t *testing.T) *picture.Figure {
	t.Helper()
	p := picture.NewPanel("time "+nasty, "price")
	l, err := plotter.NewLine(plotter.XYs{{X: 0, Y: -1.5}, {X: 3, Y: 2.25}})
	require.NoError(t, err)
	l.Color = picture.Palette[0]
	p.Add(l)
	f := &picture.Figure{Name: "one", Title: nasty, Words: "words " + nasty, Plot: p}
	f.Tell(nasty, l)
	return f
}

// elements parses XML and counts its elements and attributes.
func elements(t *testing.T, text string) (names, attributes map[string]int) {
	t.Helper()
	names, attributes = make(map[string]int), make(map[string]int)
	for d := xml.NewDecoder(strings.NewReader(text)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return names, attributes
		}
		require.NoError(t, err)
		if e, ok := token.(xml.StartElement); ok {
			names[e.Name.Local]++
			for _, a := range e.Attr {
				attributes[a.Name.Local]++
			}
		}
	}
}

func TestSVGIsSafeInAPage(t *testing.T) {
	svg, err := figure(t).SVG()
	require.NoError(t, err)
	names, attributes := elements(t, svg)
	assert.Zero(t, names["script"])
	assert.Zero(t, names["style"])
	assert.Zero(t, attributes["style"], "a strict policy refuses styles in elements")
	assert.Equal(t, 1, names["title"])
	assert.Contains(t, svg, `role="img" aria-labelledby="one-title one-words"`)
	assert.Equal(t, 2, attributes["id"])
	assert.Contains(t, svg, "😀 עברית", "text stays text")
	assert.Contains(t, svg, `class="f-222222"`)
}

func TestFilesAreOfTheirKind(t *testing.T) {
	file, err := figure(t).File()
	require.NoError(t, err)
	names, _ := elements(t, string(file))
	assert.Equal(t, 1, names["style"], "light on dark where the reader wants it")
	again, err := figure(t).File()
	require.NoError(t, err)
	assert.Equal(t, string(file), string(again))
	pixels, err := figure(t).PNG()
	require.NoError(t, err)
	img, err := png.Decode(bytes.NewReader(pixels))
	require.NoError(t, err)
	assert.Equal(t, 800, img.Bounds().Dx())
}

func TestTicks(t *testing.T) {
	var labels []string
	for _, tick := range picture.Ticks(-1, 1) {
		labels = append(labels, tick.Label)
	}
	assert.Equal(t, []string{"−1", "−0.5", "0", "0.5", "1"}, labels)
	assert.Len(t, picture.Ticks(1e9, math.Nextafter(1e9, 2e9)), 1, "an end where nothing is between")
}

func TestQuantilesOfFewValues(t *testing.T) {
	assert.Equal(t, 7.0, picture.Quantile([]float64{7}, 0.3))
	assert.InDelta(t, 2.5, picture.Quantile([]float64{1, 2, 3, 4}, 0.5), 1e-15)
	assert.Equal(t, 4.0, picture.Quantile([]float64{1, 2, 3, 4}, 1))
}

func TestCividisOrdersAmountsByLightness(t *testing.T) {
	last := -1.0
	for _, c := range picture.Cividis.Colors() {
		r, g, b, _ := c.RGBA()
		light := 0.2126*float64(r) + 0.7152*float64(g) + 0.0722*float64(b)
		assert.Greater(t, light, last)
		last = light
	}
	m := picture.CividisMap(-2, 6)
	_, err := m.At(6.5)
	assert.Error(t, err)
	c, err := m.At(6)
	require.NoError(t, err)
	assert.Equal(t, picture.Cividis.Colors()[255], c)
}
