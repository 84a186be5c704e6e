package scenarios

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func speed(v float64) *Deviation { return &Deviation{Speed: &v} }

// TestDeviations: the three kinds, in a file and by --set.
func TestDeviations(t *testing.T) {
	for text, want := range map[string]*Deviation{
		"speed: 0.5":                         speed(0.5),
		"speed: 0":                           speed(0),
		"speed: -1.5":                        speed(-1.5),
		"misreport: {scale: 0.2, shift: -3}": {Misreport: &Misreport{0.2, -3}},
		"misreport: {shift: 0.1}":            {Misreport: &Misreport{0, 0.1}},
		"misreport: {}":                      {Misreport: &Misreport{}},
		"schedule: []":                       {Schedule: []Interval{}},
		"schedule: [{from: 0, to: 1, rate: 2}, {from: 1, to: 2.5, rate: -1}, {from: 7, to: 90, rate: 0}]": {
			Schedule: []Interval{{0, 1, 2}, {1, 2.5, -1}, {7, 90, 0}}},
	} {
		s := mustLoad(t, strings.Replace(valid, "holding_cost: 1.7", "holding_cost: 1.7, deviation: {"+text+"}", 1))
		assert.Equal(t, want, s.Agents[1].Deviation, text)
		assert.Nil(t, s.Agents[0].Deviation)
		set := mustLoad(t, valid, "agents.b.deviation={"+text+"}")
		assert.Equal(t, s, set)
		assert.Equal(t, s, mustLoad(t, string(s.Canonical())), text)
	}
}

// TestDeviationBySet: keys of a deviation can be set one by one, cleared, and
// inherited.
func TestDeviationBySet(t *testing.T) {
	assert.Equal(t, speed(0.5), mustLoad(t, valid, "agents.f.deviation.speed=0.5").Agents[2].Deviation)
	assert.Equal(t, &Deviation{Misreport: &Misreport{0.3, -2}},
		mustLoad(t, valid, "agents.a.deviation.misreport.scale=0.3", "agents.a.deviation.misreport.shift=-2").Agents[0].Deviation)
	assert.Equal(t, &Deviation{Schedule: []Interval{}}, mustLoad(t, valid, "agents.a.deviation.schedule=[]").Agents[0].Deviation)
	assert.Nil(t, mustLoad(t, valid, "agents.a.deviation.speed=0.5", "agents.a.deviation=null").Agents[0].Deviation)

	dir := files(t, map[string]string{
		"base.yaml":  strings.Replace(valid, "holding_cost: 1.7", "holding_cost: 1.7, deviation: {speed: 2}", 1),
		"child.yaml": "extends: base.yaml\nname: child\nagents:\n  - {name: b, deviation: {speed: 3}}\n  - {name: f, deviation: {schedule: []}}\n",
		"other.yaml": "extends: base.yaml\nname: other\nagents:\n  - {name: b, deviation: {speed: null, misreport: {shift: 1}}}\n",
		"both.yaml":  "extends: base.yaml\nname: both\nagents:\n  - {name: b, deviation: {misreport: {shift: 1}}}\n",
	})
	s, err := Load(dir+"/child.yaml", Options{})
	require.NoError(t, err)
	assert.Equal(t, speed(3), s.Agents[1].Deviation)
	assert.Equal(t, &Deviation{Schedule: []Interval{}}, s.Agents[2].Deviation)
	s, err = Load(dir+"/other.yaml", Options{})
	require.NoError(t, err)
	assert.Equal(t, &Deviation{Misreport: &Misreport{0, 1}}, s.Agents[1].Deviation)
	_, err = Load(dir+"/both.yaml", Options{})
	require.Len(t, problems(t, err), 1)
	assert.Contains(t, problems(t, err)[0], "a second deviation, an agent has one")
}

