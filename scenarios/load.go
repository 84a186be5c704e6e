package scenarios

import (
	"errors"
	"io"
	"slices"
	"strconv"
)

// Options change a scenario as it is loaded. Later ones win over earlier
// ones, Paths and Seed over Sets.
type Options struct {
	Sets  []string  // "key.path=value"; agents by name, "agents.t1.holding_cost=2"
	Over  []string  // axes of the sweep, more or others: "key.path=v1,v2", "key.path=a:b:n", "key.path=log:a:b:n"
	Stdin io.Reader // what the source "-" reads
	Paths *int64    // monte_carlo.paths
	Seed  *uint64   // monte_carlo.seed
}

// Load reads, merges, overrides, checks and resolves a scenario. The source
// is the path of a file, "-" for standard input, or the name of a built-in.
// A bare name means the built-in if there is one; with a separator or the
// ending .yaml, .yml or .json it means a file. The error is [Problems].
func Load(source string, o Options) (*Scenario, error) {
	if source == "-" && o.Stdin == nil {
		return nil, Problems{{File: "<stdin>", Message: "there is no standard input", Err: errors.New("scenarios: Options.Stdin is nil")}}
	}
	l := &loader{stdin: o.Stdin}
	root, unread := l.tree(source, "", nil)
	if unread != nil {
		return nil, Problems{*unread}
	}
	if root == nil {
		return nil, l.problems.sorted(l.files)
	}
	s := l.resolve(l.override(root, o))
	if len(l.problems) > 0 {
		return nil, l.problems.sorted(l.files)
	}
	return s, nil
}

// override applies the options to the tree.
func (l *loader) override(root *node, o Options) *node {
	var all []override
	for _, arg := range o.Sets {
		set, problems := parseSet(arg)
		l.problems = append(l.problems, problems...)
		if set.path != nil {
			all = append(all, set)
		}
	}
	if o.Paths != nil {
		all = append(all, flag("--paths", "paths", *o.Paths, strconv.FormatInt(*o.Paths, 10)))
	}
	if o.Seed != nil {
		all = append(all, flag("--seed", "seed", *o.Seed, strconv.FormatUint(*o.Seed, 10)))
	}
	for _, set := range all {
		next, p := set.apply(root)
		if p != nil {
			l.problems = append(l.problems, *p)
			continue
		}
		root = next
	}
	for _, arg := range o.Over {
		axis, problems := parseOver(arg)
		l.problems = append(l.problems, problems...)
		if axis != nil {
			root = sweepOver(root, axis)
		}
	}
	return root
}

// flag is the override of a key of monte_carlo by a flag of its own.
func flag(name, key string, value any, text string) override {
	at := place{file: name}
	return override{
		path:  []segment{{"monte_carlo", at}, {key, at}},
		value: &node{at: at, value: value, text: text, tag: "!!int"},
	}
}

// resolve reads the tree and checks every point of its sweep.
func (l *loader) resolve(root *node) *Scenario {
	m := memo{}
	c := newChecker(registered, root, m)
	s := c.scenario()
	l.problems = append(l.problems, c.problems...)
	if len(l.problems) > 0 {
		return nil
	}
	if len(s.Sweep) > 0 {
		_, _, problems := expand(registered, root, s.Sweep, c.axisPlace, m)
		l.problems = append(l.problems, problems...)
	}
	if len(s.Canonical()) > maxBytes {
		c.report(root, "", "the scenario with all its defaults is larger than 1 MB, the limit", "")
		l.problems = append(l.problems, c.problems...)
	}
	return s
}

// scenario reads the root, fills in what follows from other keys, and applies
// the checks of all markets and of this one.
func (c *checker) scenario() *Scenario {
	s := newScenario()
	if c.market != nil && c.market.defaults != nil {
		c.market.defaults(&s)
	}
	c.lang.root.read(c, c.root, "", &s)
	for _, check := range commonChecks {
		check(c, &s)
	}
	if c.market != nil {
		for _, check := range c.market.checks {
			check(c, &s)
		}
	}
	if len(c.problems) == 0 {
		c.derive(&s)
	}
	return &s
}

// derivation fills in the value of a key that follows from others.
type derivation struct {
	key  string
	fill func(s *Scenario)
}

var derivations = []derivation{
	{"title", func(s *Scenario) { s.Title = s.Name }},
	{"record.paths", func(*Scenario) {}}, // has a default; capped below
	{"record.statistics_every", func(s *Scenario) { s.Record.StatisticsEvery = max(1, s.Clock.Steps()/20) }},
	{"record.outcomes", func(s *Scenario) {
		if s.Record.Outcomes = OutcomesAll; s.MonteCarlo.Paths > 1_000_000 {
			s.Record.Outcomes = OutcomesRecorded
		}
	}},
}

func (c *checker) derive(s *Scenario) {
	for _, d := range derivations {
		if !c.given(d.key) {
			d.fill(s)
			s.unstated = append(s.unstated, d.key)
		}
	}
	s.Record.Paths = min(s.Record.Paths, s.MonteCarlo.Paths)
	if len(s.Sweep) == 0 {
		s.unstated = nil
	}
	slices.Sort(s.unstated)
}
