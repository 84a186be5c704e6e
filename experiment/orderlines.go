package experiment

import (
	"fmt"

	"walras/internal/numeral"
)

// random tells orders that end at random.
func (o *OrderSolution) random() bool { return o.ArrivalOrder != nil && o.Compared != nil }

// Words says what an order does.
func (o *OrderSolution) Words() string {
	verb := "sells"
	if o.Side == "buy" {
		verb = "buys"
	}
	if o.random() {
		return fmt.Sprintf("%s %s at rate %s until it stops at random, mean %s (expected size %s): %s",
			o.Agent, verb, numeral.Brief(*o.Rate), numeral.Brief(*o.Duration), numeral.Brief(o.Size), o.Disclosure)
	}
	text := fmt.Sprintf("%s %s %s", o.Agent, verb, numeral.Brief(o.Size))
	if o.Rate != nil {
		text += " at rate " + numeral.Brief(*o.Rate)
	}
	if o.Duration != nil {
		text += " in " + numeral.Brief(*o.Duration)
	}
	return text
}

// LineGroup are numbers that belong together.
type LineGroup struct {
	Title string
	Lines []Line
}

// Names of two numbers that an order has alone and in a comparison.
const (
	linearName = "P: proceeds per rate, of a small order"
	squareName = "Q: what a squared rate costs"
)

// Groups are the numbers of an order: what it gets, what the others do, and what it
// might have done. Those that it has not are left out.
func (o *OrderSolution) Groups() []LineGroup {
	var own, others, rates lines
	own.add("proceeds over the reservation value", o.Proceeds)
	own.fixed("shortfall per unit", &o.Shortfall)
	own.fixed("average impact, discounted", o.Impact)
	own.fixed("average impact, undiscounted", o.Sum)
	best := "optimal rate in this time"
	if o.random() {
		best = "optimal rate"
	} else { // else they stand in the comparison
		own.optional(linearName, o.P)
		own.optional(squareName, o.Q)
	}
	others = append(others, Line{"gain of a maker from all orders", OfMakers(o.Maker)})
	others.add("gain of investors from all orders", o.Investors)
	rates.optional(best, o.Best)
	rates.optional("minimum duration of this size", o.Shortest)
	rates.optional("investors gain above the rate", o.Threshold)
	rates.optional("demand is linear up to the rate", o.Valid)
	if a := o.ArrivalOrder; a != nil {
		rates.optional("most that any rate brings", a.Most)
		rates.optional("nothing is gained from the rate", a.BreakEven)
		rates.optional("makers lose above the rate", a.Lose)
		rates.optional("quotes revert before the end if it lasts longer than", a.Reversal)
	}
	return []LineGroup{{"what it gets", own}, {"what others gain", others}, {"other rates and durations", rates}}
}

// Names of the rows of a comparison: a number under stealth, under sunshine, and the
// difference.
var comparedNames = []string{linearName, squareName, "proceeds over the reservation value", "gain of a maker", "gain of investors"}

// ComparedLine is a number of an order that is hidden and of one that is announced.
type ComparedLine struct{ Name, Stealth, Sunshine, Difference string }

// ComparisonTitle says what Lines of a comparison are.
const ComparisonTitle = "the same rate and law of the duration, hidden and announced"

// Lines puts a hidden order beside an announced one.
func (c *Comparison) Lines() []ComparedLine {
	numbers := func(d Disclosed) []float64 { return []float64{d.P, d.Q, d.Proceeds, d.Maker, d.Investors} }
	hidden, known := numbers(c.Stealth), numbers(c.Sunshine)
	var list []ComparedLine
	for i, name := range comparedNames {
		list = append(list, ComparedLine{name, numeral.Brief(hidden[i]), numeral.Brief(known[i]), numeral.Brief(hidden[i] - known[i])})
	}
	return list
}

// Words says what hiding costs.
func (c *Comparison) Words() string {
	return "hiding costs the order f²(Q̃ − E Q) = " + numeral.Brief(c.Cost)
}

// Words is condition (*).
func (m *MakersCondition) Words() string {
	return fmt.Sprintf("makers gain from an order at any rate if %s > 0: %s", numeral.Brief(m.Left), Yes(m.Holds))
}

// Words says which sufficient conditions hold.
func (c Conditions) Words() string {
	return fmt.Sprintf("sufficient conditions: stable %s, second order %s, acceptable %s", Yes(c.Stable), Yes(c.SecondOrder), Yes(c.Acceptable))
}

// Words says what the makers' and investors' gains and the orders' proceeds are in the
// game of auctions.
func (d *DiscreteMakers) Words() string {
	text := fmt.Sprintf("exact discrete-time game at step %s: gain of a maker %s, of investors %s", numeral.Brief(d.Step), OfMakers(d.Maker), numeral.Brief(d.Investors))
	for _, o := range d.Orders {
		text += fmt.Sprintf("; proceeds of %s %s", o.Agent, numeral.Brief(o.Proceeds))
	}
	return text
}

// Yes is a condition that holds, or does not.
func Yes(ok bool) string {
	if ok {
		return "yes"
	}
	return "NO"
}
