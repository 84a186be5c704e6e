package report

import (
	"strings"

	"walras/internal/picture"
)

// titles are what statistics are called whose names do not say it.
var titles = map[string]string{
	"active": "Probability that an order still trades", "price_change_mean": "Mean change of the price",
	"inventory_moment3": "Third moment of the inventory", "inventory_moment4": "Fourth moment of the inventory",
}

// titleOf is what a statistic is called on the page.
func titleOf(name string) string {
	if title, ok := titles[name]; ok {
		return title
	}
	for ending, of := range map[string]string{"_mean": "Mean of the ", "_variance": "Variance of the ", "_covariance": "Covariance of the "} {
		if root, ok := strings.CutSuffix(name, ending); ok {
			return of + words(root)
		}
	}
	text := words(name)
	return strings.ToUpper(text[:min(1, len(text))]) + text[min(1, len(text)):]
}

// fileName is a name of a table as a file and an id are called.
func fileName(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, name)
}

// overTime draws every other statistic over time, beside theory.
func (d *directory) overTime(r recorded) (fold, error) {
	out := fold{Summary: "Other statistics over time"}
	shown := append([]string{""}, representatives(d.scenario)...)
	var figures []*picture.Figure
	for _, g := range groups(r.statistics) {
		if r.used[g.name] {
			continue
		}
		var list []named
		for _, agent := range shown[:min(len(shown), mostShown)] {
			if rows := series(g.rows, g.name, agent); len(rows) > 1 {
				list = append(list, named{agent, rows})
			}
		}
		if len(list) > 0 {
			figures = append(figures, drawSeries(fileName(g.name), titleOf(g.name), r.time, list))
		}
	}
	var err error
	out.Figures, err = d.draw(figures...)
	return out, err
}

// named are the rows of an agent.
type named struct {
	agent string
	rows  []statistic
}

// drawSeries draws estimates of a statistic over time on its theory.
func drawSeries(name, title, x string, list []named) *picture.Figure {
	p := picture.NewPanel(x, title)
	f := &picture.Figure{Name: name, Title: title, Plot: p, Words: "Estimates with bars of two standard errors; lines are theory."}
	for i, one := range list {
		thumbs := line(p, theory(one.rows), hue(i), 1.1)
		thumbs = append(thumbs, estimates(p, one.rows, hue(i), sign(i))...)
		label := one.agent
		if label == "" {
			label = "market"
		}
		if len(list) > 1 {
			f.Tell(label, thumbs...)
		}
	}
	margin(p)
	return f
}
