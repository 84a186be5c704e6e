package shocks

import "math/bits"

// The multipliers of the two halves of a round, and the Weyl increments of the
// key: ⌊2⁶⁴ (φ−1)⌋ and ⌊2⁶⁴ (√3−1)⌋.
const (
	philoxM0, philoxM1 = 0xd2e7470ee14c6c93, 0xca5a826395121157
	philoxW0, philoxW1 = 0x9e3779b97f4a7c15, 0xbb67ae8584caa73b
	philoxRounds       = 10
)

// Philox is the counter-based generator Philox4x64-10 of Salmon, Moraes, Dror
// and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC'11, 2011): a
// bijection of the 256-bit counter for each key, and a pure function.
//
// It is used here to spread keys over the state space of SFC64, not for the
// draws themselves: SFC64 is faster and a counter is needed only at the start.
func Philox(key [2]uint64, counter [4]uint64) [4]uint64 {
	c0, c1, c2, c3 := counter[0], counter[1], counter[2], counter[3]
	k0, k1 := key[0], key[1]
	for range philoxRounds {
		hi0, lo0 := bits.Mul64(philoxM0, c0)
		hi1, lo1 := bits.Mul64(philoxM1, c2)
		c0, c1, c2, c3 = hi1^c1^k0, lo1, hi0^c3^k1, lo0
		k0 += philoxW0
		k1 += philoxW1
	}
	return [4]uint64{c0, c1, c2, c3}
}
