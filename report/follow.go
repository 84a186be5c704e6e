package report

import (
	"fmt"
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg/draw"

	"walras/internal/numeral"
	"walras/internal/picture"
)

// marks are those of buyers and of sellers.
var marks = [2]draw.GlyphDrawer{draw.BoxGlyph{}, draw.PyramidGlyph{}}

// who says who comes.
func (f *followed) who() (text string, sellers, buyers plotter.XYs) {
	for _, one := range f.investors {
		at := plotter.XY{X: one.t, Y: one.price}
		if one.buys {
			buyers = append(buyers, at)
		} else {
			sellers = append(sellers, at)
		}
	}
	text = fmt.Sprintf("Path %d until t = %s: %s and %s come", f.number, numeral.Brief(f.end),
		plural(int64(len(buyers)), "buyer", "buyers"), plural(int64(len(sellers)), "seller", "sellers"))
	if len(f.investors) == mostInvestors {
		text += fmt.Sprintf("; these %d investors are the first of more", mostInvestors)
	}
	return text, sellers, buyers
}

// drawQuotes draws the quotes that investors found.
func (f *followed) drawQuotes() *picture.Figure {
	p := picture.NewPanel(f.r.time, withUnit("price", f.s.PriceUnit()))
	text, sellers, buyers := f.who()
	out := &picture.Figure{Name: fmt.Sprintf("path-%d-quotes", f.number), Title: fmt.Sprintf("Path %d: quotes", f.number), Plot: p,
		Words: text + ". Steps are the quotes that recorded moments and investors show."}
	for side, name := range []string{"bid", "ask"} {
		c := hue(3 * side)
		out.Tell(name, steps(out, f.quotes[side], c)...)
	}
	out.Tell("sellers", scatter(p, sellers, hue(0), marks[0], 2.4)...)
	out.Tell("buyers", scatter(p, buyers, hue(3), marks[1], 2.4)...)
	margin(p)
	return out
}

// drawInventory draws what all makers hold.
func (f *followed) drawInventory() *picture.Figure {
	p := picture.NewPanel(f.r.time, withUnit("inventory of all makers", f.s.Units.Asset))
	text, _, _ := f.who()
	last := f.stock[len(f.stock)-1].Y
	out := &picture.Figure{Name: fmt.Sprintf("path-%d-inventory", f.number), Title: fmt.Sprintf("Path %d: inventory of all makers", f.number), Plot: p,
		Words: text + fmt.Sprintf(". In the end makers hold %s together.", numeral.Brief(last))}
	line(p, f.stock, picture.Ink, 0.9)
	var after [2]plotter.XYs // sellers, buyers
	k := 0
	for _, one := range f.investors {
		for f.stock[k].X < one.t {
			k++
		}
		side := 0
		if one.buys {
			side = 1
		}
		after[side] = append(after[side], f.stock[k+1])
		k += 2
	}
	out.Tell("sellers", scatter(p, after[0], hue(0), marks[0], 2.4)...)
	out.Tell("buyers", scatter(p, after[1], hue(3), marks[1], 2.4)...)
	margin(p)
	return out
}

// steps draws values that held since the one before.
func steps(f *picture.Figure, xys plotter.XYs, c color.Color) []plot.Thumbnailer {
	var list plotter.XYs
	for i, v := range xys {
		if i > 0 {
			list = append(list, plotter.XY{X: xys[i-1].X, Y: v.Y})
		}
		list = append(list, v)
	}
	return line(f.Plot, list, c, 0.9)
}
