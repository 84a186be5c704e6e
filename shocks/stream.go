package shocks

import "math/bits"

// Domains of streams: what the random numbers are for, at the largest scale.
const (
	// Simulation is the domain of the simulated paths.
	Simulation uint64 = 0
)

// Purposes of streams: what an agent's channel is used for on one path.
const (
	Inventory   uint64 = 0 // shocks to an agent's inventory
	Arrivals    uint64 = 1 // arrival times
	Fundamental uint64 = 2 // shocks to the asset's value
	Duration    uint64 = 3 // random lengths of time
	Jumps       uint64 = 4 // sizes of jumps
)

// Key names a stream. A stream is a pure function of its key, and streams of
// different keys are independent for all statistical purposes.
type Key struct {
	Seed    uint64 // seed of the run
	Domain  uint64 // Simulation
	Path    uint64 // number of the path
	Channel uint64 // whose: see Channel
	Purpose uint64 // Inventory, Arrivals, …
}

// Stream is the generator SFC64 ("small fast chaotic", 64 bits) of Doty-Humphrey,
// PractRand 0.94 (2018), keyed by [Philox]. Its period is at least 2⁶⁴ words.
//
// It implements math/rand/v2.Source and the method set of
// golang.org/x/exp/rand.Source. The zero Stream is not ready; use [NewStream] or
// [Stream.Reset]. A Stream may be copied: the copy continues on its own.
type Stream struct{ a, b, c, w uint64 }

// discarded is the number of words drawn before the first one that is used,
// as PractRand does for a seed of three words, so that the state is mixed.
const discarded = 12

// NewStream returns the stream of key k, at its start.
func NewStream(k Key) *Stream {
	s := new(Stream)
	s.Reset(k)
	return s
}

// Reset puts s at the start of the stream of key k. It does not allocate.
func (s *Stream) Reset(k Key) {
	x := Philox([2]uint64{k.Seed, k.Domain}, [4]uint64{k.Path, k.Channel, k.Purpose, 0})
	// The loop of Uint64, in registers.
	a, b, c := x[0], x[1], x[2]
	for w := uint64(1); w <= discarded; w++ {
		u := a + b + w
		a, b, c = b^b>>11, c+c<<3, bits.RotateLeft64(c, 24)+u
	}
	*s = Stream{a, b, c, discarded + 1}
}

// Seed puts s at the start of the stream of Key{Seed: seed}. With Uint64 it
// makes the method set of golang.org/x/exp/rand.Source.
func (s *Stream) Seed(seed uint64) { s.Reset(Key{Seed: seed}) }

// Uint64 returns the next word: 64 uniform bits.
func (s *Stream) Uint64() uint64 {
	u := s.a + s.b + s.w
	s.w++
	s.a = s.b ^ s.b>>11
	s.b = s.c + s.c<<3
	s.c = bits.RotateLeft64(s.c, 24) + u
	return u
}

// Float64 returns a uniform multiple of 2⁻⁵³ in [0, 1), from one word.
func (s *Stream) Float64() float64 { return float64(s.Uint64()>>11) * 0x1p-53 }

// Channel returns the channel of the agent with this name: its FNV-1a hash
// (Fowler, Noll and Vo; RFC 9923). It depends on the bytes of the name alone,
// not on the agent's place among others.
func Channel(name string) uint64 {
	const offset, prime = 0xcbf29ce484222325, 0x100000001b3
	h := uint64(offset)
	for i := range len(name) {
		h = (h ^ uint64(name[i])) * prime
	}
	return h
}
