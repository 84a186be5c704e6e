package scenarios

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestExtends(t *testing.T) {
	dir := files(t, map[string]string{
		"base/parent.yaml": strings.Replace(valid, "clock:", "shocks: {correlation: 0.1}\nrecord: {paths: 7, every: 2}\nmonte_carlo: {variance_reduction: [antithetic]}\nclock:", 1),
		"child.yaml": `extends: base/parent.yaml
name: child
record: {every: 3, paths: null}
shocks: {correlation: null}
monte_carlo: {variance_reduction: []}
agents:
  - {name: b, holding_cost: 9}
  - {name: d, kind: trader, holding_cost: 4}
`})
	s, err := Load(filepath.Join(dir, "child.yaml"), Options{})
	require.NoError(t, err)
	assert.Equal(t, "child", s.Name)
	assert.Equal(t, 0.7, s.DiscountRate)
	assert.Equal(t, 3, s.Record.Every, "mappings merge")
	assert.EqualValues(t, 100, s.Record.Paths, "null clears")
	assert.Nil(t, s.Shocks.Correlation)
	assert.False(t, s.MonteCarlo.Antithetic, "lists replace")
	assert.Equal(t, []Agent{
		{Name: "a", Kind: KindTrader, HoldingCost: 1.3, Inventory: 2, Volatility: 0.1, Count: 1, Conduct: ConductStrategic},
		{Name: "b", Kind: KindTrader, HoldingCost: 9, Inventory: -2, Count: 1, Conduct: ConductStrategic},
		{Name: "f", Kind: KindFringe, HoldingCost: 2.1, Count: 1, Conduct: ConductStrategic},
		{Name: "d", Kind: KindTrader, HoldingCost: 4, Count: 1, Conduct: ConductStrategic},
	}, s.Agents, "agents merge by name")
}

func TestExtendsBuiltin(t *testing.T) {
	s := mustLoad(t, "extends: five-traders\nclock: {step: 0.5}\n", "agents.t1.count=2")
	assert.Equal(t, "five-traders", s.Name)
	assert.Equal(t, 0.5, s.Clock.Step)
	assert.Equal(t, 2, s.Agents[0].Count)
}

func TestProblemsInParents(t *testing.T) {
	dir := files(t, map[string]string{
		"parent.yaml": strings.Replace(valid, "rate: 0.7", "rate: -1", 1) + "wobble: 1\n",
		"child.yaml":  "extends: parent.yaml\nagents:\n  - {name: a, holding_cost: 0}\n  - {name: a, holding_cost: 3}\n",
		"old.yaml":    strings.Replace(valid, "schema: 1", "schema: 2", 1),
		"young.yaml":  "extends: old.yaml\nschema: 1\n",
		"broken.yaml": "x: [",
		"heir.yaml":   "extends: broken.yaml\ndiscount_rate: -1\n",
	})
	at := func(name string) string { return filepath.Join(dir, name) }
	_, err := Load(at("child.yaml"), Options{})
	assert.Equal(t, []string{
		at("child.yaml") + `:3:29: agents.a.holding_cost: got 0, want a number greater than 0`,
		at("child.yaml") + `:4:5: agents.a.kind: the key is missing; How the agent behaves.`,
		at("child.yaml") + `:4:12: agents.a.name: "a" is also the name of agent 1; names must differ`,
		at("parent.yaml") + `:4:16: discount_rate: got -1, want a number greater than 0`,
		at("parent.yaml") + `:10:1: wobble: there is no such key; allowed here: schema, name, title, extends, market, discount_rate, units, clock, shocks, common_values, utility, commitment, agents, fundamental, monte_carlo, record or sweep`,
	}, problems(t, err))
	_, err = Load(at("young.yaml"), Options{})
	assert.Equal(t, []string{at("old.yaml") + ":1:9: schema: got 2, but " + at("young.yaml") + ", which extends this, is of schema 1"}, problems(t, err))
	_, err = Load(at("heir.yaml"), Options{})
	assert.Contains(t, problems(t, err)[0], at("broken.yaml")+":2:1: not YAML")
}

func TestExtendsProblems(t *testing.T) {
	dir := files(t, map[string]string{
		"a.yaml": "schema: 1\nextends: b.yaml\n", "b.yaml": "extends: a.yaml\n",
		"self.yaml": "extends: ./self.yaml", "lost.yaml": "name: x\nextends: five-tradors\n", "number.yaml": "extends: 3", "stdin.yaml": "extends: '-'", "device.yaml": "extends: /dev/tty\n", "dir.yaml": "extends: .\n",
	})
	for name, want := range map[string]string{
		"a.yaml":      "b.yaml:1:10: extends: the scenarios extend each other in a circle: ",
		"self.yaml":   "self.yaml:1:10: extends: the scenarios extend each other in a circle: ",
		"lost.yaml":   "lost.yaml:2:10: extends: ",
		"number.yaml": "number.yaml:1:10: extends: got 3, want the name of a built-in scenario or a file",
		"device.yaml": "/dev/tty: cannot be read: not a regular file",
		"dir.yaml":    "cannot be read: not a regular file",
		"stdin.yaml":  "stdin.yaml:1:10: extends: a scenario cannot extend standard input; name a file or a built-in scenario",
	} {
		_, err := Load(filepath.Join(dir, name), Options{})
		got := problems(t, err)
		assert.Len(t, got, 1, got)
		assert.Contains(t, got[0], want)
	}
	_, err := Load(filepath.Join(dir, "lost.yaml"), Options{})
	assert.ErrorIs(t, err, fs.ErrNotExist)
	assert.Contains(t, err.Error(), "did you mean five-traders?")
	var p Problems
	require.True(t, errors.As(err, &p))
	assert.Equal(t, "extends", p[0].Key)
}

// What is missing is missed in the file that extends, not in its parent.
func TestMissingKeysPointIntoTheChild(t *testing.T) {
	_, err := loadText("extends: five-traders\nclock: {step: null}\n")
	assert.Equal(t, []string{"<stdin>:2:8: clock.step: the key is missing; Time Δ between auctions."}, problems(t, err))
}

func TestLongChainsEnd(t *testing.T) {
	chain := map[string]string{"30.yaml": valid}
	for i := range 30 {
		chain[fmt.Sprintf("%d.yaml", i)] = fmt.Sprintf("extends: %d.yaml\n", i+1)
	}
	dir := files(t, chain)
	_, err := Load(filepath.Join(dir, "0.yaml"), Options{})
	assert.Contains(t, problems(t, err)[0], "more than 20 scenarios extend each other")
	_, err = Load(filepath.Join(dir, "12.yaml"), Options{})
	assert.NoError(t, err)
}
