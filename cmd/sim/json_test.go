package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"walras/scenarios"
)

// sim runs a command line in this process and returns what it printed.
func sim(t *testing.T, want int, args ...string) (stdout, stderr []byte) {
	t.Helper()
	var out, err bytes.Buffer
	status := execute(context.Background(), args, streams{in: strings.NewReader(""), out: &out, err: &err})
	require.Equal(t, want, status, "sim %s\n%s", strings.Join(args, " "), err.String())
	return out.Bytes(), err.Bytes()
}

// simJSON runs a command line that prints one JSON value and nothing else.
func simJSON(t *testing.T, into any, args ...string) {
	t.Helper()
	stdout, stderr := sim(t, exitDone, args...)
	assert.Empty(t, string(stderr))
	d := json.NewDecoder(bytes.NewReader(stdout))
	d.DisallowUnknownFields()
	require.NoError(t, d.Decode(into))
	assert.False(t, d.More(), "more than one value")
}

func TestListJSON(t *testing.T) {
	var list []entry
	simJSON(t, &list, "list", "--json")
	require.GreaterOrEqual(t, len(list), 7)
	for _, e := range list {
		assert.NotEmpty(t, e.Title, e.Name)
		assert.Contains(t, []string{scenarios.MarketDoubleAuction, scenarios.MarketAlmgrenChriss, scenarios.MarketCournot}, e.Market, e.Name)
	}
}

// equilibriumJSON is `solve --json` as docs and notebooks read it; names that are
// not listed are an error.
type equilibriumJSON struct {
	Scenario, Market string
	Agents           []string
	Continuous       struct {
		P            []float64
		Q            [][]float64
		A            [][][]float64
		K            []float64 `json:"k"`
		Speeds       []float64
		Eigenvectors [][]float64
		Impact       struct{ Instantaneous, Permanent, Transient []float64 }
		FirstBest    struct{ P []float64 } `json:"first_best"`
		Welfare      []float64
		Residual     float64
	}
	Discrete struct {
		Step     float64
		P        []float64
		Q        [][]float64
		A        [][][]float64
		K        []float64 `json:"k"`
		Welfare  []float64
		Residual float64
	}
	Approximation *struct {
		P []float64
		Q [][]float64
	}
	Conditions struct {
		Stable      bool
		SecondOrder bool `json:"second_order"`
		Acceptable  bool
	}
}

// TestSolveJSON reads an equilibrium back and compares it with numbers printed
// in Sannikov & Skrzypacz, section 5.1: prices to three decimals, speeds to two
// (1.3865 is truncated to 1.38 there).
func TestSolveJSON(t *testing.T) {
	var e equilibriumJSON
	simJSON(t, &e, "solve", "five-traders", "--json")
	assert.Equal(t, "five-traders", e.Scenario)
	assert.Equal(t, []string{"t1", "t2", "t3", "t4", "t5"}, e.Agents)
	assert.InDeltaSlice(t, []float64{-.254, -.329, -.387, -.435, -.476}, e.Continuous.P, 6e-4)
	assert.InDeltaSlice(t, []float64{0, .93, 1.38, 1.82, 2.24}, e.Continuous.Speeds, 7e-3)
	assert.Equal(t, 0.25, e.Discrete.Step)
	require.NotNil(t, e.Approximation)
	assert.True(t, e.Conditions.Stable && e.Conditions.SecondOrder && e.Conditions.Acceptable)
	for name, n := range map[string]int{
		"A": len(e.Continuous.A), "A discrete": len(e.Discrete.A), "k": len(e.Continuous.K), "k discrete": len(e.Discrete.K),
		"Q": len(e.Continuous.Q), "Q discrete": len(e.Discrete.Q), "eigenvectors": len(e.Continuous.Eigenvectors),
		"welfare": len(e.Continuous.Welfare), "instantaneous": len(e.Continuous.Impact.Instantaneous),
		"permanent": len(e.Continuous.Impact.Permanent), "transient": len(e.Continuous.Impact.Transient),
		"first best": len(e.Continuous.FirstBest.P), "approximation": len(e.Approximation.Q),
	} {
		assert.Equal(t, 5, n, name)
	}
	assertZeroSums(t, e.Continuous.Q)
	assertZeroSums(t, e.Discrete.Q)
}

