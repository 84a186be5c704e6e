package picture

import (
	"bytes"
	"fmt"
	"html"
	"image/color"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Size of a figure in points: with text of 9 points readable on a telephone, which
// shows it a fifth larger, and in print.
const (
	Width  vg.Length = 300
	Height vg.Length = 205
)

// dotsPerInch of a PNG: twice those of a screen.
const dotsPerInch = 192

// Figure is a plot with its legend above it and its description in words.
type Figure struct {
	Name   string // of the files, without ending
	Title  string
	Words  string // what it shows
	Detail string // more of it, for who does not see it
	Plot   *plot.Plot
	Legend []Entry
	Bar    *plot.Plot // a scale of colours beside the plot; nil: none
}

// Entry is a line of a legend.
type Entry struct {
	Text   string
	Thumbs []plot.Thumbnailer
}

// Tell adds an entry to the legend, unless nothing was drawn.
func (f *Figure) Tell(text string, thumbs ...plot.Thumbnailer) {
	if len(thumbs) > 0 {
		f.Legend = append(f.Legend, Entry{text, thumbs})
	}
}

const (
	thumb   = vg.Length(16) // width of the sign before an entry
	row     = vg.Length(13) // height of a row of the legend
	barPart = vg.Length(48) // width of the scale of colours
)

// draw draws legend, plot and scale.
func (f *Figure) draw(c draw.Canvas) {
	f.Plot.BackgroundColor = nil // that of the page
	style := f.Plot.Legend.TextStyle
	style.XAlign, style.YAlign = draw.XLeft, draw.YCenter
	left := vg.Length(6)
	x, y := left, Height-row/2-2
	for _, e := range f.Legend {
		text := printable(e.Text)
		need := thumb + 4 + style.Width(text)
		if x+need > Width-4 && x > left {
			x, y = left, y-row
		}
		box := draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
			Min: vg.Point{X: x, Y: y - row/3}, Max: vg.Point{X: x + thumb, Y: y + row/3},
		}}
		for _, t := range e.Thumbs {
			t.Thumbnail(&box)
		}
		c.FillText(style, vg.Point{X: x + thumb + 4, Y: y}, text)
		x += need + 12
	}
	top := Height - 4
	if len(f.Legend) > 0 {
		top = y - row/2 - 4
	}
	right := Width - 8
	if f.Bar != nil {
		f.Bar.BackgroundColor = nil
		right -= barPart
		f.Bar.Draw(draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{Min: vg.Point{X: right + 8, Y: 26}, Max: vg.Point{X: Width - 4, Y: top - 2}}})
	}
	f.Plot.X.Label.Text, f.Plot.Y.Label.Text = printable(f.Plot.X.Label.Text), printable(f.Plot.Y.Label.Text)
	shrink(&f.Plot.Y.Label.TextStyle, f.Plot.Y.Label.Text, top-12)
	shrink(&f.Plot.X.Label.TextStyle, f.Plot.X.Label.Text, right-30)
	f.Plot.Draw(draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{Min: vg.Point{X: 4, Y: 4}, Max: vg.Point{X: right, Y: top}}})
}

// shrink makes a text fit, down to a size that can still be read.
func shrink(style *draw.TextStyle, text string, room vg.Length) {
	if over := float64(style.Width(text) / room); over > 1 {
		style.Font.Size = max(6, style.Font.Size/vg.Length(over))
	}
}

// longest is the largest number of characters of a text in a picture.
const longest = 48

// printable is a text that XML can hold, on one line and not too long.
func printable(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Bidi_Control, r):
			return -1
		case unicode.IsControl(r), r == 0xfffe, r == 0xffff:
			return utf8.RuneError
		}
		return r
	}, text)
	if list := []rune(text); len(list) > longest {
		return string(list[:longest-1]) + "…"
	}
	return text
}

// PNG is the figure in pixels, black on white.
func (f *Figure) PNG() ([]byte, error) {
	canvas := vgimg.NewWith(vgimg.UseWH(Width, Height), vgimg.UseDPI(dotsPerInch), vgimg.UseBackgroundColor(color.White))
	f.draw(draw.New(canvas))
	var b bytes.Buffer
	_, err := vgimg.PngCanvas{Canvas: canvas}.WriteTo(&b)
	return b.Bytes(), err
}

