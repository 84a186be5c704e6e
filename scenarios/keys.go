package scenarios

import (
	"math"
	"strings"
	"unicode"
)

// Limits of what a scenario may ask for.
const (
	maxPaths  = 1_000_000_000
	maxSteps  = 10_000_000
	maxCount  = 1_000_000_000
	maxPoints = 10_000 // of a sweep
)

var (
	freeText = text{most: 500}
	unitText = text{most: 50}
	fileText = text{least: 1, most: 4096}
	nameText = text{least: 1, most: 100, check: nameFault}
	pathsInt = integer[int64]{1, maxPaths}
	ticksInt = integer[int]{1, maxSteps}
	anySeed  = integer[uint64]{0, math.MaxUint64}
)

// rootObject is the table of the keys of a scenario. Their order is that of
// the canonical form: do not change it, digests depend on it.
func rootObject() object[Scenario] {
	return object[Scenario]{fields: rootFields, fresh: newScenario}
}

func rootFields(s scope) []field[Scenario] {
	s.kind = ""
	if kept, ok := s.lang.rootTables.Load(s); ok {
		return kept.([]field[Scenario])
	}
	table := rootTable(s)
	s.lang.rootTables.Store(s, table)
	return table
}

func rootTable(s scope) []field[Scenario] {
	head := []field[Scenario]{
		required(key("schema", integer[int]{1, 1}, func(s *Scenario) *int { return &s.Schema },
			"Version of the scenario format: 1.")),
		required(key("name", nameText, func(s *Scenario) *string { return &s.Name },
			"Names the run directory; no slash, backslash, control character or leading dot.")),
		key("title", freeText, func(s *Scenario) *string { return &s.Title },
			"One line for people; the name if left out."),
		extendsField(),
		required(key("market", word{allowed: marketNames},
			func(s *Scenario) *string { return &s.Market }, "The kind of market.")),
		required(key("discount_rate", positive, func(s *Scenario) *float64 { return &s.DiscountRate },
			"Discount rate r per unit of time, greater than 0.")),
		key("units", unitsObject(), func(s *Scenario) *Units { return &s.Units },
			"The names of your units, for tables and plots; any, but consistent."),
		required(key("clock", clockObject(), func(s *Scenario) *Clock { return &s.Clock },
			"When auctions happen, and for how long.")),
	}
	tail := []field[Scenario]{
		required(key("agents", agentsList, func(s *Scenario) *[]Agent { return &s.Agents },
			"The agents, or types of identical agents.")),
		key("fundamental", fundamentalObject(), func(s *Scenario) *Fundamental { return &s.Fundamental },
			"The fundamental value; prices are deviations from it."),
		key("monte_carlo", monteCarloObject(), func(s *Scenario) *MonteCarlo { return &s.MonteCarlo },
			"How many paths, and from which random streams."),
		key("record", recordObject(), func(s *Scenario) *Record { return &s.Record },
			"What is written."),
		key("sweep", sweepList, func(s *Scenario) *[]SweepAxis { return &s.Sweep },
			"Keys and the values they take; several make a product. The scenario itself must be valid, too."),
	}
	tables := [][]field[Scenario]{head}
	for _, m := range s.in() {
		keys := m.keys
		if s.market == nil { // of one of which nothing is known
			keys = optional(keys)
		}
		tables = append(tables, keys)
	}
	return union(append(tables, tail)...)
}

// extendsField describes a key that is followed before a scenario is read,
// and that a resolved scenario has no longer.
func extendsField() field[Scenario] {
	f := key("extends", fileText, func(*Scenario) *string { return new(string) },
		"The scenario to start from: a built-in name, or a file relative to this one. Mappings merge, agents merge by name, lists replace, null clears.")
	f.read = func(*checker, *node, string, *Scenario) {}
	return f
}

func newScenario() Scenario {
	return Scenario{Clock: newClock(), Shocks: newShocks(), MonteCarlo: newMonteCarlo(), Record: newRecord()}
}

