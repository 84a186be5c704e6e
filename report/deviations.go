package report

import (
	"context"
	"fmt"
	"math"

	"walras/experiment"
	"walras/internal/numeral"
	"walras/scenarios"
)

// Limits of the deviation lab on a page, which is to be there at once.
const (
	labPaths   = 256
	labMembers = 20  // of a double auction; best responses of more take long
	labTime    = 0.8 // seconds of a core, about
)

// deviationPart plays the deviation lab on a few paths of the run's seed, where that
// takes no time to speak of, and says how to play it on more.
func (d *directory) deviationPart() part {
	p := part{ID: "deviations", Title: "What an agent gains by leaving its policy"}
	s := *d.scenario
	s.MonteCarlo.Paths = min(s.MonteCarlo.Paths, labPaths)
	if why := experiment.Undeviated(&s); why != "" {
		p.Text = append(p.Text, sentence(why))
		return p
	}
	if labWork(&s) > labTime {
		p.Text = append(p.Text, "One agent after another leaves its policy, everybody else's unchanged. In this market that takes too long for a page.")
		p.labCode("")
		return p
	}
	var err error
	if s.Market == scenarios.MarketCournot && s.Poisson() == nil {
		err = p.makersLab(&s)
	} else {
		err = p.lab(&s)
	}
	if err != nil { // what the lab refuses is no reason to have no page
		p.Text = append(p.Text, "The deviation lab does not play this market: "+err.Error()+".")
	}
	return p
}

// labWork is about how many seconds of a core the lab takes for its paths, +Inf
// where it takes long however few they are; the factors are measured.
func labWork(s *scenarios.Scenario) float64 {
	agents, members, steps := float64(len(s.Agents)), float64(s.TotalMembers()), float64(s.Clock.Steps())
	runs := 1 + 5*agents
	if a := s.Poisson(); a != nil {
		for _, order := range s.Agents {
			hidden := order.Disclosure.Kind == scenarios.DisclosureStealth
			if law := order.Random; law != nil && !(hidden && law.Exponential()) {
				return math.Inf(1) // seconds for values of every stage, or of every time that can be drawn
			}
		}
		return runs * labPaths * ((a.BuyRate+a.SellRate)*s.Clock.Horizon + steps) * 6e-7
	}
	switch {
	case s.Market == scenarios.MarketCournot: // nothing is random: one path
		return runs * steps * members * 7e-7
	case members > labMembers:
		return math.Inf(1)
	}
	return runs * labPaths * steps * members * members * 5e-9
}

// lab shows the gains in a market that is random.
func (p *part) lab(s *scenarios.Scenario) error {
	lab := experiment.Deviate
	if s.Poisson() != nil {
		lab = experiment.DeviateArrivals
	}
	out, err := lab(context.Background(), s, experiment.LabOptions{Workers: 1})
	if err != nil {
		return err
	}
	t := table{Caption: withUnit("Gains in welfare", s.ValueUnit()), Head: append([]cell{{Text: "agent"}, {Text: "deviation"}},
		num("gain"), num("± s.e."), num("exact gain"), num("z"), cell{Text: "theory forbids a gain"})}
	var sizes []float64
	for _, r := range out.Rows {
		sizes = append(sizes, math.Abs(r.Exact))
	}
	for _, r := range out.Rows {
		row := []cell{{Text: r.Agent}, {Text: r.Deviation}}
		r.Gain, r.Exact = rounded(r.Gain, sizes), rounded(r.Exact, sizes)
		if r.N == 0 {
			row = append(row, num(""), num(""), num(""), num(""), forbidden(r.Loses, r.Passed, r.Note))
		} else {
			cells := statistic{estimate: r.Gain, spread: r.StdError, theory: r.Exact, z: r.Z}.cells()
			if math.IsNaN(r.StdError) { // a single path
				cells[3] = num("")
			}
			row = append(append(row, cells...), forbidden(r.Loses, r.Passed, r.Note))
		}
		t.Rows = append(t.Rows, row)
	}
	p.Text = append(p.Text, fmt.Sprintf("One agent after another leaves its policy, in its own way or in each of a standard set, everybody else's policies and random streams unchanged: of a type its first member. The gain is that on %s of the run's seed, against the same paths without deviation; beside it stands the exact gain.",
		plural(s.MonteCarlo.Paths, "path", "paths")))
	p.Tables = append(p.Tables, t)
	p.labCode(" --paths 10000")
	return nil
}

// makersLab shows the gains in a market of makers in which nothing is random.
func (p *part) makersLab(s *scenarios.Scenario) error {
	out, err := experiment.DeviateMakers(context.Background(), s)
	if err != nil {
		return err
	}
	t := table{Caption: withUnit("Gains in welfare", s.ValueUnit()), Head: append([]cell{{Text: "agent"}, {Text: "deviation"}},
		num("gain"), num("exact gain"), num("% of orders"), num("exact in continuous time"), cell{Text: "theory forbids a gain"})}
	for _, r := range out.Rows {
		row := []cell{{Text: r.Agent}, {Text: r.Deviation}}
		if r.Note != "" && r.Passed {
			row = append(row, num(""), num(""), num(""), num(""))
		} else {
			row = append(row, num(numeral.Brief(r.Gain)), num(numeral.Brief(r.Exact)), num(numeral.Brief(r.Percent)), num(numeral.Brief(r.Continuous)))
		}
		t.Rows = append(t.Rows, append(row, forbidden(r.Loses, r.Passed, r.Note)))
	}
	p.Text = append(p.Text, "One agent after another leaves its policy, in its own way or in each of a standard set, everybody else's policies unchanged: of a type its first member. At relative prices nothing is random, one path tells all, and the gain has no standard error. Per cent are of what the large orders are worth to that maker when nobody deviates.")
	p.Tables = append(p.Tables, t)
	p.labCode("")
	return nil
}

// rounded is 0 for what is left of a gain of nothing.
func rounded(gain float64, sizes []float64) float64 {
	if math.Abs(gain) < 1e-12*most(sizes...) {
		return 0
	}
	return gain
}

// forbidden says whether theory forbids a gain, and why a row has no numbers or fails.
func forbidden(loses, passed bool, note string) cell {
	c := cell{Text: "no", Failed: !passed}
	if loses {
		c.Text = "yes"
	}
	if !passed {
		c.Text += ", FAILED"
	}
	if note != "" {
		c.Text += "; " + note
	}
	return c
}

// labCode is the command of the lab.
func (p *part) labCode(more string) {
	words := "The lab on more paths, and with what it judges:"
	if more == "" {
		words = "The lab as a command:"
	}
	p.Code = append(p.Code, code{words, resolved + "sim deviate scenario.json" + more})
}
