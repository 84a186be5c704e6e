package shocks

import (
	"encoding/json"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// word is a 64-bit word written as a hexadecimal string.
type word uint64

func (w *word) UnmarshalText(text []byte) error {
	x, err := strconv.ParseUint(string(text), 0, 64)
	*w = word(x)
	return err
}

// oracle is testdata/random.json; its origin is named in testdata/README.md.
type oracle struct {
	Philox []struct {
		Key     [2]word
		Counter [4]word
		Out     [4]word
	} `json:"philox4x64_10"`
	SFC64 []struct {
		State [4]word // as numpy orders it: a, b, c, w
		Out   []word
	}
	Keyed []struct {
		Seed, Domain, Path, Channel, Purpose uint64
		Out                                  []word
	}
}

func readOracle(t *testing.T) (o oracle) {
	t.Helper()
	text, err := os.ReadFile("../testdata/random.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &o))
	return o
}

func TestPhiloxIsNumpys(t *testing.T) {
	cases := readOracle(t).Philox
	require.Len(t, cases, 4)
	for _, c := range cases {
		out := Philox([2]uint64{uint64(c.Key[0]), uint64(c.Key[1])},
			[4]uint64{uint64(c.Counter[0]), uint64(c.Counter[1]), uint64(c.Counter[2]), uint64(c.Counter[3])})
		for i, want := range c.Out {
			require.Equal(t, uint64(want), out[i], "counter %x, word %d", c.Counter, i)
		}
	}
}

func TestStreamIsNumpysSFC64(t *testing.T) {
	cases := readOracle(t).SFC64
	require.Len(t, cases, 2)
	for _, c := range cases {
		s := &Stream{uint64(c.State[0]), uint64(c.State[1]), uint64(c.State[2]), uint64(c.State[3])}
		requireWords(t, s, c.Out)
	}
}

func TestStreamIsKeyedAsWithNumpy(t *testing.T) {
	cases := readOracle(t).Keyed
	require.Len(t, cases, 3)
	for _, c := range cases {
		s := NewStream(Key{c.Seed, c.Domain, c.Path, c.Channel, c.Purpose})
		requireWords(t, s, c.Out)
	}
}

func requireWords(t *testing.T, s *Stream, want []word) {
	t.Helper()
	require.NotEmpty(t, want)
	for i, w := range want {
		require.Equal(t, uint64(w), s.Uint64(), "word %d", i)
	}
}
