package scenarios

import (
	"github.com/invopop/jsonschema"
)

// Deviation is how an agent leaves its policy: exactly one of the three.
type Deviation struct {
	Misreport *Misreport // reports (1 + Scale)X_i + Shift
	Speed     *float64   // trades so many times what the policy would; 0 is no trade
	Schedule  []Interval // sells fixed quantities, 0 outside; not nil if it is this one
}

// Misreport is a false report of the own inventory, per member.
type Misreport struct{ Scale, Shift float64 }

// Interval is a stretch of time [From, To) with a constant rate: of a deviation
// what a member sells, of a large order what it trades on its own side.
type Interval struct{ From, To, Rate float64 }

// maybe is a value that may be absent: nil.
type maybe[V any] struct{ of value[V] }

func (m maybe[V]) read(c *checker, n *node, path string, into **V) {
	v := new(V)
	m.of.read(c, n, path, v)
	*into = v
}

func (m maybe[V]) write(w *writer, path string, v **V) bool {
	return *v != nil && m.of.write(w, path, *v)
}

func (m maybe[V]) schema(l *language) *jsonschema.Schema  { return m.of.schema(l) }
func (m maybe[V]) keys(l *language, path string) []string { return m.of.keys(l, path) }

func deviationKey() field[Agent] {
	return key("deviation", maybe[Deviation]{deviationValue{}}, func(a *Agent) **Deviation { return &a.Deviation },
		"How the agent leaves its policy while the others keep theirs: misreport, speed, or schedule.")
}

// deviationValue reads a deviation and checks that it is one and only one.
type deviationValue struct{}

func deviationObject() object[Deviation] {
	return object[Deviation]{fresh: zero[Deviation], later: laterDeviations, fields: always(
		key("misreport", maybe[Misreport]{misreportObject()}, func(d *Deviation) **Misreport { return &d.Misreport },
			"Reports (1 + scale) times its inventory plus shift."),
		key("speed", maybe[float64]{anyNumber}, func(d *Deviation) **float64 { return &d.Speed },
			"Trades so many times what the policy would; 0 is no trade."),
		key("schedule", scheduleList, func(d *Deviation) *[]Interval { return &d.Schedule },
			"Sells at given rates whatever the price, and nothing outside: [{from:, to:, rate:}]."),
	)}
}

func misreportObject() object[Misreport] {
	return object[Misreport]{fresh: zero[Misreport], fields: always(
		key("scale", anyNumber, func(m *Misreport) *float64 { return &m.Scale }, "The report is off by this fraction of the inventory."),
		key("shift", anyNumber, func(m *Misreport) *float64 { return &m.Shift }, "The report is off by this much, per member."),
	)}
}

var scheduleList = sequence[Interval]{of: intervalObject(anyNumber, "Quantity sold per unit of time; negative buys."), what: intervals}

const intervals = "a list of {from:, to:, rate:}"

func intervalObject(rate number, doc string) object[Interval] {
	return object[Interval]{fresh: zero[Interval], fields: always(
		required(key("from", notNegative, func(v *Interval) *float64 { return &v.From }, "Time at which it begins.")),
		required(key("to", positive, func(v *Interval) *float64 { return &v.To }, "Time at which it ends.")),
		required(key("rate", rate, func(v *Interval) *float64 { return &v.Rate }, doc)),
	)}
}

func (deviationValue) read(c *checker, n *node, path string, into *Deviation) {
	deviationObject().read(c, n, path, into)
	given := ""
	for _, name := range []string{"misreport", "speed", "schedule"} {
		at := join(path, name)
		switch {
		case !c.given(at):
		case given != "":
			c.reportAt(at, "a second deviation, an agent has one", "the first is "+given+"; to replace it, write "+given+": null")
		default:
			given = name
		}
	}
	if given == "" && c.usable(path) {
		c.report(n, path, "the deviation says nothing", "give misreport, speed or schedule, or remove it")
	}
	checkIntervals(c, into.Schedule, join(path, "schedule"))
}

// checkIntervals: intervals end after they begin, and stand in order of time.
func checkIntervals(c *checker, list []Interval, path string) {
	if !c.usable(path) {
		return
	}
	end := 0.0
	for i, v := range list {
		at := index(path, i)
		switch {
		case v.To <= v.From:
			c.reportAt(join(at, "to"), "the interval runs from "+shortest(v.From)+" to "+shortest(v.To), "it must end after it begins")
		case v.From < end:
			c.reportAt(join(at, "from"), "the interval begins at "+shortest(v.From)+", before the one before it ends at "+shortest(end), "list them in order of time, without overlap")
		}
		end = v.To
	}
}

func (deviationValue) write(w *writer, path string, d *Deviation) bool {
	return deviationObject().write(w, path, d)
}

func (deviationValue) schema(l *language) *jsonschema.Schema {
	s := deviationObject().schema(l)
	s.MinProperties, s.MaxProperties = new(uint64(1)), new(uint64(1))
	return s
}

func (deviationValue) keys(l *language, path string) []string { return deviationObject().keys(l, path) }
