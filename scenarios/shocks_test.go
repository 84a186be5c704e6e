package scenarios

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestCorrelationAndCovariance(t *testing.T) {
	for _, c := range []struct{ set, want string }{
		{"shocks.correlation=1", ""},
		{"shocks.correlation=-0.5", ""},
		{"shocks.correlation=-0.51", "column 20: shocks.correlation: got -0.51, want a number from -0.5 to 1; 3 members cannot all be correlated like this"},
		{"shocks.correlation=1.01", "column 20: shocks.correlation: got 1.01, want a number from -0.5 to 1; 3 members cannot all be correlated like this"},
		{"shocks.correlation=high", `column 20: shocks.correlation: got "high", want a number or a matrix`},
		{"shocks.correlation=[[1,0.2,0],[0.2,1,0],[0,0,1]]", ""},
		{"shocks.correlation=[[1,1,1],[1,1,1],[1,1,1]]", ""},
		{"shocks.correlation=[[1,0.2],[0.2,1]]", "column 20: shocks.correlation: got 2 rows, want 3: one for each member, in the order of the agents"},
		{"shocks.correlation=[[1,0,0],[0,1],[0,0,1]]", "column 29: shocks.correlation[1]: got 2 numbers in row 2, want 3"},
		{"shocks.correlation=[[1,0.2,0],[0.3,1,0],[0,0,1]]", "column 32: shocks.correlation[1][0]: not symmetric: 0.3 in row 2, column 1, but 0.2 in row 1, column 2"},
		{"shocks.correlation=[[1,0,0],[0,1.1,0],[0,0,1]]", "column 32: shocks.correlation[1][1]: got 1.1, want 1 on the diagonal"},
		{"shocks.correlation=[[1,2,0],[2,1,0],[0,0,1]]", "column 30: shocks.correlation[1][0]: got 2, want a number from -1 to 1"},
		{"shocks.correlation=[[1,0.9,-0.9],[0.9,1,0.9],[-0.9,0.9,1]]", "column 20: shocks.correlation: not positive semidefinite: the smallest eigenvalue is -0.8; no shocks can be correlated like this"},
		{"shocks.correlation=[[1,x,0],[0,1,0],[0,0,1]]", `column 24: shocks.correlation[0][1]: got "x", want a number`},
		{"shocks.covariance=[[1,1,1],[1,1,1],[1,1,1]]", ""},
		{"shocks.covariance=[[0,0,0],[0,0,0],[0,0,0]]", ""},
		{"shocks.covariance=[[4,0,0],[0,1,0],[0,0,-1]]", "column 19: shocks.covariance: not positive semidefinite: the smallest eigenvalue is -1; no shocks can be correlated like this"},
		{"shocks.covariance=[[0,1,0],[1,0,0],[0,0,0]]", "column 19: shocks.covariance: not positive semidefinite: the smallest eigenvalue is -1; no shocks can be correlated like this"},
		{"shocks.covariance=[[1e300,1e300,0],[1e300,1e300,0],[0,0,0]]", ""},
		{"shocks.covariance=3", "column 19: shocks.covariance: got 3, want a matrix: a list of rows"},
		{"shocks={covariance: [[1,0,0],[0,1,0],[0,0,1]], correlation: 0.2}", "column 61: shocks.correlation: the covariance already says it; remove the correlation or the covariance"},
		{"shocks.rate=3", "column 13: shocks.rate: only compound_poisson shocks have a rate, the kind is brownian; remove the rate, or set shocks.kind to compound_poisson"},
		{"shocks={kind: none, rate: 3}", "column 27: shocks.rate: only compound_poisson shocks have a rate, the kind is none; remove the rate, or set shocks.kind to compound_poisson"},
		{"shocks={kind: compound_poisson, rate: 3}", ""},
		{"shocks={kind: compound_poisson, rate: 3, correlation: 0.4}", ""},
		{"shocks={kind: compound_poisson, rate: 0.2, covariance: [[1,1,1],[1,1,1],[1,1,1]]}", ""},
		{"shocks.kind=compound_poisson", "shocks.rate: the key is missing; give the number of jumps per unit of time"},
		{"shocks={kind: compound_poisson, rate: 0}", "column 39: shocks.rate: got 0, want a number greater than 0"},
		{"shocks={kind: compound_poisson, rate: .inf}", "column 39: shocks.rate: got .inf, want a number greater than 0, finite"},
		{"shocks={kind: compound_poisson, rate: 1e8}", "jumps between two auctions (rate 100000000 × step "},
	} {
		_, err := loadText(valid, "agents.a.volatility=null", c.set)
		if c.want == "" {
			assert.NoError(t, err, c.set)
			continue
		}
		got := problems(t, err)
		assert.Len(t, got, 1)
		assert.Contains(t, got[0], c.want)
	}
}

func TestMembersOfTypesCountInMatrices(t *testing.T) {
	s := mustLoad(t, valid, "agents.f=null", "agents.b=null", "agents.a.count=2", "shocks.correlation=[[1,0.2],[0.2,1]]")
	assert.Len(t, s.Shocks.Correlation.Matrix, 2)
	_, err := loadText(valid, "agents.a.count=2500", "shocks.correlation=[[1]]")
	assert.Contains(t, problems(t, err)[0], "a matrix for 2502 members, the limit is 2000; use a common correlation")
	mustLoad(t, valid, "agents.a.count=1000000000", "shocks.correlation=0.1")
}

func TestNearlySymmetricIsMadeSymmetric(t *testing.T) {
	s := mustLoad(t, valid, "agents.a.volatility=0", "shocks.covariance=[[2,0.30000000000000004,0],[0.3,2,0],[0,0,2]]")
	assert.Equal(t, [][]float64{{2, 0.3, 0}, {0.3, 2, 0}, {0, 0, 2}}, s.Shocks.Covariance)
}

// A rate is written where there is one, and nowhere else: scenarios without jumps
// keep their canonical form.
func TestTheRateIsWrittenWithJumpsOnly(t *testing.T) {
	s := mustLoad(t, valid, "shocks.kind=compound_poisson", "shocks.rate=2.5")
	assert.Equal(t, 2.5, s.Shocks.Rate)
	assert.Contains(t, string(s.Canonical()), `"shocks":{"kind":"compound_poisson","rate":2.5`)
	assert.Equal(t, s, mustLoad(t, string(s.Canonical())))
	plain := mustLoad(t, valid)
	assert.Zero(t, plain.Shocks.Rate)
	assert.NotContains(t, string(plain.Canonical()), `"rate"`)
	cleared := mustLoad(t, string(s.Canonical()), "shocks.kind=brownian", "shocks.rate=null")
	assert.Equal(t, plain.Canonical(), cleared.Canonical())
}