// assertZeroSums checks that what is sold is bought: columns of Q sum to zero.
func assertZeroSums(t *testing.T, q [][]float64) {
	t.Helper()
	for j := range q {
		sum := 0.0
		for i := range q {
			sum += q[i][j]
		}
		assert.InDelta(t, 0, sum, 1e-12)
	}
}

// TestSolveWideJSON solves markets that span orders of magnitude, in both
// timings, to a small residual.
func TestSolveWideJSON(t *testing.T) {
	trader := func(name, kind, cost string) string {
		return "{name: " + name + ", kind: " + kind + ", holding_cost: " + cost + "}"
	}
	markets := map[string][]string{
		"1 1 100":         {trader("a", "trader", "1"), trader("b", "trader", "1"), trader("c", "trader", "100")},
		"geometric":       {trader("a", "trader", "1"), trader("b", "trader", "10"), trader("c", "trader", "100"), trader("d", "trader", "1000"), trader("e", "trader", "10000")},
		"fringe of 1000":  {trader("a", "trader", "1"), trader("b", "trader", "2"), trader("c", "trader", "3"), trader("d", "trader", "4"), trader("f", "fringe", "1000")},
		"fringe of 0.001": {trader("a", "trader", "1"), trader("b", "trader", "2"), trader("f", "fringe", "0.001")},
	}
	for name, agents := range markets {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "wide.yaml")
			text := "schema: 1\nname: wide\nmarket: double_auction\ndiscount_rate: 1\nclock: {step: 0.25, horizon: 2}\nagents: [" + strings.Join(agents, ", ") + "]\n"
			require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
			var e equilibriumJSON
			simJSON(t, &e, "solve", file, "--json")
			assert.Len(t, e.Continuous.P, len(agents))
			assert.Less(t, e.Continuous.Residual, 1e-9)
			assert.Less(t, e.Discrete.Residual, 1e-9)
			assert.True(t, e.Conditions.Stable && e.Conditions.SecondOrder && e.Conditions.Acceptable)
			assert.Equal(t, strings.Contains(name, "fringe"), e.Approximation == nil)
		})
	}
}

// TestSolveSweepJSON has one equilibrium for each point, at that point's step.
func TestSolveSweepJSON(t *testing.T) {
	var sweep struct {
		Scenario string
		Points   []struct {
			Point       map[string]float64
			Equilibrium equilibriumJSON
		}
	}
	simJSON(t, &sweep, "solve", "trading-frequency", "--json")
	require.Len(t, sweep.Points, 5)
	for i, step := range []float64{1, 0.5, 0.25, 0.1, 0.05} {
		assert.Equal(t, map[string]float64{"clock.step": step}, sweep.Points[i].Point)
		assert.Equal(t, step, sweep.Points[i].Equilibrium.Discrete.Step)
	}
}

// verdictJSON is `run --json` as other programs read it; names that are not
// listed are an error, and those that are must be there.
type verdictJSON struct {
	Scenario, Market, Policy, Directory, Digest *string

	Paths, Bytes, Checks *int64
	Seed                 *uint64
	LargestZ             *float64 `json:"largest_z"`
	AllowedZ             *float64 `json:"allowed_z"`
	Passed               *bool
	Rows, Failures       []struct {
		Statistic, Agent, Agent2 string

		T, Estimate, Analytic, Z *float64
		StdError                 *float64 `json:"std_error"`
		Bias                     *float64
	}
	Units struct{ Time, Money, Asset string }
}