// SVG is the figure as an element of a page, in which ids begin with Name. Its
// colours follow the page's [Rules].
func (f *Figure) SVG() (string, error) { return f.svg("") }

// File is the figure as an SVG file of its own.
func (f *Figure) File() ([]byte, error) {
	text, err := f.svg(fmt.Sprintf(` width="%d" height="%d"`, pixels(Width), pixels(Height)))
	if err != nil {
		return nil, err
	}
	at := strings.Index(text, ">") + 1
	return []byte(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + text[:at] + "<style>" + Rules + "</style>" + text[at:] + "\n"), nil
}

// pixels of a style sheet are 0.75 points.
func pixels(l vg.Length) int { return int(l / 0.75) }

// Rules are the style sheet that shows figures light on dark where the reader wants
// it. Without it they are dark on white.
const Rules = `@media screen and (prefers-color-scheme:dark){` +
	`svg.figure{background:#16191d}` +
	`.figure .f-222222,.figure .f-000000{fill:#e6e8ea}.figure .s-222222,.figure .s-000000{stroke:#e6e8ea}` +
	`.figure .s-8C8C8C{stroke:#8f969d}.figure .f-8C8C8C{fill:#8f969d}` +
	`.figure .s-E4E4E4{stroke:#363b41}.figure .f-E4E4E4{fill:#363b41}` +
	`.figure .f-0072B2{fill:#3d9bd6}.figure .s-0072B2{stroke:#3d9bd6}}`

// themed are the colours that Rules changes.
var themed = map[string]bool{"#222222": true, "#000000": true, "#8C8C8C": true, "#E4E4E4": true, "#0072B2": true}

var styles = regexp.MustCompile(`\s*style="([^"]*)"`)

// svg writes the picture with attributes for styles: a strict policy of a page
// refuses styles in elements, and programs that know no style sheets see the same.
func (f *Figure) svg(size string) (string, error) {
	canvas := vgsvg.New(Width, Height)
	f.draw(draw.New(canvas))
	var b bytes.Buffer
	if _, err := canvas.WriteTo(&b); err != nil {
		return "", err
	}
	text := b.String()
	text = text[strings.Index(text, "<g "):]
	// Images are made of cells, which fill their place.
	text = strings.NewReplacer("<image ", `<image preserveAspectRatio="none" image-rendering="pixelated" `, "data:image/jpg", "data:image/png").Replace(text)
	text = styles.ReplaceAllStringFunc(text, func(s string) string { return attributes(styles.FindStringSubmatch(s)[1]) })
	head := fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" class="figure"%s viewBox="0 0 %g %g" role="img" aria-labelledby="%s-title %s-words" font-family="'Liberation Sans',Arial,Helvetica,sans-serif">`,
		size, float64(Width), float64(Height), f.Name, f.Name)
	return head + fmt.Sprintf(`<title id="%s-title">%s</title><desc id="%s-words">%s</desc>`, f.Name, escaped(f.Title), f.Name, escaped(f.Words+f.Detail)) + "\n" + strings.TrimSpace(text), nil
}

// escaped is a text of any length in XML.
func escaped(text string) string {
	return html.EscapeString(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == 0xfffe || r == 0xffff {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\ufffd")))
}

// attributes turns a style into attributes, and into classes the colours of Rules.
func attributes(style string) string {
	var out, classes []string
	for _, part := range strings.Split(style, ";") {
		name, value, ok := strings.Cut(strings.TrimSpace(part), ":")
		switch {
		case !ok || name == "font-family" || name == "font-variant" || name == "font-weight" || name == "font-style":
			continue
		case name == "font-size":
			value = strings.TrimSuffix(value, "px")
		case themed[value]:
			classes = append(classes, name[:1]+"-"+value[1:])
		}
		out = append(out, fmt.Sprintf(`%s="%s"`, name, value))
	}
	if len(classes) > 0 {
		out = append(out, fmt.Sprintf(`class="%s"`, strings.Join(classes, " ")))
	}
	if len(out) == 0 {
		return ""
	}
	return " " + strings.Join(out, " ")
}
