package scenarios

import (
	"fmt"
	"math"

	"github.com/invopop/jsonschema"
	"gonum.org/v1/gonum/mat"
)

const commonValuesPath, utilityPath, policyPath = "common_values", "utility", "clock.policy"

// maxByMember is the largest market whose members can be solved one by one, as
// common values, exponential utility and makers of different cost need.
const maxByMember = 60

// utilityWord is quadratic (false, which is not written) or exponential.
type utilityWord struct{}

var utilities = words(UtilityQuadratic, UtilityExponential)

func (utilityWord) read(c *checker, n *node, path string, into *bool) {
	var name string
	utilities.read(c, n, path, &name)
	*into = name == UtilityExponential
}

func (utilityWord) write(w *writer, path string, v *bool) bool {
	name := UtilityExponential
	return *v && utilities.write(w, path, &name)
}

func (utilityWord) schema(l *language) *jsonschema.Schema {
	s := utilities.schema(l)
	s.Default = UtilityQuadratic
	return s
}

func (utilityWord) keys(_ *language, path string) []string { return []string{path} }

// ifAny is a number that is not written where it is zero.
type ifAny struct{ number }

func (k ifAny) write(w *writer, path string, v *float64) bool {
	return *v != 0 && k.number.write(w, path, v)
}

// requiredWhen marks a key without default that belongs to some scenarios only.
func requiredWhen[T any](when func(c *checker) bool, f field[T]) field[T] {
	f.when = when
	return required(f)
}

func exponential(c *checker) bool { return c.root.get(utilityPath).word() == UtilityExponential }
func quadratic(c *checker) bool   { return !exponential(c) }

func riskAversionKey() field[Agent] {
	return requiredWhen(exponential, key("risk_aversion", ifAny{positive}, func(a *Agent) *float64 { return &a.RiskAversion },
		"α: utility of consuming at the rate c is −exp(−αc); with utility exponential instead of holding_cost."))
}

// checkCommonValues: a matrix with ones on the diagonal that can be inverted,
// among strategic traders.
func checkCommonValues(c *checker, s *Scenario) {
	if s.CommonValues == nil || !c.usable(commonValuesPath) {
		return
	}
	c.onlyStrategic(s, "common values")
	if s.Exponential {
		c.reportAt(commonValuesPath, "common values are for quadratic utility only", "remove common_values or utility")
		return
	}
	if !c.countsKnown(s) || !c.fewMembers(s, commonValuesPath) || !c.shape(commonValuesPath, s.CommonValues, s.TotalMembers()) {
		return
	}
	for i, row := range s.CommonValues {
		if at := index(index(commonValuesPath, i), i); row[i] != 1 {
			c.want(c.at(at), at, "1 on the diagonal", "in units of what the trader itself observes")
		}
	}
	if c.usable(commonValuesPath) && !invertible(s.CommonValues) {
		c.reportAt(commonValuesPath, "the matrix cannot be inverted", "inventories would not tell what the traders observe")
	}
}

// invertible tells whether a matrix is far enough from a singular one.
func invertible(m [][]float64) bool {
	a := mat.NewDense(len(m), len(m), nil)
	scale := largest(m)
	for i, row := range m {
		for j, x := range row {
			a.Set(i, j, x/scale) // so that no product overflows
		}
	}
	var lu mat.LU
	lu.Factorize(a)
	condition := lu.Cond()
	return condition < 1e12 && !math.IsNaN(condition)
}

// checkUtility: under exponential utility traders have risk aversions and no
// holding costs, and play the policy of continuous time; else the reverse.
func checkUtility(c *checker, s *Scenario) {
	if !c.usable(utilityPath) {
		return
	}
	for i := range s.Agents {
		item := index("agents", i)
		if path := join(item, "risk_aversion"); !s.Exponential && c.given(path) {
			c.reportAt(path, "risk aversion belongs to exponential utility", "remove it, or write utility: exponential")
		}
		if path := join(item, "holding_cost"); s.Exponential && c.given(path) && s.Agents[i].Kind != KindFringe {
			c.reportAt(path, "under exponential utility the holding cost follows: b = discount_rate × risk_aversion", "write risk_aversion instead")
		}
	}
	if !s.Exponential {
		return
	}
	c.onlyStrategic(s, "exponential utilities")
	for i, a := range s.Agents {
		if path := join(index("agents", i), "deviation"); a.Deviation != nil && c.usable(path) {
			c.reportAt(path, "deviations are for quadratic utility, their gain has no closed form under exponential utility", "remove it, or write utility: quadratic")
		}
	}
	if s.MonteCarlo.Control {
		c.reportAt("monte_carlo.variance_reduction", "control variates are for quadratic utility", "remove control")
	}
	if s.Shocks.Kind == ShocksCompoundPoisson && c.usable("shocks.kind") {
		c.reportAt("shocks.kind", "exponential utility is solved for brownian shocks, not for jumps", "write brownian")
	}
	if c.countsKnown(s) {
		c.fewMembers(s, utilityPath)
	}
	switch {
	case !c.usable(policyPath):
	case !c.given(policyPath):
		s.Clock.Policy = PolicyContinuous
	case s.Clock.Policy != PolicyContinuous:
		c.reportAt(policyPath, "exponential utility is solved in continuous time only, not as a discrete-time game", "write continuous, or leave it out")
	}
}

// onlyStrategic reports agents that are not strategic traders.
func (c *checker) onlyStrategic(s *Scenario, what string) {
	for i, a := range s.Agents {
		if path := join(index("agents", i), "kind"); a.Kind == KindFringe && c.usable(path) {
			c.reportAt(path, what+" are for strategic traders only, not for a "+a.Kind, "replace it by a trader")
		}
		if path := join(index("agents", i), "conduct"); a.Conduct != ConductStrategic && c.usable(path) {
			c.reportAt(path, what+" are for strategic traders only, not for "+a.Conduct, "remove the conduct")
		}
	}
}

// fewMembers reports markets that are too large to solve member by member.
func (c *checker) fewMembers(s *Scenario, path string) bool {
	n := s.TotalMembers()
	if n > maxByMember {
		c.reportAt(path, fmt.Sprintf("%d members, the limit is %d: they are solved one by one", n, maxByMember), "lower the counts")
		return false
	}
	return true
}
