package scenarios

import (
	"fmt"
	"math"

	"github.com/invopop/jsonschema"
)

// Commitment binds the one trader beside a fringe to a rate of trade.
type Commitment struct {
	Agent string
	Rate  float64 // κ > 0 per unit of time; 0 if Best
	Best  bool    // the rate that is best for the trader
}

// Part is a part of a fringe: some of its price takers.
type Part struct {
	Name      string
	Share     float64 // of the fringe's risk capacity, in (0, 1]
	Inventory float64 // of the fringe's inventory, asset units
}

const bestRate = "best"

func commitmentObject() object[Commitment] {
	return object[Commitment]{fresh: zero[Commitment], fields: always(
		required(key("agent", text{least: 1, most: 100}, func(m *Commitment) *string { return &m.Agent },
			"The trader that commits.")),
		required(key("rate", commitmentRate{}, func(m *Commitment) *Commitment { return m },
			"κ: it sells κ times its misallocation per unit of time, at auctions the fraction 1 − e^{−κΔ} of it; or best.")),
	)}
}

// commitmentRate is a positive number or the word best.
type commitmentRate struct{}

func (commitmentRate) read(c *checker, n *node, path string, into *Commitment) {
	switch _, isNumber := n.float(); {
	case n.word() == bestRate:
		into.Best = true
	case isNumber:
		positive.read(c, n, path, &into.Rate)
	default:
		c.want(n, path, positive.what()+" or best", numberHint(n))
	}
}

func (commitmentRate) write(w *writer, path string, m *Commitment) bool {
	if m.Best {
		w.text(bestRate)
		return true
	}
	return positive.write(w, path, &m.Rate)
}

func (commitmentRate) schema(l *language) *jsonschema.Schema {
	return &jsonschema.Schema{OneOf: []*jsonschema.Schema{positive.schema(l), words(bestRate).schema(l)}}
}

func (commitmentRate) keys(_ *language, path string) []string { return []string{path} }

// checkCommitment: what a commitment is worth is known of one trader that meets
// a fringe.
func checkCommitment(c *checker, s *Scenario) {
	if s.Commitment == nil || !c.usable("agents", "commitment") {
		return
	}
	trader, traders, fringes := "", 0, 0
	for i, a := range s.Agents {
		if a.Kind == KindTrader && a.Conduct != ConductStrategic {
			c.reportAt(join(index("agents", i), "conduct"), "a commitment leaves no room for a conduct", "remove the one or the other")
			return
		}
		if a.Kind == KindFringe {
			fringes++
			continue
		}
		trader, traders = a.Name, traders+a.Count
	}
	switch {
	case traders != 1 || fringes != 1:
		c.reportAt("commitment", fmt.Sprintf("a commitment needs one trader and a fringe, here are %d and %d", traders, fringes),
			"remove the commitment, or the other agents")
	case s.Commitment.Agent != trader:
		c.reportAt("commitment.agent", fmt.Sprintf("%s is not the trader", quote(s.Commitment.Agent)), "the trader is "+quote(trader))
	}
}

func partsKey() field[Agent] {
	part := object[Part]{fresh: zero[Part], fields: always(
		required(key("name", text{least: 1, most: 100}, func(p *Part) *string { return &p.Name }, "Any text; no other part's or agent's.")),
		required(key("share", positive, func(p *Part) *float64 { return &p.Share },
			"Its share of the fringe's risk capacity, and of the fringe's shocks; together at most 1.")),
		key("inventory", anyNumber, func(p *Part) *float64 { return &p.Inventory },
			"What it holds at the start of the fringe's inventory."),
	)}
	return key("parts", sequence[Part]{of: part, least: 1, what: "a list of {name:, share:, inventory:}"},
		func(a *Agent) *[]Part { return &a.Parts },
		"Groups of the fringe's price takers whose welfare is reported. They share all risk at the first auction, and stay together from then on.")
}

// shareRounding is how far from 1 shares may add up that are meant to be 1.
const shareRounding = 1e-9

// checkParts: parts are distinct, do not overlap, and what is nobody else's
// inventory is theirs.
func checkParts(c *checker, s *Scenario) {
	if !c.usable("agents") {
		return
	}
	for i, a := range s.Agents {
		if a.Parts == nil {
			continue
		}
		at := join(index("agents", i), "parts")
		checkPartNames(c, s, a, at)
		share, inventory, size := 0.0, 0.0, math.Abs(a.Inventory)
		for _, p := range a.Parts {
			share, inventory, size = share+p.Share, inventory+p.Inventory, size+math.Abs(p.Inventory)
		}
		switch {
		case share > 1+shareRounding:
			c.reportAt(at, fmt.Sprintf("the shares sum to %s, the limit is 1", shortest(share)), "lower them")
		case share >= 1-shareRounding && math.Abs(inventory-a.Inventory) > shareRounding*size:
			c.reportAt(at, fmt.Sprintf("the parts are all of the fringe, but hold %s of its inventory %s", shortest(inventory), shortest(a.Inventory)),
				"the inventories of the parts must add up")
		}
	}
}

func checkPartNames(c *checker, s *Scenario, fringe Agent, at string) {
	taken := map[string]string{}
	for _, a := range s.Agents {
		taken[a.Name] = "an agent"
		if a.Count > 1 && a.Count <= OneByOne {
			for _, name := range a.Members() {
				taken[name] = "a member of " + quote(a.Name)
			}
		}
	}
	for j, p := range fringe.Parts {
		if whose := taken[p.Name]; whose != "" {
			c.reportAt(join(index(at, j), "name"), quote(p.Name)+" is also the name of "+whose, "names must differ")
		}
		taken[p.Name] = "another part"
	}
}

// competitive is the market of a fringe alone, whose parts trade with each other.
func competitive(s *Scenario) bool {
	return len(s.Agents) == 1 && s.Agents[0].Kind == KindFringe && s.Agents[0].Parts != nil
}

// checkCompetitive: a fringe alone does not trade as one body, and has nothing
// to deviate from.
func checkCompetitive(c *checker, s *Scenario) {
	if c.usable("agents") && competitive(s) && s.Agents[0].Deviation != nil {
		c.reportAt(join(index("agents", 0), "deviation"), "a fringe alone has nobody to trade with, and no policy to leave", "remove the deviation, or add a trader")
	}
}
