package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"

	"walras/internal/numeral"
	"walras/internal/picture"
	"walras/scenarios"
)

// Limits of the pictures of a sweep; all numbers are in the table.
const (
	mostCurves = 12 // figures of a sweep in one dimension
	mostMaps   = 6  // in two
	mostLines  = 7  // of a figure
	fewValues  = 4  // an axis of so many is shown as lines, not as a map
)

// preferred are the results that are drawn before all others.
var preferred = []string{"order.average_impact", "total_welfare", "speed"}

// curve is a result, or the same of several agents, over one axis.
type curve struct {
	title string
	unit  string
	lines []sweptLine
}

// sweptLine are the points of one result.
type sweptLine struct {
	label            string
	at               []int // of the axis
	values           []float64
	spreads, closeds []float64 // standard error and closed form of an estimate; nil of others
}

// figures draws what a page can show, and says what it does not.
func (s *surface) figures() (list []*picture.Figure, remark string) {
	names := s.drawable()
	switch {
	case len(names) == 0:
		return nil, "No result differs between points: there is nothing to draw."
	case len(s.axes) == 1:
		curves := s.curves(names)
		for _, c := range curves[:min(len(curves), mostCurves)] {
			list = append(list, drawCurve(len(list), s.axes[0], c))
		}
		if n := len(curves) - len(list); n > 0 {
			remark = fmt.Sprintf("%d more results are in the table.", n)
		}
		return list, remark
	case len(s.axes) > 2:
		return nil, "A sweep over more than two keys has no picture; the table has all its points."
	}
	for _, name := range names[:min(len(names), mostMaps)] {
		list = append(list, s.inTwo(len(list), name))
	}
	if n := len(names) - len(list); n > 0 {
		remark = fmt.Sprintf("%d more results are in the table.", n)
	}
	return list, remark
}

// drawable are the results that differ between points and are no axis themselves, nor
// the judgement of another, the preferred first.
func (s *surface) drawable() []string {
	var names []string
	for _, name := range s.names {
		belongs := strings.HasSuffix(name, ".std_error") || strings.HasSuffix(name, ".analytic") || strings.HasSuffix(name, ".z")
		if s.judged && belongs || name == "residual" || s.flat(name) || s.isAxis(name) {
			continue
		}
		names = append(names, name)
	}
	rank := func(name string) int {
		if i := slices.Index(preferred, name); i >= 0 {
			return i
		}
		return len(preferred)
	}
	slices.SortStableFunc(names, func(a, b string) int { return rank(a) - rank(b) })
	return names
}

// flat tells results that are the same everywhere, up to rounding.
func (s *surface) flat(name string) bool {
	low, high, n := math.Inf(1), math.Inf(-1), 0
	for _, v := range s.results[name] {
		if !math.IsNaN(v) {
			low, high, n = min(low, v), max(high, v), n+1
		}
	}
	return n < 2 || high-low <= 1e-12*max(math.Abs(low), math.Abs(high))
}

func (s *surface) isAxis(name string) bool {
	return slices.ContainsFunc(s.axes, func(a axis) bool {
		for i, v := range s.results[name] {
			if at := a.values[a.at[i]]; at.Word != "" || at.Number != v {
				return false
			}
		}
		return true
	})
}

// curves collects the results of agents that have one name.
func (s *surface) curves(names []string) []curve {
	var list []curve
	place := make(map[string]int)
	for _, name := range names {
		title, agent := name, ""
		estimate := s.judged && strings.HasSuffix(name, ".estimate")
		if estimate {
			title = strings.TrimSuffix(title, ".estimate")
		}
		title, agent = ofAgent(title)
		if strings.HasPrefix(title, "order") && agent != "" { // numbers of an order have units of their own
			title, agent = title+"."+agent, ""
		}
		key := title
		if estimate {
			title += ", estimated"
			key = title
		}
		i, ok := place[key]
		if !ok || agent == "" || len(list[i].lines) == mostLines {
			i = len(list)
			place[key] = i
			list = append(list, curve{title: title, unit: s.units[name]})
		}
		l := sweptLine{label: agent, at: s.axes[0].at, values: s.results[name]}
		if estimate {
			root := strings.TrimSuffix(name, "estimate")
			l.spreads, l.closeds = s.results[root+"std_error"], s.results[root+"analytic"]
		}
		list[i].lines = append(list[i].lines, l)
	}
	return list
}

// ofAgent parts the name of a result from the agent behind it, which stands in
// quotes if it has a dot.
func ofAgent(name string) (title, agent string) {
	if at := strings.Index(name, `."`); at >= 0 && strings.HasSuffix(name, `"`) {
		return name[:at], name[at+2 : len(name)-1]
	}
	if at := strings.LastIndex(name, "."); at >= 0 {
		return name[:at], name[at+1:]
	}
	return name, ""
}

