package scenarios

import (
	"fmt"

	"github.com/invopop/jsonschema"
)

func newShocks() Shocks { return Shocks{Kind: ShocksBrownian} }

var matrixRows = sequence[[]float64]{of: sequence[float64]{of: anyNumber, least: 1, what: "a row of numbers"}, least: 1, what: "a matrix: a list of rows"}

func shocksObject() object[Shocks] {
	return object[Shocks]{fresh: newShocks, fields: always(
		key("kind", words(ShocksBrownian, ShocksCompoundPoisson, ShocksNone), func(k *Shocks) *string { return &k.Kind },
			"brownian; compound_poisson: normal jumps of all members at common random times; or none: no shocks, whatever the volatilities."),
		key("rate", jumpRate{positive}, func(k *Shocks) *float64 { return &k.Rate },
			"Jumps per unit of time, with compound_poisson only. Volatilities, correlation and covariance keep their meaning: a jump has the covariance per unit of time divided by the rate."),
		key("correlation", correlationValue{}, func(k *Shocks) **Correlation { return &k.Correlation },
			"Of the members' shocks: one number for every pair, or a matrix, members in sequence."),
		key("covariance", matrixRows, func(k *Shocks) *[][]float64 { return &k.Covariance },
			"Covariance of the members' shocks per unit of time, members in sequence; instead of volatilities and correlation."),
	)}
}

// jumpRate is a positive number that only some kinds of shocks have.
type jumpRate struct{ number }

func (k jumpRate) write(w *writer, path string, v *float64) bool {
	return *v != 0 && k.number.write(w, path, v)
}

func (k jumpRate) schema(l *language) *jsonschema.Schema { return k.number.schema(l) }

// maxJumps is the largest average number of jumps between two auctions.
const maxJumps = 1e4

// checkRate: jumps need a rate, and nothing else has one.
func checkRate(c *checker, s *Scenario) {
	const kind, rate = "shocks.kind", "shocks.rate"
	if !c.usable(kind, rate) {
		return
	}
	jumps := s.Shocks.Rate * s.Clock.Step
	switch poisson := s.Shocks.Kind == ShocksCompoundPoisson; {
	case poisson && !c.given(rate):
		c.reportAt(rate, "the key is missing", "give the number of jumps per unit of time")
	case !poisson && c.given(rate):
		c.reportAt(rate, "only compound_poisson shocks have a rate, the kind is "+s.Shocks.Kind, "remove the rate, or set shocks.kind to compound_poisson")
	case poisson && c.usable("clock.step") && jumps > maxJumps:
		c.reportAt(rate, fmt.Sprintf("%.6g jumps between two auctions (rate %s × step %s), the limit is %.0g", jumps, shortest(s.Shocks.Rate), shortest(s.Clock.Step), float64(maxJumps)),
			"take a lower rate or a shorter step; so many jumps are Brownian")
	}
}

// correlationValue is a number or a matrix.
type correlationValue struct{}

func (correlationValue) read(c *checker, n *node, path string, into **Correlation) {
	var r Correlation
	switch _, isNumber := n.float(); {
	case n.kind == list:
		matrixRows.read(c, n, path, &r.Matrix)
	case isNumber:
		anyNumber.read(c, n, path, &r.Common)
	default:
		c.want(n, path, "a number or a matrix", numberHint(n))
		return
	}
	*into = &r
}

func (correlationValue) write(w *writer, path string, v **Correlation) bool {
	switch r := *v; {
	case r == nil:
		return false
	case r.Matrix == nil:
		return anyNumber.write(w, path, &r.Common)
	default:
		return matrixRows.write(w, path, &r.Matrix)
	}
}

func (correlationValue) schema(l *language) *jsonschema.Schema {
	return &jsonschema.Schema{OneOf: []*jsonschema.Schema{
		{Type: "number", Minimum: "-1", Maximum: "1"}, matrixRows.schema(l)}}
}

func (correlationValue) keys(_ *language, path string) []string { return []string{path} }

const correlationPath, covariancePath = "shocks.correlation", "shocks.covariance"

func checkCorrelation(c *checker, s *Scenario) {
	r := s.Shocks.Correlation
	switch {
	case r == nil || !c.usable(correlationPath) || !c.countsKnown(s):
	case r.Matrix == nil:
		checkCommon(c, r.Common, s.TotalMembers())
	case c.square(correlationPath, r.Matrix, s.TotalMembers()):
		c.unitDiagonal(correlationPath, r.Matrix)
		c.semidefinite(correlationPath, r.Matrix, 1)
	}
}

// checkCommon: n variables can all be correlated by ρ iff −1/(n−1) ≤ ρ ≤ 1.
func checkCommon(c *checker, rho float64, members int64) {
	least := -1.0
	if members > 2 {
		least = -1 / float64(members-1)
	}
	if rho < least || rho > 1 {
		c.want(c.at(correlationPath), correlationPath, fmt.Sprintf("a number from %s to 1", shortest(least)),
			fmt.Sprintf("%d members cannot all be correlated like this", members))
	}
}

func checkCovariance(c *checker, s *Scenario) {
	m := s.Shocks.Covariance
	if m == nil {
		return
	}
	checkOnlyCovariance(c, s)
	if c.usable(covariancePath) && c.countsKnown(s) && c.square(covariancePath, m, s.TotalMembers()) {
		largest := 0.0
		for i := range m {
			largest = max(largest, m[i][i])
		}
		c.semidefinite(covariancePath, m, largest)
	}
}

// checkOnlyCovariance reports whatever would say the same thing twice. It
// points at the other key, and leaves the matrix usable.
func checkOnlyCovariance(c *checker, s *Scenario) {
	const why = "the covariance already says it"
	if c.given(correlationPath) {
		c.reportAt(correlationPath, why, "remove the correlation or the covariance")
	}
	for i, a := range s.Agents {
		if path := join(index("agents", i), "volatility"); a.Volatility != 0 && c.given(path) {
			c.reportAt(path, why, "remove the volatilities or the covariance")
		}
	}
}

// countsKnown tells whether the number of members can be relied on.
func (c *checker) countsKnown(s *Scenario) bool {
	for i := range s.Agents {
		if item := index("agents", i); c.bad[item] || !c.usable(join(item, "count")) {
			return false
		}
	}
	return !c.bad["agents"] && len(s.Agents) > 0
}
