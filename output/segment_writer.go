package output

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// SegmentWriter writes the data of one segment. Until Commit returns, the
// segment does not exist.
type SegmentWriter struct {
	dir   *Directory
	first int64
	sink  *sink
	done  bool
}

// NewSegment starts the segment whose first block is first. Segments may be
// written at the same time and committed in any order.
func (d *Directory) NewSegment(first int64) (*SegmentWriter, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.usable(); err != nil {
		return nil, err
	}
	if first < 0 || d.writing[first] || d.overlaps(first, first+1) {
		return nil, fmt.Errorf("output: segment at block %d exists or cannot", first)
	}
	s, err := d.disk.create(d.segmentPath(first) + ".temporary")
	if err != nil {
		return nil, err
	}
	d.writing[first] = true
	return &SegmentWriter{dir: d, first: first, sink: s}, nil
}

func (d *Directory) overlaps(first, last int64) bool {
	return slices.ContainsFunc(d.segments, func(s Segment) bool { return s.First < last && first < s.Last })
}

// Write appends p to the segment's data. It is buffered: an error may come
// later, but no later than Commit.
func (w *SegmentWriter) Write(p []byte) (int, error) {
	if w.done {
		return 0, errors.New("output: write to a finished segment")
	}
	return w.sink.Write(p)
}

// Commit makes the segment permanent as blocks [first, last), together with
// the caller's summary: the data are synced and named first, then the mark.
// After an error the segment does not exist.
func (w *SegmentWriter) Commit(last int64, summary []byte) (Segment, error) {
	if w.done {
		return Segment{}, errors.New("output: segment is finished already")
	}
	defer w.release()
	d := w.dir
	d.mu.Lock()
	refused := d.usable()
	if refused == nil && (last <= w.first || d.overlaps(w.first, last)) {
		refused = fmt.Errorf("output: segment of blocks [%d, %d) is empty or overlaps another", w.first, last)
	}
	d.mu.Unlock()
	if refused != nil {
		w.sink.abort()
		return Segment{}, refused
	}
	s, err := w.commit(last, summary)
	if err != nil {
		return Segment{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	at, _ := slices.BinarySearchFunc(d.segments, s.First, func(s Segment, first int64) int {
		return int(max(-1, min(1, s.First-first)))
	})
	d.segments = slices.Insert(d.segments, at, s)
	return s, nil
}

func (w *SegmentWriter) commit(last int64, summary []byte) (Segment, error) {
	if err := w.sink.finish(); err != nil {
		return Segment{}, err
	}
	body, err := json.Marshal(mark{First: w.first, Last: last, Bytes: w.sink.size, SHA256: w.sink.hex(), Summary: summary})
	if err != nil {
		return Segment{}, err // cannot be: numbers and bytes only
	}
	k, base := w.dir.disk, w.dir.segmentPath(w.first)
	if err := k.rename(w.sink.path, base+dataSuffix); err != nil {
		return Segment{}, err
	}
	text := append([]byte(checksum(body)+"\n"), body...)
	if err := k.replace(base+markSuffix, base+markSuffix+".temporary", text); err != nil {
		_ = k.remove(base + markSuffix) // it may have its name already
		return Segment{}, err
	}
	return Segment{First: w.first, Last: last, Summary: slices.Clone(summary), Bytes: w.sink.size, path: base + dataSuffix}, nil
}

// Abort drops the segment. After Commit it does nothing.
func (w *SegmentWriter) Abort() error {
	if w.done {
		return nil
	}
	defer w.release()
	_ = w.sink.file.Close()
	return w.sink.disk.remove(w.sink.path)
}

func (w *SegmentWriter) release() {
	w.done = true
	w.dir.mu.Lock()
	defer w.dir.mu.Unlock()
	delete(w.dir.writing, w.first)
}
