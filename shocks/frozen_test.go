package shocks

// Golden values: do not change: frozen. The numbers of a key are part of what
// users rely on; a result computed with an earlier version must come out again.
// They were printed by this package when its statistical tests first passed.

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

var frozenKey = Key{Seed: 2026, Path: 123456789, Channel: 0xdeadbeef, Purpose: Jumps}

func TestFrozenFloat64(t *testing.T) {
	requireFrozen(t, (*Stream).Float64, 0xa6ef2f8702931e46, 0x1.a7806ebf0d196p-02, 0x1.91e303422d2bbp-01, 0x1.5a12ea0da95e6p-02, 0x1.597fa9f0a60ep-01, 0x1.d205b5484714cp-03, 0x1.7f6b2d669a638p-01)
}

func TestFrozenNorm(t *testing.T) {
	requireFrozen(t, (*Stream).Norm, 0x879c6793b27ad669, -0x1.19b16b399e77ap-01, 0x1.67b0097c8700cp-01, -0x1.67472ce63f246p-02, 0x1.0a19f2ac72232p-01, -0x1.be93276f8c01bp-01, 0x1.4220d92ed5f7fp-01)
}

func TestFrozenExp(t *testing.T) {
	requireFrozen(t, (*Stream).Exp, 0x9a71a574d8158413, 0x1.5bdad3d563412p+01, 0x1.cf2f5c504d58fp-01, 0x1.45f18b3526a88p-02, 0x1.1013ba8a906b4p+00, 0x1.a39f38fbdb7efp-02, 0x1.cc84a8a6cfc19p-01)
}

// The digest of a million numbers also covers wedges and tails.
func requireFrozen(t *testing.T, draw func(*Stream) float64, digest uint64, first ...float64) {
	t.Helper()
	require.NotEmpty(t, first)
	s, h := NewStream(frozenKey), uint64(0)
	for i := range 1 << 20 {
		x := draw(s)
		if i < len(first) {
			require.Equal(t, first[i], x, "number %d", i)
		}
		h = (h ^ math.Float64bits(x)) * 0x100000001b3
	}
	require.Equal(t, digest, h, "digest %#x", h)
}

func TestFrozenChannels(t *testing.T) {
	// The empty string, "a" and "foobar" are test vectors of FNV-1a's authors.
	for name, want := range map[string]uint64{
		"":            0xcbf29ce484222325,
		"a":           0xaf63dc4c8601ec8c,
		"foobar":      0x85944171f73967e8,
		"slow trader": 0x22105cf2adb23eac,
		"Händler α":   0x7002aa58f269b6ae,
	} {
		require.Equal(t, want, Channel(name), name)
	}
}

func TestFrozenPurposes(t *testing.T) {
	require.Equal(t, [...]uint64{0, 0, 1, 2, 3, 4},
		[...]uint64{Simulation, Inventory, Arrivals, Fundamental, Duration, Jumps})
}

func TestFrozenIncrements(t *testing.T) {
	b, err := NewBrownian(equicorrelated(3, 0.25), channels(3))
	require.NoError(t, err)
	source, dst := b.Increments(Config{Seed: 2026, Step: 0.125, Paths: 2, Antithetic: true}), tile(3, 2)
	source.Start(41, 2)
	for range 50 {
		source.Next(dst)
	}
	require.Equal(t, [][]float64{{0x1.1288cf430ebfp-02, 0x1.24e932f48aec7p-04}, {-0x1.6357e06b49f72p-03, 0x1.ca37989db1f12p-03}, {0x1.67c3039e5962bp-01, 0x1.0e069bd64b21ep-03}}, dst)
}

func TestFrozenJumps(t *testing.T) {
	p, err := NewCompoundPoisson(equicorrelated(3, 0.25), 40, channels(3))
	require.NoError(t, err)
	source, dst := p.Increments(Config{Seed: 2026, Step: 0.125, Paths: 2, Antithetic: true}), tile(3, 2)
	source.Start(41, 2)
	for range 50 {
		source.Next(dst)
	}
	require.Equal(t, [][]float64{{-0x1.301e058d2b78ep-04, -0x1.2d89c5b994bc9p-08}, {-0x1.9510a6e86deaap-02, 0x1.440418184ff02p-02}, {0x1.f460be2643728p-02, 0x1.3ef7fb9d47p-03}}, dst)
}
