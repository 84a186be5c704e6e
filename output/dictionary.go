package output

import (
	"encoding/binary"
	"math"
	"strings"
	"unsafe"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// dictionary numbers the distinct values of a row group in the order in which
// they appear.
type dictionary struct {
	names  map[string]int32
	floats map[uint64]int32 // by bits: −0 is not 0
	text   []byte           // the values, plain
	last   uint64           // the float that came last, and its code
	code   int32
	recent [64]recent // names by their place in memory
}

type recent struct {
	used bool
	name string
	code int32
}

func (d *dictionary) len() int { return len(d.names) + len(d.floats) }

func (d *dictionary) addNames(codes []int32, names []string) []int32 {
	for _, v := range names {
		at := uintptr(unsafe.Pointer(unsafe.StringData(v)))
		r := &d.recent[(at^at>>4)%uintptr(len(d.recent))]
		// Rows share their names: the same place holds the same text.
		if !r.used || unsafe.StringData(r.name) != unsafe.StringData(v) || len(r.name) != len(v) {
			*r = recent{true, v, d.addName(v)}
		}
		codes = append(codes, r.code)
	}
	return codes
}

func (d *dictionary) addName(v string) int32 {
	code, ok := d.names[v]
	if ok {
		return code
	}
	if d.names == nil {
		d.names = map[string]int32{}
	}
	code = int32(len(d.names))
	d.names[strings.Clone(v)] = code
	d.text = binary.LittleEndian.AppendUint32(d.text, uint32(len(v)))
	d.text = append(d.text, v...)
	return code
}

func (d *dictionary) addFloats(codes []int32, vs []float64) []int32 {
	for _, v := range vs {
		bits := math.Float64bits(v)
		if bits != d.last || d.floats == nil {
			d.last, d.code = bits, d.addFloat(bits)
		}
		codes = append(codes, d.code)
	}
	return codes
}

func (d *dictionary) addFloat(bits uint64) int32 {
	code, ok := d.floats[bits]
	if ok {
		return code
	}
	if d.floats == nil {
		d.floats = map[uint64]int32{}
	}
	code = int32(len(d.floats))
	d.floats[bits] = code
	d.text = binary.LittleEndian.AppendUint64(d.text, bits)
	return code
}

// page returns the header of the dictionary's page; its body is d.text.
func (d *dictionary) page() *format.PageHeader {
	h := &format.PageHeader{Type: format.DictionaryPage}
	h.DictionaryPageHeader = thrift.New(format.DictionaryPageHeader{NumValues: int32(d.len()), Encoding: format.Plain})
	return h
}

// statistics returns the bounds of the values.
func (d *dictionary) statistics(k Kind, nulls int64) format.Statistics {
	var b bounds
	for bits := range d.floats {
		b.observeFloats([]float64{math.Float64frombits(bits)})
	}
	s := b.statistics(k, nulls)
	first := true
	var lo, hi string
	for v := range d.names {
		if first || v < lo {
			lo = v
		}
		if first || v > hi {
			hi = v
		}
		first = false
	}
	const longest = 64 // a footer is no place for essays
	if !first && len(lo) <= longest && len(hi) <= longest {
		s.MinValue, s.MaxValue = []byte(lo), []byte(hi)
	}
	return s
}

func (d *dictionary) reset() {
	*d = dictionary{text: d.text[:0]}
}
