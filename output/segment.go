package output

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Segment is committed data of the blocks [First, Last) of an unfinished run.
type Segment struct {
	First, Last int64
	Summary     []byte // what the caller committed with it
	Bytes       int64  // size of the data
	path        string
}

// mark is the file that commits a segment. It follows the data to the disk,
// and names it by size and checksum.
type mark struct {
	First   int64  `json:"first"`
	Last    int64  `json:"last"`
	Bytes   int64  `json:"bytes"`
	SHA256  string `json:"sha256"`
	Summary []byte `json:"summary"`
}

const (
	dataSuffix = ".data"
	markSuffix = ".commit"
)

// segmentPath returns the path without suffix; names sort like numbers.
func (d *Directory) segmentPath(first int64) string {
	return d.partial(segmentsName, fmt.Sprintf("%019d", first))
}

// Open returns the segment's data, buffered.
func (s Segment) Open() (io.ReadCloser, error) {
	f, err := os.Open(s.path)
	if err != nil {
		return nil, fail("read", s.path, err)
	}
	return &segmentReader{path: s.path, file: f, buf: bufio.NewReaderSize(f, 1<<17)}, nil
}

type segmentReader struct {
	path string
	file *os.File
	buf  *bufio.Reader
}

// Read names the path in its errors, like everything here.
func (r *segmentReader) Read(p []byte) (int, error) {
	n, err := r.buf.Read(p)
	if err != nil && err != io.EOF {
		err = fail("read", r.path, err)
	}
	return n, err
}

// Close closes the file.
func (r *segmentReader) Close() error { return fail("close", r.path, r.file.Close()) }

// Segments returns the committed segments in order of First, contiguous from
// block 0: one that was committed ahead of a gap is left out until the gap is
// closed. Those of an earlier attempt were verified by size and checksum when
// the directory was opened.
func (d *Directory) Segments() ([]Segment, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	next := int64(0)
	for i, s := range d.segments {
		if s.First != next {
			return slices.Clone(d.segments[:i]), nil
		}
		next = s.Last
	}
	return slices.Clone(d.segments), nil
}

// loadSegments takes over what an earlier attempt has committed, and removes
// the rest: data without a mark, damaged segments, and all after a gap.
func (d *Directory) loadSegments() error {
	folder := d.partial(segmentsName)
	entries, err := os.ReadDir(folder)
	if err != nil {
		return fail("read", folder, err)
	}
	keep := map[string]bool{}
	next := int64(0)
	for _, e := range entries { // sorted by name, so by First
		base, ok := strings.CutSuffix(e.Name(), markSuffix)
		if !ok {
			continue
		}
		s, err := readSegment(filepath.Join(folder, base))
		if err != nil {
			return err
		}
		if s == nil || s.First != next {
			break
		}
		d.segments = append(d.segments, *s)
		keep[base+markSuffix], keep[base+dataSuffix] = true, true
		next = s.Last
	}
	for _, e := range entries {
		if !keep[e.Name()] {
			if err := d.disk.removeTree(filepath.Join(folder, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// readSegment returns nil for what is missing or damaged, and an error only
// where reading failed and another attempt may succeed.
func readSegment(base string) (*Segment, error) {
	if !isFile(base+markSuffix) || !isFile(base+dataSuffix) {
		return nil, nil
	}
	text, err := os.ReadFile(base + markSuffix)
	if err != nil {
		return nil, fail("read", base+markSuffix, err)
	}
	sum, body, _ := strings.Cut(string(text), "\n")
	var m mark
	if checksum([]byte(body)) != sum || json.Unmarshal([]byte(body), &m) != nil || m.Last <= m.First {
		return nil, nil
	}
	path := base + dataSuffix
	size, hash, err := hashFile(path)
	switch {
	case err != nil:
		return nil, err
	case size != m.Bytes || hash != m.SHA256:
		return nil, nil
	}
	return &Segment{First: m.First, Last: m.Last, Summary: m.Summary, Bytes: size, path: path}, nil
}
