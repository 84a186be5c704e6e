package output

import (
	"encoding/binary"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// magic begins and ends a Parquet file.
const magic = "PAR1"

// newFooter describes a file without rows.
func newFooter(s Schema, pairs map[string]string) format.FileMetaData {
	f := format.FileMetaData{
		Version:          2,
		Schema:           s.elements(),
		KeyValueMetadata: sorted(pairs),
		CreatedBy:        "walras",
	}
	for range s {
		// Without it, readers ignore the bounds of the row groups.
		f.ColumnOrders = append(f.ColumnOrders, format.ColumnOrder{Value: &format.TypeDefinedOrder{}})
	}
	return f
}

// flush ends the column's row group: it writes the dictionary, if any, and the
// pages, and returns what the footer says about them.
func (c *columnWriter) flush(out *offsetWriter) (format.ColumnChunk, error) {
	var chunk format.ColumnChunk
	if err := c.finishPage(); err != nil {
		return chunk, err
	}
	m := format.ColumnMetaData{
		Type:           c.Kind.physical(),
		Encoding:       c.encodings(),
		PathInSchema:   []string{c.Name},
		Codec:          format.Zstd,
		NumValues:      c.rows,
		DataPageOffset: out.at,
		Statistics:     c.stats.statistics(c.Kind, c.rowNulls),
	}
	start := out.at
	if c.Kind.encoding() == format.RLEDictionary {
		m.Statistics = c.dict.statistics(c.Kind, c.rowNulls)
		pages := c.chunk
		c.chunk = nil
		if err := c.emit(c.dict.page(), c.dict.text); err != nil {
			return chunk, err
		}
		if err := out.write(c.chunk); err != nil {
			return chunk, err
		}
		c.chunk = pages
		m.DictionaryPageOffset, m.DataPageOffset = start, out.at
	}
	if err := out.write(c.chunk); err != nil {
		return chunk, err
	}
	m.TotalCompressedSize, m.TotalUncompressedSize = out.at-start, c.raw
	c.chunk, c.raw, c.rows, c.rowNulls, c.stats = c.chunk[:0], 0, 0, 0, bounds{}
	c.dict.reset()
	chunk.MetaData = m
	return chunk, nil
}

// encodings lists all that occur in the column's pages.
func (c *columnWriter) encodings() []format.Encoding {
	all := []format.Encoding{c.Kind.encoding()}
	if all[0] == format.RLEDictionary {
		all = append(all, format.Plain) // of the dictionary itself
	}
	return append(all, format.RLE) // of the levels
}

// writeFooter ends the file.
func writeFooter(out *offsetWriter, f *format.FileMetaData) error {
	text, err := thrift.Marshal(new(thrift.CompactProtocol), f)
	if err != nil {
		return err
	}
	text = binary.LittleEndian.AppendUint32(text, uint32(len(text)))
	return out.write(append(text, magic...))
}
