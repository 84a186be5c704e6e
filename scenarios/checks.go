package scenarios

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
)

// commonChecks are the rules of every market.
var commonChecks = []check{checkGrid, checkAgentNames, checkPairs, checkWork, checkRows}

// checkGrid: the horizon is a multiple of the step, but for rounding.
func checkGrid(c *checker, s *Scenario) {
	const step, horizon = "clock.step", "clock.horizon"
	if !c.usable(step, horizon) {
		return
	}
	k := s.Clock.Horizon / s.Clock.Step
	switch whole := math.Round(k); {
	case k > maxSteps+0.5:
		c.reportAt(step, fmt.Sprintf("%.6g steps (horizon %s / step %s), the limit is %d", k, shortest(s.Clock.Horizon), shortest(s.Clock.Step), maxSteps),
			"take a longer step or a shorter horizon")
	case whole < 1 || math.Abs(k-whole) > 1e-9*k:
		c.offGrid(s, step, horizon, nearHorizons(k, s.Clock.Step))
	default:
		return
	}
	c.spoil(step)
}

// offGrid points at the horizon, unless it was a flag that changed the step.
func (c *checker) offGrid(s *Scenario, step, horizon, hint string) {
	if c.at(step).at.line == 0 && c.at(horizon).at.line > 0 {
		c.reportAt(step, fmt.Sprintf("got %s, but the horizon %s is not a multiple of it", shortest(s.Clock.Step), shortest(s.Clock.Horizon)), hint)
		return
	}
	c.want(c.at(horizon), horizon, "a multiple of the step "+shortest(s.Clock.Step), hint)
}

func nearHorizons(k, step float64) string {
	multiple := func(n float64) string { return strconv.FormatFloat(n*step, 'g', 12, 64) }
	if k < 1 {
		return "the nearest horizon is " + multiple(1)
	}
	return "the nearest horizons are " + multiple(math.Floor(k)) + " and " + multiple(math.Ceil(k))
}

// memberName splits "maker[3]" into the type and the number of the member, and
// "maker[2..3]", which names a group of members, into the type and the last.
var memberName = regexp.MustCompile(`^(.*)\[(?:2\.\.)?([1-9][0-9]{0,9})\]$`)

// checkAgentNames: nobody bears another's name, nor that of another's member.
func checkAgentNames(c *checker, s *Scenario) {
	first := map[string]int{}
	for i, a := range s.Agents {
		path := join(index("agents", i), "name")
		if !c.usable(path) {
			continue
		}
		if j, taken := first[a.Name]; taken {
			c.reportAt(path, fmt.Sprintf("%s is also the name of agent %d", quote(a.Name), j+1), "names must differ")
			continue
		}
		first[a.Name] = i
	}
	for i, a := range s.Agents {
		m := memberName.FindStringSubmatch(a.Name)
		if m == nil {
			continue
		}
		j, ok := first[m[1]]
		if number, _ := strconv.Atoi(m[2]); ok && s.Agents[j].Count > 1 && number <= s.Agents[j].Count {
			c.reportAt(join(index("agents", i), "name"), fmt.Sprintf("%s is also the name of member %d of %s", quote(a.Name), number, quote(m[1])), "names must differ")
		}
	}
}

// checkPairs: antithetic paths come in pairs.
func checkPairs(c *checker, s *Scenario) {
	if s.MonteCarlo.Antithetic && s.MonteCarlo.Paths%2 != 0 && c.usable("monte_carlo.paths") {
		c.reportAt("monte_carlo.paths", fmt.Sprintf("got %d, want an even number: antithetic paths come in pairs", s.MonteCarlo.Paths),
			fmt.Sprintf("take %d", s.MonteCarlo.Paths+1))
	}
}

// OneByOne is the largest type whose members a simulation follows one by one. A
// larger one is followed by a tagged member and the total of the others, which
// is exact: differences inside a type carry no price.
const OneByOne = 1000

// Limits of a whole run.
const (
	maxWork = 1e15
	maxRows = 1e10
)

// followed is the number of members that a simulation follows one by one.
func followed(s *Scenario) float64 {
	n := 0.0
	for _, a := range s.Agents {
		if a.Count > OneByOne {
			n += 2
		} else {
			n += float64(a.Count)
		}
	}
	return n
}

func checkWork(c *checker, s *Scenario) {
	if !c.usable("clock.step", "clock.horizon", "monte_carlo.paths") || !c.countsKnown(s) {
		return
	}
	paths, steps, members := float64(s.MonteCarlo.Paths), float64(s.Clock.Steps()), followed(s)
	if work := paths * steps * members; work > maxWork {
		c.reportAt("monte_carlo.paths", fmt.Sprintf("%.0f paths × %.0f steps × %.0f members are %.3g agent-steps, the limit is %.0g", paths, steps, members, work, maxWork),
			"take fewer paths or a longer step")
	}
}

func checkRows(c *checker, s *Scenario) {
	if !c.usable("clock.step", "clock.horizon", "record.paths", "record.every", "monte_carlo.paths") || !c.countsKnown(s) {
		return
	}
	paths := float64(min(s.Record.Paths, s.MonteCarlo.Paths))
	steps := math.Ceil(float64(s.Clock.Steps()) / float64(s.Record.Every))
	if rows := paths * steps * followed(s); rows > maxRows {
		c.reportAt("record.paths", fmt.Sprintf("%.0f recorded paths × %.0f recorded steps × %.0f members are %.3g rows, the limit is %.0g", paths, steps, followed(s), rows, maxRows),
			"record fewer paths, or raise record.every")
	}
}
