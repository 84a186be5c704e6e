package scenarios

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// names are texts that YAML, JSON and key paths each find hard.
func names() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.StringMatching(`[a-z][a-z0-9_-]{0,10}`),
		rapid.SampledFrom([]string{"a.b", "null", "~", "1", "true", "a b", "#x", "é", "日本", `q"uote`, `it's`, "a=b", "<script>", "- x", "{", "\U0001F600", "\ufeff", "x[0]", `back\slash`, "2001-01-01", "a: b", "0x1"}),
		rapid.StringN(1, 20, 60).Filter(func(s string) bool { return text{least: 1, most: 100}.fault(s) == "" }),
	)
}

func costs() *rapid.Generator[float64] {
	return rapid.OneOf(rapid.Float64Range(1e-9, 1e9), rapid.SampledFrom([]float64{1, 0.1, 1e-300, 1e300, 5e-324, math.MaxFloat64, 1.0 / 3, 1 << 60}))
}

// scenarios draws a resolved scenario that satisfies every rule.
func scenarios() *rapid.Generator[*Scenario] {
	return rapid.Custom(func(t *rapid.T) *Scenario {
		s := newScenario()
		s.Schema, s.Market = 1, MarketDoubleAuction
		s.Name = names().Filter(func(n string) bool { return nameText.fault(n) == "" }).Draw(t, "name")
		s.Title = names().Draw(t, "title")
		s.Units.Money = rapid.SampledFrom([]string{"", "bps", "€"}).Draw(t, "money")
		s.DiscountRate = costs().Draw(t, "rate")
		steps := rapid.IntRange(1, 1000).Draw(t, "steps")
		s.Clock.Step = rapid.Float64Range(1e-6, 1e6).Draw(t, "step")
		s.Clock.Horizon = float64(steps) * s.Clock.Step
		s.Clock.Policy = rapid.SampledFrom([]string{PolicyDiscrete, PolicyContinuous}).Draw(t, "policy")
		s.Fundamental = Fundamental{rapid.Float64Range(-1e5, 1e5).Draw(t, "start"), costs().Draw(t, "sigma")}
		s.MonteCarlo = MonteCarlo{2 * rapid.Int64Range(1, 1e6).Draw(t, "pairs"), rapid.Uint64().Draw(t, "seed"), rapid.Bool().Draw(t, "antithetic"), rapid.Bool().Draw(t, "control")}
		s.Record = Record{rapid.Int64Range(0, min(s.MonteCarlo.Paths, 1000)).Draw(t, "recorded"), rapid.IntRange(1, 10).Draw(t, "every"),
			rapid.IntRange(1, 10).Draw(t, "statistics"), rapid.SampledFrom([]string{OutcomesAll, OutcomesRecorded, OutcomesNone}).Draw(t, "outcomes"),
			rapid.SampledFrom([]string{LayoutLong, LayoutWide}).Draw(t, "layout")}
		drawAgents(t, &s)
		return &s
	})
}

func drawAgents(t *rapid.T, s *Scenario) {
	plain := names().Filter(func(n string) bool { return memberName.FindString(n) == "" })
	for i, name := range rapid.SliceOfNDistinct(plain, 2, 6, rapid.ID[string]).Draw(t, "names") {
		a := Agent{Name: name, Kind: KindTrader, HoldingCost: costs().Draw(t, "cost"), Inventory: rapid.Float64().Draw(t, "inventory") + 0, Count: 1, Conduct: ConductStrategic}
		if i == 0 && rapid.Bool().Draw(t, "fringe") {
			a.Kind = KindFringe
			if rapid.Bool().Draw(t, "parts") {
				a.Parts = []Part{{Name: "part of " + name, Share: rapid.Float64Range(1e-6, .9).Draw(t, "share"), Inventory: rapid.Float64().Draw(t, "held") + 0}}
			}
		} else {
			a.Count = rapid.IntRange(1, 4).Draw(t, "count")
			a.Conduct = rapid.SampledFrom([]string{ConductStrategic, ConductNoTransient, ConductMomentumBlind, ConductMisperceived}).Draw(t, "conduct")
			if a.Conduct == ConductMisperceived {
				a.ImpactFactor = costs().Draw(t, "factor")
			}
		}
		a.Deviation = drawDeviation(t)
		s.Agents = append(s.Agents, a)
	}
	n := int(s.TotalMembers())
	switch rapid.IntRange(0, 4).Draw(t, "shocks") {
	case 0:
		s.Shocks.Kind = ShocksNone
	case 1:
		s.Shocks.Correlation = &Correlation{Common: rapid.Float64Range(0, 1).Draw(t, "rho")}
	case 2:
		s.Shocks.Covariance = gram(t, n)
	case 3:
		s.Shocks.Correlation = &Correlation{Matrix: equicorrelated(n, rapid.Float64Range(0, 1).Draw(t, "rho"))}
	}
	if s.Shocks.Kind == ShocksBrownian && rapid.Bool().Draw(t, "jumps") {
		s.Shocks.Kind = ShocksCompoundPoisson
		s.Shocks.Rate = rapid.Float64Range(1e-9, maxJumps/s.Clock.Step).Draw(t, "rate of jumps")
	}
	for i := range s.Agents {
		if s.Shocks.Covariance == nil {
			s.Agents[i].Volatility = costs().Draw(t, "volatility")
		}
	}
	drawPreferences(t, s)
}

