package report

import (
	"encoding/json"
	"fmt"
	"html/template"
	"strings"

	"walras/internal/numeral"
	"walras/output"
	"walras/scenarios"
)

// htmlOf is an SVG element that package picture has written, and escaped.
func htmlOf(svg string) template.HTML { return template.HTML(svg) }

// filesTable lists the tables of the directory.
func filesTable(m *output.Manifest) table {
	t := table{Caption: "Files", Head: []cell{{Text: "file"}, num("rows"), num("bytes"), {Text: "SHA-256"}}}
	for _, f := range m.Files {
		t.Rows = append(t.Rows, []cell{{Text: f.Name}, num(numeral.Grouped(f.Rows)), num(numeral.Grouped(f.Bytes)), {Text: f.SHA256}})
	}
	return t
}

// scenarioPart says in words what is played, and in tables by whom and with what
// numbers.
func (d *directory) scenarioPart() (part, error) {
	s := d.scenario
	p := part{ID: "scenario", Title: "The scenario", Text: describe(s)}
	all, err := members(d.manifest.Scenario)
	if err != nil {
		return p, err
	}
	parameters := table{Caption: "Parameters"}
	for _, m := range all {
		switch m.key {
		case "schema", "name", "title", "agents", "units", "sweep":
			if m.key != "agents" {
				continue
			}
			var list []json.RawMessage
			if err := json.Unmarshal(m.value, &list); err != nil {
				return p, err
			}
			agents, err := agentsTable(s, list)
			if err != nil {
				return p, err
			}
			p.Tables = append(p.Tables, agents)
		default:
			rows, err := keyRows(s, m.key, m.value)
			if err != nil {
				return p, err
			}
			parameters.Rows = append(parameters.Rows, rows...)
		}
	}
	p.Tables = append(p.Tables, parameters)
	return p, nil
}

// keyRows are the keys below a key, each with its value and unit.
func keyRows(s *scenarios.Scenario, key string, value json.RawMessage) ([][]cell, error) {
	if !isObject(value) {
		v := plain(value)
		v.Number = false // numbers and words share a column
		if name := unit(s, keyUnits[key]); name != "" {
			v.Text += " " + strings.Replace(name, "1/", "per ", 1)
		}
		return [][]cell{{{Text: key}, v}}, nil
	}
	below, err := members(value)
	if err != nil {
		return nil, err
	}
	var rows [][]cell
	for _, m := range below {
		more, err := keyRows(s, key+"."+m.key, m.value)
		if err != nil {
			return nil, err
		}
		rows = append(rows, more...)
	}
	return rows, nil
}

// describe says what the market is and what is played in it.
func describe(s *scenarios.Scenario) []string {
	list := []string{marketWords(s)}
	if p := s.Poisson(); p != nil {
		list = append(list, arrivalWords(s, p))
	}
	if s.Market == scenarios.MarketCournot {
		for i := range s.Agents {
			if text := orderWords(s, &s.Agents[i]); text != "" {
				list = append(list, text)
			}
		}
	}
	list = append(list, policyWords(s))
	if u := s.Units; u != (scenarios.Units{}) {
		var names []string
		money := "money"
		if s.Market == scenarios.MarketCournot {
			money = "prices"
		}
		for _, unit := range []struct{ what, name string }{{"time", u.Time}, {money, u.Money}, {"the asset", u.Asset}} {
			if unit.name != "" {
				names = append(names, unit.what+" in "+unit.name)
			}
		}
		list = append(list, "Units: "+strings.Join(names, ", ")+".")
	}
	for _, a := range s.Agents {
		if a.Deviation != nil {
			list = append(list, fmt.Sprintf("%s leaves its policy; the others keep theirs.", a.Name))
		}
	}
	return list
}

func marketWords(s *scenarios.Scenario) string {
	every := fmt.Sprintf("every %s until time %s", numeral.Brief(s.Clock.Step), numeral.Brief(s.Clock.Horizon))
	switch s.Market {
	case scenarios.MarketDoubleAuction:
		return fmt.Sprintf("%s in a conditional double auction, held %s. Each submits a schedule: how much it sells at which price, given what the others sell; the auction finds the price at which all of it adds up to zero. "+
			"Holding an inventory is costly, and everybody knows that trades move the price. Prices are deviations from the fundamental value.", plural(s.TotalMembers(), "agent trades", "agents trade"), every)
	case scenarios.MarketAlmgrenChriss:
		return fmt.Sprintf("A seller liquidates an order in a market whose price impact is given, at auctions held %s.", every)
	case scenarios.MarketCournot:
		return fmt.Sprintf("Market makers quote a bid and an ask to investors, in Cournot competition, and meet large orders if there are any; the market is followed %s. Makers dislike inventory. Prices are relative to the fundamental value.", every)
	}
	return fmt.Sprintf("The market is a %s, followed %s.", words(s.Market), every)
}

func policyWords(s *scenarios.Scenario) string {
	played := map[string]string{
		scenarios.PolicyDiscrete:   "What is played is exact for these auctions: the equilibrium of the discrete-time game.",
		scenarios.PolicyContinuous: "What is played is the policy of continuous time, on this grid.",
		scenarios.PolicyEvent:      "Time is continuous: investors come, and orders end, at exact times (clock.policy: event). The step is that of the records alone.",
	}[s.Clock.Policy]
	if s.Poisson() != nil && s.Clock.Policy == scenarios.PolicyDiscrete {
		played = "Time goes in steps (clock.policy: discrete): in each at most one investor comes, and what is played is the exact equilibrium of this discrete-time game."
	}
	if s.Market == scenarios.MarketAlmgrenChriss {
		played = "The order's strategy: " + words(s.Agents[0].Strategy) + "."
	}
	if played == "" {
		played = "The clock's policy: " + words(s.Clock.Policy) + "."
	}
	if s.Solution != "" {
		played += " Solution concept: " + words(s.Solution) + "."
	}
	return played + fmt.Sprintf(" %s, seed %d.", numeral.Counted(s.MonteCarlo.Paths, "path"), s.MonteCarlo.Seed)
}

// plural is a number with the word for one or for several.
func plural(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return numeral.Grouped(n) + " " + many
}