// TestRunJSON reads the verdict back, and finds the same digest in the manifest.
func TestRunJSON(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	var s verdictJSON
	simJSON(t, &s, "run", "five-traders", "--paths", "2000", "--seed", "3", "--set", "units.money=EUR", "--json", "--out", dir)
	assert.Equal(t, "five-traders", *s.Scenario)
	assert.Equal(t, "double_auction", *s.Market)
	assert.Equal(t, "discrete", *s.Policy)
	assert.Equal(t, dir, *s.Directory)
	assert.EqualValues(t, 2000, *s.Paths)
	assert.EqualValues(t, 3, *s.Seed)
	assert.True(t, *s.Passed)
	assert.NotNil(t, s.Failures)
	assert.Empty(t, s.Failures)
	assert.Equal(t, "EUR", s.Units.Money)
	assert.Greater(t, *s.Bytes, int64(1000))
	assert.Greater(t, *s.Checks, int64(100))
	assert.Greater(t, *s.LargestZ, 0.0)
	assert.Less(t, *s.LargestZ, *s.AllowedZ)
	require.Len(t, s.Rows, 9)
	judged := 0
	for _, r := range s.Rows {
		if r.Z == nil {
			assert.InDelta(t, *r.Analytic, *r.Estimate, 1e-12, "an identity: %s", r.Statistic)
			continue
		}
		judged++
		assert.InDelta(t, *r.Analytic, *r.Estimate, 6**r.StdError, r.Statistic)
		assert.InDelta(t, (*r.Estimate-*r.Analytic) / *r.StdError, *r.Z, 1e-9, r.Statistic)
	}
	assert.Equal(t, 8, judged)
	text, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	require.NoError(t, err)
	var manifest struct{ Digest string }
	require.NoError(t, json.Unmarshal(text, &manifest))
	assert.Equal(t, manifest.Digest, *s.Digest)
	assert.Len(t, *s.Digest, 64)
}

// schemaNode is what the test below reads of a JSON Schema.
type schemaNode struct {
	Schema     string `json:"$schema"`
	Properties map[string]*schemaNode
	Items      *schemaNode
	Enum       []any

	AnyOf, OneOf []*schemaNode
}

// misfits are the places where a value has keys, or words, that the schema does
// not allow, or the fewest that an alternative leaves. Nodes without properties
// take no mapping here, and any other value.
func (n *schemaNode) misfits(value any, path string) []string {
	var found []string
	if either := append(n.AnyOf, n.OneOf...); path != "" && either != nil {
		found = either[0].misfits(value, path)
		for _, s := range either[1:] {
			if other := s.misfits(value, path); len(other) < len(found) {
				found = other
			}
		}
		return found
	}
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			if property := n.Properties[key]; property != nil {
				found = append(found, property.misfits(inner, path+"."+key)...)
			} else {
				found = append(found, path+"."+key)
			}
		}
	case []any:
		for i, inner := range v {
			if n.Items != nil {
				found = append(found, n.Items.misfits(inner, fmt.Sprintf("%s[%d]", path, i))...)
			}
		}
	default:
		if n.Enum != nil && !slices.Contains(n.Enum, value) {
			found = append(found, path)
		}
	}
	slices.Sort(found)
	return found
}

// TestSchema checks that the schema is JSON, and that the keys and words of
// every built-in scenario stand in it.
func TestSchema(t *testing.T) {
	var schema schemaNode
	stdout, stderr := sim(t, exitDone, "schema")
	assert.Empty(t, string(stderr))
	require.NoError(t, json.Unmarshal(stdout, &schema))
	assert.Contains(t, schema.Schema, "json-schema.org")
	read := func(text []byte) (scenario map[string]any) {
		require.NoError(t, yaml.Unmarshal(text, &scenario))
		return scenario
	}
	for _, info := range scenarios.Names() {
		text, err := scenarios.Source(info.Name)
		require.NoError(t, err)
		assert.Empty(t, schema.misfits(read(text), ""), info.Name)
	}
	wrong := read([]byte("recrod: {}\nclock: {polcy: x}\nmarket: bazaar\nagents: [{name: a, arrivals: {rat: 1}}]\nsweep: [{kay: x}]"))
	assert.Equal(t, []string{".agents[0].arrivals.rat", ".clock.polcy", ".market", ".recrod", ".sweep[0].kay"}, schema.misfits(wrong, ""))
}
