package scenarios

import (
	"errors"
	"io/fs"
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestBuiltins(t *testing.T) {
	all := Names()
	var names, sorted []string
	for _, info := range all {
		names = append(names, info.Name)
		sorted = append(sorted, info.Market+" "+info.Name)
		s, err := Load(info.Name, Options{})
		require.NoError(t, err)
		assert.Equal(t, info, Info{s.Name, s.Title, s.Market}, "a file is called like its scenario")
		assert.EqualValues(t, 1, s.MonteCarlo.Seed)
		_, _, err = s.Points()
		assert.NoError(t, err)
	}
	assert.IsIncreasing(t, sorted)
	assert.Subset(t, names, []string{"bounded-rationality", "delayed-detection", "five-traders", "front-running", "momentum", "one-large-and-fringe", "price-impact", "symmetric", "trading-frequency"})
	all[0].Name = "changed"
	assert.Equal(t, names[0], Names()[0].Name, "the caller's copy is its own")
}

func TestBuiltinsAreCommentedAndPleasant(t *testing.T) {
	for _, info := range Names() {
		text, err := Source(info.Name)
		require.NoError(t, err)
		lines := strings.Split(string(text), "\n")
		assert.Equal(t, "# yaml-language-server: $schema=walras.schema.json", lines[0], info.Name)
		comments := 0
		for _, line := range lines {
			if strings.HasPrefix(line, "#") {
				comments++
			}
			assert.NotContains(t, line, "\t")
		}
		assert.Greater(t, comments, 15, info.Name)
		assert.Contains(t, string(text), "sim run "+info.Name)
		// What `sim init` writes is the same scenario.
		copied, err := loadText(string(text))
		require.NoError(t, err)
		original, err := Load(info.Name, Options{})
		require.NoError(t, err)
		assert.Equal(t, original, copied)
	}
}

func TestSourceOfNothing(t *testing.T) {
	_, err := Source("five-tradrs")
	assert.Equal(t, []string{"five-tradrs: there is no built-in scenario of this name; did you mean five-traders?"}, problems(t, err))
	assert.True(t, errors.Is(err, fs.ErrNotExist))
	_, err = Source("../library/five-traders")
	assert.Error(t, err)
}

// The parameters of the golden tables (golden/double-auction.json: r, b, the
// diagonal of Sigma and X0 of the set named), copied here by hand.
func TestBuiltinsHaveGoldenParameters(t *testing.T) {
	for name, want := range map[string]struct {
		r        float64
		b, x, sd []float64
		fringe   bool
	}{
		"five-traders":         {1, []float64{1, 1.5, 2, 2.5, 3}, []float64{1, 0, 0, 0, -1}, []float64{.1, .1, .1, .1, .1}, false}, // paper-five-traders
		"symmetric":            {0.5, []float64{2, 2, 2}, []float64{1, 0, -1}, []float64{.2, .2, .2}, false},                       // symmetric-3
		"one-large-and-fringe": {0.7, []float64{1.3, 2.1}, []float64{1, -1}, []float64{.1, .2}, true},                              // one-large-and-fringe
		"front-running":        {1, []float64{1, 1, 1}, []float64{1, 0, -1}, []float64{.1, .1, .1}, true},                          // two-large-and-fringe
	} {
		s, err := Load(name, Options{})
		require.NoError(t, err)
		assert.Equal(t, want.r, s.DiscountRate, name)
		require.Len(t, s.Agents, len(want.b))
		for i, a := range s.Agents {
			assert.Equal(t, []float64{want.b[i], want.x[i], want.sd[i]}, []float64{a.HoldingCost, a.Inventory, a.Volatility}, name)
			assert.Equal(t, 1, a.Count)
			assert.Equal(t, want.fringe && i == len(want.b)-1, a.Kind == KindFringe)
		}
		assert.Equal(t, Shocks{Kind: ShocksBrownian}, s.Shocks, "independent")
	}
}

func TestTradingFrequencySweepsTheStep(t *testing.T) {
	s, err := Load("trading-frequency", Options{})
	require.NoError(t, err)
	all, _, err := s.Points()
	require.NoError(t, err)
	var steps []int
	for _, p := range all {
		steps = append(steps, p.Clock.Steps())
	}
	assert.Equal(t, []int{20, 40, 80, 200, 400}, steps)
}

// The parameters of the golden tables (golden/cournot.json: the calibration, the
// schedule and the set of different makers), copied here by hand.
func TestLargeOrdersHaveGoldenParameters(t *testing.T) {
	load := func(name string) *Scenario {
		s, err := Load(name, Options{})
		require.NoError(t, err)
		assert.Equal(t, []string{name, MarketCournot, PolicyContinuous}, []string{s.Name, s.Market, s.Clock.Policy})
		_, _, err = s.Points()
		require.NoError(t, err)
		return s
	}
	hour := 1 / 6.5 // of a trading day
	for name, percent := range map[string]float64{"large-order": 7, "liquidity-surface": 7, "optimal-schedule": 7, "delayed-detection": 2} {
		s := load(name)
		require.Len(t, s.Agents, 3)
		maker, investors, fund := s.Agents[0], s.Agents[1], s.Agents[2]
		assert.Equal(t, []any{10, 0.24327836028603814, 17993.75, 17.6}, []any{maker.Count, maker.InventoryCost, investors.Activity, investors.ReservationValue})
		assert.Equal(t, []float64{-math.Log1p(-2e-4), hour}, []float64{s.DiscountRate, fund.Duration})
		assert.InEpsilon(t, percent/100*575800, fund.Size, 1e-15)
	}
	delay := load("delayed-detection").Agents[2].Disclosure
	assert.Equal(t, Disclosure{DisclosureDetected, 10.0 / 390, BeforeQuantity}, delay)

	for _, name := range []string{"overlapping-orders", "heterogeneous-makers"} {
		s := load(name)
		investors := s.Agents[len(s.Agents)-2]
		if name == "overlapping-orders" {
			investors = s.Agents[1]
			assert.Equal(t, []any{3, 1.0, 0.1}, []any{s.Agents[0].Count, s.Agents[0].InventoryCost, s.Agents[0].Inventory})
			assert.Equal(t, []Interval{{0, .3, 2}, {.3, .9, 5}}, s.Agents[2].Intervals())
			assert.Equal(t, []Interval{{.3, .9, 1}, {.9, 1.4, 3}}, s.Agents[3].Intervals())
			assert.Equal(t, []Interval{{1.4, 2, 1}}, s.Agents[4].Intervals())
		} else {
			for i, want := range [][2]float64{{.5, .3}, {1, -.2}, {2, .1}} {
				assert.Equal(t, want, [2]float64{s.Agents[i].InventoryCost, s.Agents[i].Inventory})
			}
			assert.Equal(t, []Interval{{0, 1.5, 3}}, s.Agents[4].Intervals())
		}
		assert.Equal(t, []float64{.1, 5, 2}, []float64{s.DiscountRate, investors.Activity, investors.ReservationValue})
	}
}

// The parameters of the golden tables (golden/poisson.json: toy, lumpy and
// slide_recal), copied here by hand.
func TestArrivalsHaveGoldenParameters(t *testing.T) {
	toy := []float64{2, .1, .5, 3, 1, 1} // N, Θ, β, λ, c, ω
	for name, want := range map[string]struct {
		market []float64
		fund   []float64 // rate, duration or its mean
	}{
		"stealth":             {toy, []float64{.3, 1}},
		"sunshine":            {toy, []float64{.3, 1.5}},
		"sunshine-or-stealth": {toy, []float64{2, 1}},
		"lumpy":               {[]float64{3, 2, .4, 2, 2, 1}, []float64{13.77, 1 / .4}},
		"box-plots":           {[]float64{10, 43.9235321606123, .00020002000266704467, 16900, 1.5597547499878437, 12.521911254774286}, []float64{265472.35, .2}},
	} {
		s, err := Load(name, Options{})
		require.NoError(t, err)
		require.Len(t, s.Agents, 3)
		maker, investors, fund, came := s.Agents[0], s.Agents[1], s.Agents[2], s.Poisson()
		assert.Equal(t, want.market, []float64{float64(maker.Count), maker.InventoryCost, s.DiscountRate, came.BuyRate, came.Size, investors.ReservationValue}, name)
		assert.Equal(t, []any{came.BuyRate, SolutionPublished, PolicyEvent}, []any{came.SellRate, s.Solution, s.Clock.Policy}, name)
		duration := fund.Duration
		if fund.Random != nil {
			assert.True(t, fund.Random.Exponential(), name)
			duration = fund.Random.Mean
		}
		assert.Equal(t, want.fund, []float64{fund.Rate, duration}, name)
		hidden := name != "sunshine" && name != "box-plots"
		assert.Equal(t, hidden, fund.Disclosure.Kind == DisclosureStealth, name)
	}
	s, err := Load("sunshine-or-stealth", Options{})
	require.NoError(t, err)
	all, _, err := s.Points()
	require.NoError(t, err)
	for i, p := range all {
		assert.Equal(t, []string{DisclosureSunshine, DisclosureStealth}[i], p.Agents[2].Disclosure.Kind)
		assert.Equal(t, s.Agents[2].Random, p.Agents[2].Random)
	}
	s, err = Load("box-plots", Options{})
	require.NoError(t, err)
	assert.Equal(t, []any{1, int64(24000), 30}, []any{s.Record.StatisticsEvery, s.MonteCarlo.Paths, s.Clock.Steps()})
}

// The surface has the cells of the paper's figure.
func TestLiquiditySurface(t *testing.T) {
	s, err := Load("liquidity-surface", Options{})
	require.NoError(t, err)
	all, _, err := s.Points()
	require.NoError(t, err)
	require.Len(t, all, 48)
	for i, p := range all {
		percent, hours := i/6, 1+i%6
		fund := p.Agents[2]
		assert.InDelta(t, 0.01*float64(percent)*575800, fund.Size, 1e-10)
		assert.Equal(t, float64(hours)/6.5, fund.Duration)
		assert.Equal(t, fund.Size/fund.Duration, fund.Rate)
	}
}

// Every command in a scenario's comments names keys that it has.
func TestCommandsInComments(t *testing.T) {
	command := regexp.MustCompile(`^#   sim (?:solve|run|sweep|deviate) (\S+)`)
	set := regexp.MustCompile(`--set ('[^']+'|"[^"]+"|\S+)`)
	for _, info := range Names() {
		text, err := Source(info.Name)
		require.NoError(t, err)
		for _, line := range strings.Split(string(text), "\n") {
			name := command.FindStringSubmatch(line)
			var sets []string
			for _, m := range set.FindAllStringSubmatch(line, -1) {
				sets = append(sets, strings.Trim(m[1], `'"`))
			}
			if name != nil {
				_, err := Load(name[1], Options{Sets: sets})
				assert.NoError(t, err, line)
			}
		}
	}
}
