package report

import (
	"fmt"
	"strings"

	"walras/internal/numeral"
	"walras/scenarios"
)

// arrivalWords says how investors come, and what each trades.
func arrivalWords(s *scenarios.Scenario, p *scenarios.Arrivals) string {
	of := func(word string) string {
		if word == "" {
			return "unit of time"
		}
		return word
	}
	return fmt.Sprintf("Investors come one at a time, by independent Poisson processes: per %s %s buyers and %s sellers on average. "+
		"A buyer who comes takes c(ω − a) at the ask a, a seller gives c(ω + b) at the bid b, with c = %s%s and the reservation value ω. They trade at the quotes that they find.",
		of(s.Units.Time), numeral.Brief(p.BuyRate), numeral.Brief(p.SellRate), numeral.Brief(p.Size), behind(unit(s, "asset/price")))
}

// behind is a unit after its number.
func behind(unit string) string {
	if unit == "" {
		return ""
	}
	return " " + unit
}

// orderWords says how a large order trades and what makers know of its end; nothing of
// other agents.
func orderWords(s *scenarios.Scenario, a *scenarios.Agent) string {
	verb := map[string]string{scenarios.KindLargeSeller: "sells", scenarios.KindLargeBuyer: "buys"}[a.Kind]
	if verb == "" {
		return ""
	}
	text := a.Name + " " + verb
	if a.Rate > 0 {
		text += fmt.Sprintf(" at the rate %s%s", numeral.Brief(a.Rate), behind(unit(s, "asset/time")))
	}
	time := behind(s.Units.Time)
	switch {
	case a.Random != nil:
		text += fmt.Sprintf(" for a random time: %s%s.", lawWords(a.Random), time)
	case a.Schedule != nil:
		text += " on a schedule."
	case a.Duration > 0:
		text += fmt.Sprintf(" for the time %s%s.", numeral.Brief(a.Duration), time)
	default:
		text += "."
	}
	switch d := a.Disclosure; {
	case d.Kind == scenarios.DisclosureStealth:
		text += " It hides when it will stop (stealth): makers know the law of the duration, and see that it still trades."
	case d.Kind == scenarios.DisclosureDetected:
		text += fmt.Sprintf(" Makers detect it after %s%s.", numeral.Brief(d.After), time)
	case a.Random != nil:
		text += " It announces at time 0 when it will stop (sunshine)."
	default:
		text += " Makers know all of it from time 0 on (sunshine)."
	}
	return text
}

// lawWords names the law of a duration.
func lawWords(d *scenarios.RandomDuration) string {
	mean := numeral.Brief(d.Mean)
	switch {
	case d.Exponential():
		return "exponential, of mean " + mean
	case d.Mixture == nil:
		return fmt.Sprintf("the sum of %d exponential times (Erlang), of mean %s", d.Stages, mean)
	}
	var parts []string
	for _, w := range d.Mixture {
		parts = append(parts, fmt.Sprintf("mean %s with probability %s", numeral.Brief(w.Mean), numeral.Brief(w.Weight)))
	}
	return fmt.Sprintf("one of several exponential times (hyperexponential), %s; of mean %s", strings.Join(parts, ", "), mean)
}

// particular are the cells of keys that are no number and no word, in words.
func particular(a *scenarios.Agent) map[string]string {
	cells := make(map[string]string)
	if p := a.Arrivals; p != nil {
		cells["arrivals"] = fmt.Sprintf("%s buyers, %s sellers, size %s", numeral.Brief(p.BuyRate), numeral.Brief(p.SellRate), numeral.Brief(p.Size))
	}
	if a.Random != nil {
		cells["duration"] = lawWords(a.Random)
	}
	if a.Disclosure.Kind == scenarios.DisclosureDetected {
		cells["disclosure"] = fmt.Sprintf("detected after %s, before: %s", numeral.Brief(a.Disclosure.After), words(a.Disclosure.Before))
	}
	return cells
}
