package report

import (
	"regexp"
	"slices"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"

	"walras/internal/picture"
	"walras/scenarios"
)

// quantileName are statistics that are quantiles, such as inventory_q05.
var quantileName = regexp.MustCompile(`^(.+)_q(\d\d)$`)

// boxed are the probabilities of a box with its whiskers.
var boxed = []int{5, 25, 50, 75, 95}

// spread are the quantiles of a quantity at a time, in the order of boxed.
type spread struct {
	t                 float64
	simulated, theory []float64
}

// quantileBoxes draws every quantity of the market that has quantiles, as boxes with
// theory beside them.
func (r recorded) quantileBoxes(s *scenarios.Scenario) (list []*picture.Figure) {
	var roots []string
	for _, g := range groups(r.statistics) {
		if found := quantileName.FindStringSubmatch(g.name); found != nil {
			r.used[g.name] = true
			if !slices.Contains(roots, found[1]) {
				roots = append(roots, found[1])
			}
		}
	}
	known := map[string]struct{ title, axis, unit string }{
		"inventory": {"Inventory of all makers together", "inventory of all makers", s.Units.Asset}, "mid": {"Mid-quote: the pressure on prices", "mid", s.PriceUnit()},
	}
	for _, root := range roots {
		title, ok := known[root]
		if !ok {
			title.title, title.axis = titleOf(root), words(root)
		}
		if boxes := everyFew(r.spreads(root)); len(boxes) > 0 {
			list = append(list, drawQuantiles("quantiles-"+fileName(root), title.title, r.time, withUnit(title.axis, title.unit), boxes))
		}
	}
	return list
}

// spreads are the times at which all quantiles of a box are known.
func (r recorded) spreads(root string) (list []spread) {
	place := make(map[float64]int)
	for _, row := range r.statistics {
		found := quantileName.FindStringSubmatch(row.name)
		if found == nil || found[1] != root {
			continue
		}
		probability, _ := strconv.Atoi(found[2])
		if !slices.Contains(boxed, probability) {
			continue
		}
		i, ok := place[row.t]
		if !ok {
			i = len(list)
			place[row.t] = i
			list = append(list, spread{t: row.t})
		}
		list[i].simulated, list[i].theory = append(list[i].simulated, row.estimate), append(list[i].theory, row.theory)
	}
	return slices.DeleteFunc(list, func(b spread) bool { return len(b.simulated) != len(boxed) })
}

// everyFew thins a list to as many as a picture has room for, as far from the first as
// from the last: of .01, .02, …, .3 these are .02, .05, …, the times of the talk.
func everyFew(list []spread) (few []spread) {
	every := max(1, (len(list)+mostBoxes-1)/mostBoxes)
	for i := max(0, len(list)-1) % every / 2; i < len(list); i += every {
		few = append(few, list[i])
	}
	return few
}

// drawQuantiles draws boxes of the simulation and marks of theory.
func drawQuantiles(name, title, x, y string, boxes []spread) *picture.Figure {
	p := picture.NewPanel(x, y)
	f := &picture.Figure{Name: name, Title: title, Plot: p,
		Words: "Over all paths: boxes are the quartiles, with the median in them, whiskers reach to the quantiles of 5 and 95 %. Marks across them are the same quantiles by theory."}
	half := 0.3
	if len(boxes) > 1 {
		half *= boxes[1].t - boxes[0].t
	}
	segment := func(x1, y1, x2, y2 float64) plotter.XYs { return plotter.XYs{{X: x1, Y: y1}, {X: x2, Y: y2}} }
	c := hue(0)
	var simulated, marks []plot.Thumbnailer
	for _, b := range boxes {
		s, left, right := b.simulated, b.t-half, b.t+half
		area := &plotter.Polygon{XYs: []plotter.XYs{{{X: left, Y: s[1]}, {X: right, Y: s[1]}, {X: right, Y: s[3]}, {X: left, Y: s[3]}}}}
		area.Color, area.LineStyle.Color, area.LineStyle.Width = picture.Clear(c, 70), c, 0.8
		p.Add(area)
		simulated = []plot.Thumbnailer{area}
		line(p, segment(b.t, s[0], b.t, s[1]), c, 0.8)
		line(p, segment(b.t, s[3], b.t, s[4]), c, 0.8)
		line(p, segment(b.t-half/2, s[0], b.t+half/2, s[0]), c, 0.8)
		line(p, segment(b.t-half/2, s[4], b.t+half/2, s[4]), c, 0.8)
		line(p, segment(left, s[2], right, s[2]), picture.Ink, 1.3)
		for _, v := range b.theory {
			if mark := line(p, segment(b.t-1.35*half, v, b.t+1.35*half, v), hue(3), 0.9); len(mark) > 0 {
				marks = mark
			}
		}
	}
	f.Tell("simulated", simulated...)
	f.Tell("theory", marks...)
	margin(p)
	return f
}