// scale puts the values of an axis on a line: as they are; by their logarithm where
// they have equal ratios; one after the other where they are words.
func (a axis) scale(p *plot.Plot) func(i int) float64 {
	at := func(i int) float64 { return a.values[i].Number }
	switch {
	case a.worded():
		at = func(i int) float64 { return float64(i) }
		p.X.Min, p.X.Max = -0.4, float64(len(a.values))-0.6
	case a.logarithmic():
		at = func(i int) float64 { return math.Log10(a.values[i].Number) }
	default:
		p.X.Tick.Marker = plot.TickerFunc(compactTicks)
		return at
	}
	p.X.Tick.Marker = a.labels(at)
	return at
}

// labels are marks at the values of the axis, at most six.
func (a axis) labels(at func(int) float64) plot.ConstantTicks {
	var list plot.ConstantTicks
	every := max(1, (len(a.values)+5)/6)
	for i, v := range a.values {
		switch {
		case i%every == 0:
			list = append(list, plot.Tick{Value: at(i), Label: axisLabel(v)})
		case every <= 2:
			list = append(list, plot.Tick{Value: at(i)})
		}
	}
	return list
}

// axisLabel is a value in as few characters as tell it.
func axisLabel(v scenarios.Value) string {
	if v.Word != "" {
		return v.Word
	}
	return compact(v.Number)
}

// compact writes three digits, thousands and millions by a letter.
func compact(v float64) string {
	letter := ""
	switch size := math.Abs(v); {
	case size >= 1e10:
	case size >= 1e6:
		v, letter = v/1e6, "M"
	case size >= 1e4:
		v, letter = v/1e3, "k"
	case size >= 1e3:
		return strings.Replace(fmt.Sprintf("%.4g", v), "-", "−", 1)
	}
	return strings.Replace(fmt.Sprintf("%.3g", v), "-", "−", 1) + letter
}

// compactTicks are the common ones with compact labels.
func compactTicks(low, high float64) []plot.Tick {
	list := picture.Ticks(low, high)
	for i := range list {
		list[i].Label = compact(list[i].Value)
	}
	return list
}

func (a axis) logarithmic() bool {
	v := a.values
	if len(v) < 3 || v[0].Number <= 0 || v[1].Number == v[0].Number {
		return false
	}
	ratio := v[1].Number / v[0].Number
	for i := 2; i < len(v); i++ {
		if math.Abs(v[i].Number/v[i-1].Number/ratio-1) > 1e-6 {
			return false
		}
	}
	return true
}

// drawCurve draws results over one axis: estimates as dots on their closed form.
func drawCurve(number int, a axis, c curve) *picture.Figure {
	p := picture.NewPanel(a.key, withUnit(words(c.title), c.unit))
	f := &picture.Figure{Name: fmt.Sprintf("sweep-%d", number+1), Title: words(c.title), Plot: p}
	p.Y.Tick.Marker = plot.TickerFunc(compactTicks)
	at := a.scale(p)
	for i, l := range c.lines {
		var xys, closed plotter.XYs
		var rows []statistic
		for k, v := range l.values {
			x := at(l.at[k])
			xys = append(xys, plotter.XY{X: x, Y: v})
			if l.spreads != nil && !math.IsNaN(v) {
				rows = append(rows, statistic{t: x, estimate: v, spread: l.spreads[k]})
				closed = append(closed, plotter.XY{X: x, Y: l.closeds[k]})
			}
		}
		thumbs := line(p, closed, hue(i), 1.1)
		if l.spreads != nil {
			thumbs = append(thumbs, estimates(p, rows, hue(i), sign(i))...)
		} else {
			if !a.worded() { // nothing is between words
				thumbs = line(p, xys, hue(i), 1.2)
			}
			thumbs = append(thumbs, scatter(p, known(xys), hue(i), sign(i), 1.8)...)
		}
		if len(c.lines) > 1 {
			f.Tell(l.label, thumbs...)
		}
	}
	f.Words = fmt.Sprintf("Over %s.%s", a.key, span(c.lines))
	if c.lines[0].spreads != nil {
		f.Words += " Dots are estimates with two standard errors, lines theory."
	}
	margin(p)
	return f
}

// known are the points with a value.
func known(xys plotter.XYs) plotter.XYs {
	return slices.DeleteFunc(slices.Clone(xys), func(v plotter.XY) bool { return math.IsNaN(v.Y) })
}

// span says between which values lines are.
func span(lines []sweptLine) string {
	low, high := math.Inf(1), math.Inf(-1)
	for _, l := range lines {
		for _, v := range l.values {
			if !math.IsNaN(v) {
				low, high = min(low, v), max(high, v)
			}
		}
	}
	if low > high {
		return ""
	}
	return fmt.Sprintf(" Between %s and %s.", numeral.Brief(low), numeral.Brief(high))
}
