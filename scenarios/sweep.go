package scenarios

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/invopop/jsonschema"
)

// rawAxis is an axis as it is written: values, or a range.
type rawAxis struct {
	Key      string
	Values   []Value
	From, To float64
	Points   int
	Scale    string
}

const scaleLinear, scaleLog = "linear", "log"

func newRawAxis() rawAxis { return rawAxis{Scale: scaleLinear} }

var sweepList = sequence[SweepAxis]{of: axisValue{}, what: "a list of {key:, values: […]}"}

func axisObject() object[rawAxis] {
	return object[rawAxis]{fresh: newRawAxis, fields: always(
		required(key("key", fileText, func(a *rawAxis) *string { return &a.Key },
			"The key that changes, as in --set: clock.step, agents.t1.holding_cost.")),
		key("values", sequence[Value]{of: pointValue{}, least: 1, what: "a list of numbers or words"},
			func(a *rawAxis) *[]Value { return &a.Values }, "Its values; or give from, to and points."),
		key("from", anyNumber, func(a *rawAxis) *float64 { return &a.From }, "The first value."),
		key("to", anyNumber, func(a *rawAxis) *float64 { return &a.To }, "The last value."),
		key("points", integer[int]{2, maxPoints}, func(a *rawAxis) *int { return &a.Points }, "How many values, both ends included."),
		key("scale", words(scaleLinear, scaleLog), func(a *rawAxis) *string { return &a.Scale },
			"linear: equal distances; log: equal ratios."),
	)}
}

// axisValue is one axis of a sweep.
type axisValue struct{}

func (axisValue) read(c *checker, n *node, path string, into *SweepAxis) {
	raw := newRawAxis()
	axisObject().read(c, n, path, &raw)
	if !c.usable(path) {
		return
	}
	at := func(name string) string { return join(path, name) }
	into.Key = checkAxisKey(c, raw.Key, at("key"))
	ranged := c.given(at("from")) || c.given(at("to")) || c.given(at("points"))
	switch whole := c.given(at("from")) && c.given(at("to")) && c.given(at("points")); {
	case c.given(at("values")) && ranged:
		c.reportAt(at("values"), "both values and a range", "give values, or from, to and points")
	case c.given(at("values")):
		into.Values = raw.Values
	case !whole:
		c.report(n, path, "the axis has no values", "give values, or all of from, to and points")
	case raw.Scale == scaleLog && (raw.From <= 0 || raw.To <= 0):
		c.reportAt(at("scale"), "got log, but from or to is not greater than 0", "use linear")
	default:
		into.Values = raw.spread()
	}
}

// checkAxisKey returns the key in the form that all its spellings share.
func checkAxisKey(c *checker, key, path string) string {
	segments, end, fault := parsePath(key, "")
	switch {
	case fault != "" || end < len(key):
		c.want(c.at(path), path, "a key as in --set", "for example agents.t1.holding_cost")
		return key
	case !varies(segments):
		c.want(c.at(path), path, "a key of the market", "")
	}
	return pathText(segments)
}

// unswept are the keys that are the same at all points of a sweep.
var unswept = set("sweep", "schema", "extends")

func varies(path []segment) bool { return !unswept[path[0].text] }

// Sweepable says whether a key path, written as in --set, may be an axis of a sweep.
func Sweepable(key string) bool {
	path, end, fault := parsePath(key, "")
	return fault == "" && end == len(key) && varies(path)
}

// spread computes the values of a range. They are rounded, so that 0.1, 0.2,
// 0.3 are what they look like; both ends are exact.
func (a rawAxis) spread() []Value {
	values := make([]Value, a.Points)
	for i := range values {
		w := float64(i) / float64(a.Points-1)
		x, digits := a.From*(1-w)+a.To*w, 15
		if a.Scale == scaleLog {
			x, digits = math.Exp(math.Log(a.From)*(1-w)+math.Log(a.To)*w), 12
		}
		values[i].Number, _ = strconv.ParseFloat(strconv.FormatFloat(x, 'g', digits, 64), 64)
	}
	values[0].Number, values[a.Points-1].Number = a.From, a.To
	return values
}

func (axisValue) write(w *writer, path string, a *SweepAxis) bool {
	w.WriteString(`{"key":`)
	w.text(a.Key)
	w.WriteString(`,"values":`)
	sequence[Value]{of: pointValue{}}.write(w, path, &a.Values)
	w.WriteByte('}')
	return true
}

func (axisValue) schema(l *language) *jsonschema.Schema {
	s := axisObject().schema(l)
	s.Required = []string{"key"}
	return s
}

func (axisValue) keys(_ *language, path string) []string { return []string{path} }

// pointValue is one value of an axis: a finite number or a word.
type pointValue struct{}

func (pointValue) read(c *checker, n *node, path string, into *Value) {
	if s := n.word(); s != "" {
		into.Word = s
		return
	}
	x, isNumber := n.float()
	switch {
	case !isNumber:
		c.want(n, path, "a number or a word", "")
	case inexact(n, x):
		c.want(n, path, "a number that a float64 holds exactly", "")
	default:
		anyNumber.read(c, n, path, &into.Number)
	}
}

// inexact tells whole numbers, seeds perhaps, that change as they become x.
func inexact(n *node, x float64) bool {
	whole, ok := n.whole()
	return ok && float64(whole) >= 1<<53 && strconv.FormatUint(whole, 10) != shortest(x)
}

func (pointValue) write(w *writer, path string, v *Value) bool {
	if v.Word != "" {
		w.text(v.Word)
		return true
	}
	return anyNumber.write(w, path, &v.Number)
}

func (pointValue) schema(*language) *jsonschema.Schema {
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Type: "number"}, {Type: "string"}}}
}

func (pointValue) keys(_ *language, path string) []string { return []string{path} }

// Setting is a key and the value that a point of a sweep gives it.
type Setting struct {
	Key   string
	Value Value
}

// Point is one point of a sweep: a setting for each axis, in their order.
type Point []Setting

// String lists the settings: "clock.step = 0.1, agents.t1.holding_cost = 2".
func (p Point) String() string {
	var parts []string
	for _, s := range p {
		parts = append(parts, fmt.Sprintf("%s = %s", s.Key, short(s.Value.String())))
	}
	return strings.Join(parts, ", ")
}
