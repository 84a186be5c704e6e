package shocks

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	exprand "golang.org/x/exp/rand" //lint:ignore SA1019 the compatibility with the deprecated package is what is tested
	"gonum.org/v1/gonum/stat/distuv"
)

// Both interfaces a Stream promises to satisfy.
var (
	_ rand.Source    = (*Stream)(nil)
	_ exprand.Source = (*Stream)(nil)
)

func TestStreamIsASourceOfMathRandV2(t *testing.T) {
	key := Key{Seed: 11, Path: 5}
	words, r := NewStream(key), rand.New(NewStream(key))
	for range 10 {
		require.Equal(t, words.Uint64(), r.Uint64())
	}
}

func TestStreamIsASourceOfExpRand(t *testing.T) {
	words, r := NewStream(Key{Seed: 12}), exprand.New(new(Stream))
	r.Seed(12)
	for range 10 {
		require.Equal(t, words.Uint64(), r.Uint64())
	}
}

func TestGonumsDistributionsAcceptAStream(t *testing.T) {
	const n, shape = 20000, 2.5
	g := distuv.Gamma{Alpha: shape, Beta: 1, Src: NewStream(Key{Seed: 13})}
	sum := 0.0
	for range n {
		sum += g.Rand()
	}
	requireNear(t, shape, sum/n, shape/n, "mean")
}

func TestSeedIsResetToTheSeedAlone(t *testing.T) {
	s := NewStream(Key{Seed: 1, Domain: 2, Path: 3, Channel: 4, Purpose: 5})
	s.Seed(99)
	require.Equal(t, *NewStream(Key{Seed: 99}), *s)
}

func TestEveryPartOfTheKeyCounts(t *testing.T) {
	base := Key{Seed: 1, Domain: 2, Path: 3, Channel: 4, Purpose: 5}
	keys := []Key{base, base, base, base, base, base}
	keys[1].Seed++
	keys[2].Domain++
	keys[3].Path++
	keys[4].Channel++
	keys[5].Purpose++
	seen := map[uint64]bool{}
	for _, k := range keys {
		seen[NewStream(k).Uint64()] = true
	}
	require.Len(t, seen, len(keys))
}