func unitsObject() object[Units] {
	return object[Units]{fresh: zero[Units], fields: always(
		key("time", unitText, func(u *Units) *string { return &u.Time }, "For example day."),
		key("money", unitText, func(u *Units) *string { return &u.Money }, "For example EUR; a price is money per unit of the asset. With market cournot that in which prices are quoted, for example bps."),
		key("asset", unitText, func(u *Units) *string { return &u.Asset }, "For example EUR1000."),
	)}
}

func newClock() Clock { return Clock{Policy: PolicyDiscrete} }

func clockObject() object[Clock] {
	return object[Clock]{fresh: newClock, fields: always(
		required(key("step", positive, func(k *Clock) *float64 { return &k.Step },
			"Time Δ between auctions.")),
		required(key("horizon", positive, func(k *Clock) *float64 { return &k.Horizon },
			"Simulated time T, a multiple of the step.")),
		key("policy", word{allowed: policies}, func(k *Clock) *string { return &k.Policy },
			"discrete: the exact equilibrium of the discrete-time game (the default); continuous: the continuous-time policy on a grid (the only one under exponential utility, and the default of the market cournot); event: investors come one by one at exact times (the default where they have arrivals)."),
	)}
}

// policies are the words of clock.policy: exact times are those of arrivals.
func policies(_ *language, m *market) []string {
	all := []string{PolicyDiscrete, PolicyContinuous, PolicyEvent}
	if m != nil && m.name != MarketCournot {
		return all[:2]
	}
	return all
}

func fundamentalObject() object[Fundamental] {
	return object[Fundamental]{fresh: zero[Fundamental], fields: always(
		key("start", anyNumber, func(f *Fundamental) *float64 { return &f.Start }, "Value at time 0."),
		key("volatility", notNegative, func(f *Fundamental) *float64 { return &f.Volatility }, "Per square root of time."),
	)}
}

func newMonteCarlo() MonteCarlo { return MonteCarlo{Paths: 100_000, Seed: 1} }

func monteCarloObject() object[MonteCarlo] {
	return object[MonteCarlo]{fresh: newMonteCarlo, later: laterMonteCarlo, fields: always(
		key("paths", pathsInt, func(m *MonteCarlo) *int64 { return &m.Paths }, "Number of simulated paths."),
		key("seed", anySeed, func(m *MonteCarlo) *uint64 { return &m.Seed }, "Same scenario, seed and version: same results."),
		key("variance_reduction", reductions{}, func(m *MonteCarlo) *MonteCarlo { return m },
			"antithetic: paths come in pairs whose shocks have opposite signs; control: welfare is estimated with a control variate."),
	)}
}

func newRecord() Record { return Record{Paths: 100, Every: 1, Layout: LayoutLong} }

func recordObject() object[Record] {
	return object[Record]{fresh: newRecord, fields: always(
		key("paths", integer[int64]{0, maxPaths}, func(r *Record) *int64 { return &r.Paths },
			"Paths written in full, at most monte_carlo.paths."),
		key("every", ticksInt, func(r *Record) *int { return &r.Every }, "Auctions between recorded rows."),
		key("statistics_every", ticksInt, func(r *Record) *int { return &r.StatisticsEvery },
			"Auctions between statistics; a twentieth of the horizon if left out."),
		key("outcomes", words(OutcomesAll, OutcomesRecorded, OutcomesNone), func(r *Record) *string { return &r.Outcomes },
			"Paths that get rows of outcomes; if left out, all up to a million paths, then recorded."),
		key("layout", words(LayoutLong, LayoutWide), func(r *Record) *string { return &r.Layout },
			"long: a row per path, step and agent; wide: a row per path and step."),
	)}
}

func zero[T any]() T { return *new(T) }

func isControl(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }

// reorders tells the format characters that change the order in which a terminal
// shows what comes after them, beyond the text that they stand in.
func reorders(r rune) bool { return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' }

// nameFault keeps a name from leaving its directory or hiding in it.
func nameFault(s string) string {
	if strings.ContainsAny(s, `/\`) || strings.HasPrefix(s, ".") || len(s) > 100 {
		return "a name of at most 100 bytes without slash, backslash and leading dot"
	}
	return ""
}