// TestDeviationProblems: every mistake with its place, and nothing else is said.
// A mark ^ stands before the place in the text.
func TestDeviationProblems(t *testing.T) {
	const overlap = "list them in order of time, without overlap"
	for text, want := range map[string]string{
		"^{}":                                    ": the deviation says nothing; give misreport, speed or schedule, or remove it",
		"^half":                                  `: got "half", want a mapping of keys`,
		"^0.5":                                   ": got 0.5, want a mapping of keys",
		"^[]":                                    ": got a list, want a mapping of keys",
		"^~":                                     ": the key has no value (null); give it one, or remove the key",
		"{^spede: 1}":                            ".spede: there is no such key; did you mean speed?",
		"{^times: 1}":                            ".times: there is no such key; allowed here: misreport, speed or schedule",
		"{speed: ^fast}":                         `.speed: got "fast", want a number`,
		"{speed: ^.inf}":                         ".speed: got .inf, want a number, finite",
		"{speed: ^~}":                            ".speed: the key has no value (null); give it one, or remove the key",
		"{speed: ^1, misreport: {shift: 1}}":     ".speed: a second deviation, an agent has one; the first is misreport; to replace it, write misreport: null",
		"{schedule: ^[], misreport: {shift: 1}}": ".schedule: a second deviation, an agent has one; the first is misreport; to replace it, write misreport: null",
		"{schedule: ^[], speed: 0}":              ".schedule: a second deviation, an agent has one; the first is speed; to replace it, write speed: null",
		"{misreport: ^0.1}":                      ".misreport: got 0.1, want a mapping of keys",
		"{misreport: ^~}":                        ".misreport: the key has no value (null); give it one, or remove the key",
		"{misreport: {^scal: 1}}":                ".misreport.scal: there is no such key; did you mean scale?",
		"{misreport: {shift: ^x}}":               `.misreport.shift: got "x", want a number`,
		"{schedule: ^1}":                         ".schedule: got 1, want a list of {from:, to:, rate:}",
		"{schedule: ^{from: 0, to: 1, rate: 1}}": ".schedule: got a mapping, want a list of {from:, to:, rate:}",
		"{schedule: ^~}":                         ".schedule: the key has no value (null); give it one, or remove the key",
		"{schedule: [^1]}":                       ".schedule[0]: got 1, want a mapping of keys",
		"{schedule: [^{from: 0, to: 1}]}":        ".schedule[0].rate: the key is missing; Quantity sold per unit of time; negative buys.",
		"{schedule: [^{from: 0, rate: 1}]}":      ".schedule[0].to: the key is missing; Time at which it ends.",
		"{schedule: [^{to: 1, rate: 1}]}":        ".schedule[0].from: the key is missing; Time at which it begins.",
		"{schedule: [{from: 0, to: 1, rate: 1, ^x: 2}]}":                      ".schedule[0].x: there is no such key; allowed here: from, to or rate",
		"{schedule: [{from: 0, to: 1, rate: ^.nan}]}":                         ".schedule[0].rate: got .nan, want a number, finite",
		"{schedule: [{from: 0, to: ^.inf, rate: 2}]}":                         ".schedule[0].to: got .inf, want a number greater than 0, finite",
		"{schedule: [{from: ^-1, to: 1, rate: 2}]}":                           ".schedule[0].from: got -1, want a number of at least 0",
		"{schedule: [{from: 0, to: ^0, rate: 2}]}":                            ".schedule[0].to: got 0, want a number greater than 0",
		"{schedule: [{from: 1.5, to: ^1.5, rate: 2}]}":                        ".schedule[0].to: the interval runs from 1.5 to 1.5; it must end after it begins",
		"{schedule: [{from: 2, to: ^1, rate: 2}]}":                            ".schedule[0].to: the interval runs from 2 to 1; it must end after it begins",
		"{schedule: [{from: 0, to: 2, rate: 2}, {from: ^1, to: 3, rate: 1}]}": ".schedule[1].from: the interval begins at 1, before the one before it ends at 2; " + overlap,
		"{schedule: [{from: 3, to: 4, rate: 2}, {from: ^1, to: 2, rate: 1}]}": ".schedule[1].from: the interval begins at 1, before the one before it ends at 4; " + overlap,
		"{schedule: [{from: 0, to: 1, rate: 1}, ^~]}":                         ".schedule[1]: the key has no value (null); give it one, or remove the key",
	} {
		marked := strings.Replace(valid, "holding_cost: 2.1", "holding_cost: 2.1, deviation: "+text, 1)
		before, after, found := strings.Cut(marked, "^")
		require.True(t, found, text)
		column := len(before) - strings.LastIndex(before, "\n")
		_, err := loadText(before + after)
		assert.Equal(t, []string{fmt.Sprintf("<stdin>:9:%d: agents.f.deviation%s", column, want)}, problems(t, err), text)
	}
	_, err := loadText(valid, "agents.f.deviation={misreport: {scale: 1}, schedule: [], speed: 2}")
	assert.Len(t, problems(t, err), 2, "a second and a third")
	_, err = loadText(valid, "agents.f.deviation.speed=fast")
	assert.Equal(t, []string{`--set 'agents.f.deviation.speed=fast': column 26: agents.f.deviation.speed: got "fast", want a number`}, problems(t, err))
}
