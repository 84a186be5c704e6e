package output

import (
	"encoding/binary"
	"slices"

	"github.com/parquet-go/parquet-go/compress/zstd"
	"github.com/parquet-go/parquet-go/encoding/delta"
	"github.com/parquet-go/parquet-go/encoding/plain"
	"github.com/parquet-go/parquet-go/encoding/rle"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// codec is zstd at level 1. What it makes of a page depends on the page alone.
var codec = &zstd.Codec{Level: zstd.SpeedFastest}

// columnWriter gathers one column of a row group: the page under way, and the
// finished pages, compressed.
//
// It stands in for the column writer of the Parquet library, which takes a third
// longer, because it passes every value through a struct of 24 bytes. The
// library's way to save time, SkipPageBounds, must not be used: the bounds in
// the page index are then 0, and a reader that trusts them loses rows.
type columnWriter struct {
	Column
	page   values  // present values; of names and grids, only their codes
	codes  []int32 // places in the dictionary
	levels []byte  // of a nullable column: 1 where there is a value
	nulls  int     // in the page

	dict  dictionary
	stats bounds

	chunk    []byte // finished pages
	raw      int64  // their size before compression
	rows     int64  // in the row group, in finished pages
	rowNulls int64

	plain, scratch, packed []byte // reused
}

// add appends rows [from, to) of a batch to the page.
func (c *columnWriter) add(src *values, from, to int) {
	var nulls []int32
	if c.Nullable {
		first, _ := slices.BinarySearch(src.nulls, int32(from))
		last, _ := slices.BinarySearch(src.nulls, int32(to))
		nulls = src.nulls[first:last]
		c.nulls += len(nulls)
		c.mark(nulls, from, to)
	}
	switch c.Kind {
	case Int32:
		c.page.ints = appendPresent(c.page.ints, src.ints, nulls, from, to)
	case Int64:
		c.page.longs = appendPresent(c.page.longs, src.longs, nulls, from, to)
	case Float64:
		c.page.floats = appendPresent(c.page.floats, src.floats, nulls, from, to)
	case Bool:
		c.page.bools = appendPresent(c.page.bools, src.bools, nulls, from, to)
	case Name:
		eachPresent(nulls, from, to, func(i, j int) { c.codes = c.dict.addNames(c.codes, src.names[i:j]) })
	case Grid:
		eachPresent(nulls, from, to, func(i, j int) { c.codes = c.dict.addFloats(c.codes, src.floats[i:j]) })
	}
}

// mark appends the definition levels of rows [from, to).
func (c *columnWriter) mark(nulls []int32, from, to int) {
	at := len(c.levels)
	c.levels = slices.Grow(c.levels, to-from)[:at+to-from]
	levels := c.levels[at:]
	for i := range levels {
		levels[i] = 1
	}
	for _, row := range nulls {
		levels[int(row)-from] = 0
	}
}

// eachPresent calls f for every run of rows in [from, to) between nulls.
func eachPresent(nulls []int32, from, to int, f func(i, j int)) {
	for _, row := range nulls {
		if from < int(row) {
			f(from, int(row))
		}
		from = int(row) + 1
	}
	if from < to {
		f(from, to)
	}
}

func appendPresent[T any](dst, src []T, nulls []int32, from, to int) []T {
	if len(nulls) == 0 {
		return append(dst, src[from:to]...)
	}
	eachPresent(nulls, from, to, func(i, j int) { dst = append(dst, src[i:j]...) })
	return dst
}

// finishPage encodes and compresses the page, if there is anything in it.
func (c *columnWriter) finishPage() error {
	present := c.page.len() + len(c.codes)
	if present+c.nulls == 0 {
		return nil
	}
	body, err := c.encode()
	if err != nil {
		return err
	}
	if c.Nullable {
		if body, err = c.withLevels(body); err != nil {
			return err
		}
	}
	header := format.PageHeader{Type: format.DataPage}
	header.DataPageHeader = thrift.New(format.DataPageHeader{
		NumValues:               int32(present + c.nulls),
		Encoding:                c.Kind.encoding(),
		DefinitionLevelEncoding: format.RLE,
		RepetitionLevelEncoding: format.RLE,
		Statistics:              format.Statistics{NullCount: int64(c.nulls)},
	})
	c.rows += int64(present + c.nulls)
	c.rowNulls += int64(c.nulls)
	c.stats.observe(&c.page)
	c.page.reset()
	c.codes, c.levels, c.nulls = c.codes[:0], c.levels[:0], 0
	return c.emit(&header, body)
}

// encode returns the values of the page as bytes.
func (c *columnWriter) encode() (_ []byte, err error) {
	switch c.Kind {
	case Int32:
		c.plain, err = new(delta.BinaryPackedEncoding).EncodeInt32(c.plain[:0], c.page.ints)
	case Int64:
		c.plain, err = new(delta.BinaryPackedEncoding).EncodeInt64(c.plain[:0], c.page.longs)
	case Float64:
		c.plain, err = new(plain.Encoding).EncodeDouble(c.plain[:0], c.page.floats)
	case Bool:
		c.plain = packBits(c.plain[:0], c.page.bools)
	case Name, Grid:
		c.plain, err = new(rle.DictionaryEncoding).EncodeInt32(c.plain[:0], c.codes)
	}
	return c.plain, err
}

func packBits(dst []byte, src []bool) []byte {
	for i, v := range src {
		if i%8 == 0 {
			dst = append(dst, 0)
		}
		if v {
			dst[len(dst)-1] |= 1 << (i % 8)
		}
	}
	return dst
}

// withLevels puts the definition levels, preceded by their length, before the
// values.
func (c *columnWriter) withLevels(body []byte) ([]byte, error) {
	levels, err := (&rle.Encoding{BitWidth: 1}).EncodeLevels(c.packed[:0], c.levels)
	if err != nil {
		return nil, err
	}
	c.packed = levels
	c.scratch = binary.LittleEndian.AppendUint32(c.scratch[:0], uint32(len(levels)))
	c.scratch = append(append(c.scratch, levels...), body...)
	return c.scratch, nil
}

// emit compresses a page and appends it, with its header, to the chunk.
func (c *columnWriter) emit(header *format.PageHeader, body []byte) (err error) {
	if c.packed, err = codec.Encode(c.packed[:0], body); err != nil {
		return err
	}
	header.UncompressedPageSize = int32(len(body))
	header.CompressedPageSize = int32(len(c.packed))
	text, err := thrift.Marshal(new(thrift.CompactProtocol), header)
	if err != nil {
		return err
	}
	c.raw += int64(len(text) + len(body))
	if len(body) >= 8*pageRows && len(c.chunk) == 0 {
		// The first of many: room for all of them, instead of copies.
		c.chunk = slices.Grow(c.chunk, groupRows/pageRows*(len(c.packed)+len(text)+64))
	}
	c.chunk = append(append(c.chunk, text...), c.packed...)
	return nil
}
