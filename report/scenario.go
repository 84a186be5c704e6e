package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"walras/internal/numeral"
	"walras/scenarios"
)

// member is a key of a JSON object with its value; members keep their order.
type member struct {
	key   string
	value json.RawMessage
}

// members reads an object.
func members(text json.RawMessage) ([]member, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	var list []member
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		m := member{key: fmt.Sprint(key)}
		if err := d.Decode(&m.value); err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return list, nil
}

// isObject tells mappings from everything else.
func isObject(text json.RawMessage) bool { return bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) }

// mostDigits is the length up to which numbers of a scenario are written as they are.
const mostDigits = 10

// plain is a value of a scenario as people read it: text without quotes, and of
// numbers with many digits the first six.
func plain(text json.RawMessage) cell {
	var v any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return cell{}
	}
	switch v := v.(type) {
	case string:
		return cell{Text: v}
	case json.Number:
		f, err := v.Float64()
		if i, e := v.Int64(); e == nil && (i >= 10_000 || i <= -10_000) {
			return num(numeral.Grouped(i))
		}
		if err != nil || len(v) <= mostDigits {
			return num(v.String())
		}
		return num(numeral.Brief(f))
	}
	short := strings.NewReplacer(`"`, "", ":", ": ", ",", ", ").Replace(string(text))
	if len(short) > 160 {
		short = string([]rune(short)[:150]) + "…"
	}
	return cell{Text: short}
}

// agentColumns says what keys of agents mean, with their symbols, and in which units
// they are: money, asset and time in the numerator, before a slash, and below.
var agentColumns = map[string]struct{ name, unit string }{
	"count":             {"members", ""},
	"holding_cost":      {"holding cost b", "money/asset² time"},
	"inventory":         {"inventory X₀", "asset"},
	"volatility":        {"volatility", "asset/√time"},
	"inventory_cost":    {"inventory cost η", "money/asset² time"},
	"activity":          {"activity δ", "asset²/time money"},
	"reservation_value": {"reservation value ω", "price"},
	"size":              {"size", "asset"},
	"duration":          {"duration", "time"},
	"start":             {"start", "time"},
	"rate":              {"rate", "asset/time"},
	"risk_aversion":     {"risk aversion", "/money"},
}

// keyUnits are the units of other keys.
var keyUnits = map[string]string{
	"discount_rate": "/time", "clock.step": "time", "clock.horizon": "time", "fundamental.start": "price",
	"fundamental.volatility": "price/√time", "shocks.rate": "/time",
	"impact.instantaneous": "price time/asset", "impact.permanent": "price/asset",
}

// unit writes a unit in the scenario's words; nothing if one of them is not named.
func unit(u scenarios.Units, form string) string {
	top, bottom, _ := strings.Cut(form, "/")
	complete := true
	write := func(part string) string {
		var list []string
		for _, word := range strings.Fields(part) {
			root, square := "", ""
			if rest, ok := strings.CutPrefix(word, "√"); ok {
				root, word = "√", rest
			}
			if rest, ok := strings.CutSuffix(word, "²"); ok {
				square, word = "²", rest
			}
			name := map[string]string{"time": u.Time, "money": u.Money, "asset": u.Asset}[word]
			if word == "price" && u.Money != "" && u.Asset != "" {
				name = "(" + u.Money + "/" + u.Asset + ")"
			}
			complete = complete && name != ""
			list = append(list, root+name+square)
		}
		return strings.Join(list, "·")
	}
	over, below := write(top), write(bottom)
	if !complete || form == "" {
		return ""
	}
	if over == "("+u.Money+"/"+u.Asset+")" {
		over = over[1 : len(over)-1]
		if below != "" {
			over = "(" + over + ")"
		}
	}
	switch {
	case below == "":
		return over
	case over == "":
		over = "1"
	}
	if strings.Contains(below, "·") {
		below = "(" + below + ")"
	}
	return over + "/" + below
}

// withUnit is a name with its unit behind it.
func withUnit(name, unit string) string {
	if unit == "" {
		return name
	}
	return name + " (" + unit + ")"
}

// mostAgents is the largest number of rows of agents.
const mostAgents = 60

// agentsTable has a row for each agent, and a column for each key that one has.
func agentsTable(s *scenarios.Scenario, list []json.RawMessage) (table, error) {
	var keys []string
	var rows [][]member
	for _, text := range list[:min(len(list), mostAgents)] {
		row, err := members(text)
		if err != nil {
			return table{}, err
		}
		for i, m := range row {
			if m.key == "name" || slices.Contains(keys, m.key) {
				continue
			}
			at := 0 // after the key before it
			if i > 0 {
				at = slices.Index(keys, row[i-1].key) + 1
			}
			keys = slices.Insert(keys, at, m.key)
		}
		rows = append(rows, row)
	}
	t := table{Caption: "Agents", Head: []cell{{Text: "agent"}}}
	for _, key := range keys {
		c, ok := agentColumns[key]
		if !ok {
			c.name = words(key)
		}
		t.Head = append(t.Head, cell{Text: withUnit(c.name, unit(s.Units, c.unit))})
	}
	for _, row := range rows {
		cells := make([]cell, 1+len(keys))
		for _, m := range row {
			switch i := slices.Index(keys, m.key); {
			case m.key == "name":
				cells[0] = cell{Text: plainText(m.value)}
			case m.key == "kind":
				cells[1+i] = cell{Text: words(plainText(m.value))}
			default:
				cells[1+i] = plain(m.value)
				t.Head[1+i].Number = t.Head[1+i].Number || cells[1+i].Number
			}
		}
		t.Rows = append(t.Rows, cells)
	}
	if n := len(list) - len(rows); n > 0 {
		t.More = fmt.Sprintf("%d more agents are in the resolved scenario.", n)
	}
	return t, nil
}

// plainText is a JSON string.
func plainText(text json.RawMessage) string {
	var s string
	if json.Unmarshal(text, &s) != nil {
		return string(text)
	}
	return s
}
