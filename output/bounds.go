package output

import (
	"encoding/binary"
	"math"

	"github.com/parquet-go/parquet-go/format"
)

// bounds are the least and greatest values of a row group, by which readers
// skip it. Those of names and grids are found in their dictionaries.
type bounds struct {
	known  bool
	ints   [2]int64
	floats [2]float64
}

func (b *bounds) observe(v *values) {
	for _, x := range v.ints {
		b.observeInt(int64(x))
	}
	for _, x := range v.longs {
		b.observeInt(x)
	}
	if len(v.floats) > 0 {
		b.observeFloats(v.floats)
	}
}

func (b *bounds) observeInt(x int64) {
	if !b.known {
		b.known, b.ints = true, [2]int64{x, x}
	}
	b.ints[0], b.ints[1] = min(b.ints[0], x), max(b.ints[1], x)
}

func (b *bounds) observeFloats(vs []float64) {
	lo, hi := b.floats[0], b.floats[1]
	if !b.known {
		b.known, lo, hi = true, vs[0], vs[0]
	}
	for _, v := range vs { // finite, so two comparisons do
		if v < lo {
			lo = v
		}
		if v > hi {
			hi = v
		}
	}
	b.floats = [2]float64{lo, hi}
}

// statistics returns the bounds as the footer has them.
func (b *bounds) statistics(k Kind, nulls int64) format.Statistics {
	s := format.Statistics{NullCount: nulls}
	for i, to := range []*[]byte{&s.MinValue, &s.MaxValue} {
		switch {
		case !b.known:
		case k == Int32:
			*to = binary.LittleEndian.AppendUint32(nil, uint32(b.ints[i]))
		case k == Int64:
			*to = binary.LittleEndian.AppendUint64(nil, uint64(b.ints[i]))
		case k == Float64 || k == Grid:
			v := b.floats[i]
			if v == 0 { // both zeros lie within [−0, +0]
				v = math.Copysign(0, float64(2*i-1))
			}
			*to = binary.LittleEndian.AppendUint64(nil, math.Float64bits(v))
		}
	}
	return s
}
