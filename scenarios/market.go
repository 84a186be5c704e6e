package scenarios

import (
	"slices"
	"sync"
)

// market is all that this package knows about one market: the keys that it
// adds, its kinds of agents, and the rules that its scenarios must satisfy.
type market struct {
	name   string
	keys   []field[Scenario] // beyond those of every market
	kinds  []kind
	checks []check

	defaults func(s *Scenario) // of its keys, beyond those of newScenario; nil for none
}

// kind is a kind of agent.
type kind struct {
	name string
	keys []field[Agent] // beyond name and kind

	defaults func(a *Agent) // of its keys, beyond those of newAgent; nil for none
}

// check is a rule that involves more than one key. It reports what is wrong,
// and asks [checker.usable] before it relies on a value.
type check func(c *checker, s *Scenario)

// registered is the one place where markets are made known.
var registered = newLanguage(doubleAuction(), almgrenChriss(), cournot())

// Keys of the scenario format that this version lacks. They are told apart from
// misspelt ones; whoever adds one takes it off its list.
var (
	laterMonteCarlo = set("until")
	laterDeviations = set("policy") // which is a key elsewhere
)

// lacking is every key that this version has nowhere.
var lacking = laterMonteCarlo

func set(words ...string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}

// language is the format of scenario files for a set of markets.
type language struct {
	markets []*market
	root    object[Scenario]
	paths   []string // every key path

	// The tables of keys, scope → []field: a sweep needs them at every point.
	rootTables, agentTables sync.Map
}

func newLanguage(markets ...*market) *language {
	l := &language{markets: markets, root: rootObject()}
	l.paths = l.root.keys(l, "")
	return l
}

func (l *language) market(name string) *market {
	for _, m := range l.markets {
		if m.name == name {
			return m
		}
	}
	return nil
}

// marketOf is the market that a file names, nil if it names none that is known.
func (l *language) marketOf(root *node) *market { return l.market(root.get("market").word()) }

// in gives the markets of a scope: one, or all where none is known.
func (s scope) in() []*market {
	if s.market != nil {
		return []*market{s.market}
	}
	return s.lang.markets
}

func marketNames(l *language, _ *market) []string {
	var names []string
	for _, m := range l.markets {
		names = append(names, m.name)
	}
	return names
}

// kindNames lists the kinds of a market, or of all markets.
func kindNames(l *language, m *market) []string {
	var names []string
	for _, m := range (scope{lang: l, market: m}).in() {
		for _, k := range m.kinds {
			if !slices.Contains(names, k.name) {
				names = append(names, k.name)
			}
		}
	}
	return names
}

// union joins tables of fields; of two with one name the first counts, but the
// schema allows both where they are not the same key.
func union[T any](tables ...[]field[T]) []field[T] {
	var all []field[T]
	docs := map[string][]string{} // of the keys of one name, which tell them apart
	for _, t := range tables {
		for _, f := range t {
			i := slices.IndexFunc(all, func(g field[T]) bool { return g.name == f.name })
			switch {
			case i < 0:
				all = append(all, f)
			case !slices.Contains(docs[f.name], f.doc):
				all[i] = all[i].or(f)
			default:
				continue
			}
			docs[f.name] = append(docs[f.name], f.doc)
		}
	}
	return all
}

// elsewhere suggests the path of a key that was written at the wrong place.
func (l *language) elsewhere(name string) string {
	for _, p := range l.paths {
		if last := lastSegment(p); last == name && p != name {
			return "did you mean " + p + "?"
		}
	}
	return ""
}
