package scenarios

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// bomb is the "billion laughs": each level doubles the one before.
func bomb(levels int) string {
	var b strings.Builder
	b.WriteString("a0: &a0 x\n")
	for i := 1; i <= levels; i++ {
		fmt.Fprintf(&b, "a%d: &a%d [*a%d, *a%d]\n", i, i, i-1, i-1)
	}
	return b.String()
}

func TestHostileFiles(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"too large":         {strings.Repeat("#", maxBytes+1), "<stdin>:1:1: the scenario is larger than 1 MB, the limit; is this the right file?"},
		"without end":       {strings.Repeat("x", 5*maxBytes), "<stdin>:1:1: the scenario is larger than 1 MB, the limit; is this the right file?"},
		"empty":             {"", "<stdin>:1:1: the scenario is empty; start from a built-in one: sim init five-traders"},
		"only a comment":    {"# nothing\n", "<stdin>:1:1: the scenario is empty; start from a built-in one: sim init five-traders"},
		"not UTF-8":         {"schema: 1\nname: é\xff\n", "<stdin>:2:8: byte 0xff is not UTF-8; save the file as UTF-8"},
		"NUL":               {"schema: 1\nname: a\x00b\n", "<stdin>:2:8: control character U+0000; remove it, or write it as an escape in double quotes"},
		"not YAML":          {"schema: [1\nname: x\n", "<stdin>:2:5: not YAML: while parsing a flow sequence, did not find expected ',' or ']'"},
		"tab":               {"clock:\n\tstep: 1\n", "<stdin>:2:1: not YAML: while scanning for the next token, found character that cannot start any token; indent with spaces, not tabs; put text that begins with a special character in quotes"},
		"deep":              {"x: " + strings.Repeat("[", 40) + strings.Repeat("]", 40), "<stdin>:1:36: x" + strings.Repeat("[0]", 19) + "[0…: nested deeper than 32 levels, the limit"},
		"bomb":              {bomb(30), "aliases stand for more than 10000 values, the limit; write the values out, or use count"},
		"alias of itself":   {"a: &a [*a]", "nested deeper than 32 levels, the limit"},
		"aliases of itself": {"a: &a [*a, *a]", "nested deeper than 32 levels, the limit"},
		"a list":            {"- 1", "<stdin>:1:1: got a list, want a mapping of keys"},
		"null":              {"~", "<stdin>:1:1: got null, want a mapping of keys"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := loadText(c.text)
			got := problems(t, err)
			assert.Contains(t, strings.Join(got, "\n"), c.want)
		})
	}
}

func TestDeepButUnbalancedAndWideFilesEnd(t *testing.T) {
	row := "[" + strings.Repeat("1,", 100_000) + "1]"
	for _, text := range []string{
		strings.Repeat("[", maxBytes), strings.Repeat("- ", maxBytes/2), strings.Repeat("? ", maxBytes/2),
		valid + "shocks: {covariance: " + row + "}",
		valid + "shocks: {correlation: [" + row + "]}",
		valid + strings.Repeat("wrong: 1\n", 50_000),
		valid + "sweep: [{key: clock.step, values: " + row + "}]",
	} {
		start := time.Now()
		_, err := loadText(text)
		assert.NotEmpty(t, problems(t, err))
		assert.Less(t, time.Since(start), 30*time.Second, "hangs")
	}
}

// A short file may stand for a long one, which could not be loaded again.
func TestTheCanonicalFormIsLimited(t *testing.T) {
	var b strings.Builder
	for i := range 15_000 {
		fmt.Fprintf(&b, "  - {name: y%d, kind: trader, holding_cost: 1}\n", i)
	}
	_, err := loadText(valid + b.String())
	assert.Equal(t, []string{"<stdin>:1:1: the scenario with all its defaults is larger than 1 MB, the limit"}, problems(t, err))
}

func TestManyProblemsStayReadable(t *testing.T) {
	var b strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&b, "wrong%d: 1\n", i)
	}
	_, err := loadText(valid + b.String())
	lines := strings.Split(err.Error(), "\n")
	assert.Len(t, lines, maxPrinted+1)
	assert.Equal(t, "… and 900 more problems", lines[maxPrinted])
}

func TestMessagesHideNothing(t *testing.T) {
	_, err := loadText(valid + "\"a\\nb\\u202e\": 1\n")
	assert.NotContains(t, err.Error(), "\n")
	assert.NotContains(t, err.Error(), "\u202e")
	_, err = Load("no\x1b[31m.yaml", Options{})
	assert.NotContains(t, err.Error(), "\x1b")
	assert.Contains(t, err.Error(), `no\x1b[31m.yaml`)
}

func TestJSONFromOtherPrograms(t *testing.T) {
	s := mustLoad(t, "{\n\t\"schema\": 1, \"name\": \"x\", \"title\": \"\\ud83d\\ude00 \\\\ud83d \\/ <b>\",\n\t\"market\": \"double_auction\", \"discount_rate\": 1E0,\r\n\t\"clock\": {\"step\": 1, \"horizon\": 1},\n\t\"agents\": [{\"name\": \"a\", \"kind\": \"trader\", \"holding_cost\": 1, \"count\": 2}]\n}")
	assert.Equal(t, "\U0001F600 \\ud83d / <b>", s.Title)
}

func TestAliasesInModerationAreFine(t *testing.T) {
	s := mustLoad(t, strings.NewReplacer("holding_cost: 1.3", "holding_cost: &b 1.3", "holding_cost: 1.7", "holding_cost: *b").Replace(valid))
	assert.Equal(t, 1.3, s.Agents[1].HoldingCost)
}