// drawPreferences draws common values or exponential utility where the market
// allows them.
func drawPreferences(t *rapid.T, s *Scenario) {
	if s.Agents[0].Kind == KindFringe {
		return
	}
	switch rapid.IntRange(0, 3).Draw(t, "preferences") {
	case 0:
		strategic(s)
		s.CommonValues = equicorrelated(int(s.TotalMembers()), rapid.Float64Range(0, .9).Draw(t, "phi"))
	case 1:
		if s.Shocks.Kind == ShocksCompoundPoisson {
			break
		}
		strategic(s)
		s.Exponential, s.Clock.Policy, s.MonteCarlo.Control = true, PolicyContinuous, false
		for i := range s.Agents {
			a := &s.Agents[i]
			a.RiskAversion, a.HoldingCost, a.Deviation = a.HoldingCost, 0, nil
		}
	}
}

// strategic makes every trader strategic.
func strategic(s *Scenario) {
	for i := range s.Agents {
		s.Agents[i].Conduct, s.Agents[i].ImpactFactor = ConductStrategic, 0
	}
}

// drawDeviation draws none or one of the three kinds.
func drawDeviation(t *rapid.T) *Deviation {
	number := func(label string) float64 { return rapid.Float64().Draw(t, label) + 0 } // −0 is 0
	switch rapid.IntRange(0, 5).Draw(t, "deviation") {
	case 0:
		return &Deviation{Misreport: &Misreport{Scale: number("scale"), Shift: number("shift")}}
	case 1:
		speed := number("speed")
		return &Deviation{Speed: &speed}
	case 2:
		d := &Deviation{Schedule: []Interval{}}
		end := 0.0
		for range rapid.IntRange(0, 4).Draw(t, "intervals") {
			from := end + float64(rapid.IntRange(0, 1).Draw(t, "gap"))*costs().Draw(t, "wait")
			end = from + costs().Draw(t, "length")
			if !(end > from) || math.IsInf(end, 0) { // too fine or too far for a double
				break
			}
			d.Schedule = append(d.Schedule, Interval{from, end, number("rate")})
		}
		return d
	}
	return nil
}

func equicorrelated(n int, rho float64) [][]float64 {
	m := make([][]float64, n)
	for i := range m {
		m[i] = make([]float64, n)
		for j := range m {
			m[i][j] = rho
		}
		m[i][i] = 1
	}
	return m
}

// gram is a random covariance: x_i·x_j.
func gram(t *rapid.T, n int) [][]float64 {
	x := rapid.SliceOfN(rapid.SliceOfN(rapid.Float64Range(-10, 10), 3, 3), n, n).Draw(t, "x")
	m := make([][]float64, n)
	for i := range m {
		m[i] = make([]float64, n)
		for j := range i + 1 {
			for k := range 3 {
				m[i][j] += x[i][k] * x[j][k]
			}
			m[i][j] += 0 // −0 is 0
			m[j][i] = m[i][j]
		}
	}
	return m
}

func TestCanonicalRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := scenarios().Draw(t, "scenario")
		if rapid.Bool().Draw(t, "sweep") {
			s.Sweep = []SweepAxis{{"discount_rate", []Value{{Number: costs().Draw(t, "value")}, {Number: 3}}}, {"title", []Value{{Word: "x"}}}}
			if rapid.Bool().Draw(t, "unstated") {
				s.unstated = []string{"record.statistics_every"}
				s.Record.StatisticsEvery = max(1, s.Clock.Steps()/20)
			}
		}
		text := s.Canonical()
		again, err := loadText(string(text))
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		assert.Equal(t, s, again)
		assert.Equal(t, string(text), string(again.Canonical()))
		assert.True(t, json.Valid(text))
	})
}

// The canonical form goes into digests. If this test fails, digests of all
// earlier runs have changed: do not update it lightly.
func TestCanonicalIsFrozen(t *testing.T) {
	s := mustLoad(t, valid, "shocks.correlation=1.0e-7", "title=<é>", "agents.a.inventory=-0", "monte_carlo={seed: 12345678901234567890, variance_reduction: [antithetic]}", "units.time=day", "record.outcomes=none")
	assert.Equal(t, `{"schema":1,"name":"test","title":"<é>","market":"double_auction","discount_rate":0.7,"units":{"time":"day"},"clock":{"step":0.25,"horizon":5,"policy":"discrete"},"shocks":{"kind":"brownian","correlation":1e-07},"agents":[{"name":"a","kind":"trader","holding_cost":1.3,"inventory":0,"volatility":0.1,"count":1},{"name":"b","kind":"trader","holding_cost":1.7,"inventory":-2,"volatility":0,"count":1},{"name":"f","kind":"fringe","holding_cost":2.1,"inventory":0,"volatility":0,"count":1}],"fundamental":{"start":0,"volatility":0},"monte_carlo":{"paths":100000,"seed":12345678901234567890,"variance_reduction":["antithetic"]},"record":{"paths":100,"every":1,"statistics_every":1,"outcomes":"none","layout":"long"}}`, string(s.Canonical()))
}

// Keys that are younger than the frozen form stand at the end of an agent, and
// are silent at their defaults.
func TestYoungKeysAreSilent(t *testing.T) {
	plain := mustLoad(t, valid)
	stated := mustLoad(t, valid, "agents.a.conduct=strategic")
	assert.Equal(t, string(plain.Canonical()), string(stated.Canonical()))
	assert.NotContains(t, string(plain.Canonical()), "conduct")
	bold := mustLoad(t, valid, "agents.a.conduct=misperceived", "agents.a.impact_factor=0.5")
	assert.Contains(t, string(bold.Canonical()), `"count":1,"conduct":"misperceived","impact_factor":0.5},{"name":"b"`)
	assert.Equal(t, bold, mustLoad(t, string(bold.Canonical())))
}

// Characters that JSON allows and YAML does not are escaped.
func TestCanonicalIsYAML(t *testing.T) {
	s := mustLoad(t, valid, `title="a\ufeffb\ufffec\uffffd"`)
	assert.Equal(t, "a\ufeffb\ufffec\uffffd", s.Title)
	assert.Contains(t, string(s.Canonical()), `a\ufeffb\ufffec\uffffd`)
	assert.Equal(t, s, mustLoad(t, string(s.Canonical())))
}

func TestCanonicalDoesNotDependOnSpelling(t *testing.T) {
	a := mustLoad(t, valid)
	b := mustLoad(t, valid, "discount_rate=7e-1", "monte_carlo={paths: 1e5}", "record.layout=long", "clock={horizon: 5.0, step: 0.250}")
	assert.Equal(t, a.Canonical(), b.Canonical())
	c := mustLoad(t, valid, "discount_rate=0.70000001")
	assert.NotEqual(t, a.Canonical(), c.Canonical())
}

func TestScenarioMarshals(t *testing.T) {
	s := mustLoad(t, valid, "title='<b> & co'")
	got, err := json.Marshal(map[string]any{"scenario": s})
	require.NoError(t, err)
	var back struct{ Scenario json.RawMessage }
	require.NoError(t, json.Unmarshal(got, &back))
	assert.Equal(t, s, mustLoad(t, string(back.Scenario)))
}
