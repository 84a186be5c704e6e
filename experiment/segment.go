package experiment

import (
	"bytes"
	"encoding/binary"
	"encoding/gob"
	"fmt"
	"io"
	"math"
	"slices"

	"walras/montecarlo"
	"walras/output"
)

// segmentWork is how many agent-steps a committed segment holds, about: two
// seconds of work on two cores, which is what a crash can cost.
var segmentWork int64 = 1 << 28 // a variable for tests alone

// segmentBlocks is the number of blocks in a segment of a simulation.
func segmentBlocks(s *montecarlo.Simulation) int64 {
	moments := float64(s.Clock.Steps)
	if s.Arrivals != nil {
		moments += s.Arrivals.Investors.Rate() * s.Clock.At(s.Clock.Steps).Time
	}
	perBlock := montecarlo.BlockSize * moments * float64(len(s.Names)) * (1 + s.JumpRate*s.Clock.Step)
	return max(1, int64(float64(segmentWork)/perBlock))
}

// kept is what a segment keeps of the paths of a block.
type kept struct{ outcomes, recorded, events []float64 }

// eventNumbers is how many numbers stand for an event: path, time, side, price and
// quantity.
const eventNumbers = 5

func keptOf(r *montecarlo.Result) kept {
	k := kept{outcomes: r.Outcomes, recorded: r.Recorded}
	for _, e := range r.Events {
		k.events = append(k.events, float64(e.Path), e.Time, float64(e.Side), e.Price, e.Quantity)
	}
	return k
}

func (k *kept) lists() []*[]float64 { return []*[]float64{&k.outcomes, &k.recorded, &k.events} }

// encodeBlock is the data of a block as it stands in a segment: the lengths of its
// lists, then the numbers.
func encodeBlock(w io.Writer, r *montecarlo.Result) error {
	k := keptOf(r)
	var buffer []byte
	for _, list := range k.lists() {
		buffer = binary.LittleEndian.AppendUint64(buffer, uint64(len(*list)))
	}
	for _, list := range k.lists() {
		buffer = slices.Grow(buffer, 8*len(*list))
		for _, v := range *list {
			buffer = binary.LittleEndian.AppendUint64(buffer, math.Float64bits(v))
		}
	}
	_, err := w.Write(buffer)
	return err
}

// blockReader reads the blocks of a segment one after another.
type blockReader struct {
	source io.Reader
	buffer []byte
}

// next returns what is kept of the next block, or io.EOF after the last.
func (b *blockReader) next() (k kept, err error) {
	head := make([]byte, 8*len(k.lists()))
	if _, err := io.ReadFull(b.source, head); err != nil {
		return k, err
	}
	for i, list := range k.lists() {
		if *list, err = b.floats(binary.LittleEndian.Uint64(head[8*i:])); err != nil {
			return k, err
		}
	}
	return k, nil
}

func (b *blockReader) floats(n uint64) ([]float64, error) {
	if uint64(cap(b.buffer)) < 8*n {
		b.buffer = make([]byte, 8*n)
	}
	data := b.buffer[:8*n]
	if _, err := io.ReadFull(b.source, data); err != nil {
		return nil, fmt.Errorf("segment: %w", err)
	}
	list := make([]float64, n)
	for i := range list {
		list[i] = math.Float64frombits(binary.LittleEndian.Uint64(data[8*i:]))
	}
	return list, nil
}

func encodeNodes(nodes []montecarlo.Node) ([]byte, error) {
	var b bytes.Buffer
	err := gob.NewEncoder(&b).Encode(nodes)
	return b.Bytes(), err
}

func decodeNodes(summary []byte) ([]montecarlo.Node, error) {
	var nodes []montecarlo.Node
	err := gob.NewDecoder(bytes.NewReader(summary)).Decode(&nodes)
	return nodes, err
}

// journal commits finished blocks to the run directory, segment by segment, and
// keeps the tree of their sums.
type journal struct {
	directory *output.Directory
	every     int64 // blocks in a segment
	total     int64 // blocks of the run
	next      int64
	tree      montecarlo.Tree // of the whole run
	part      montecarlo.Tree // of the open segment
	writer    *output.SegmentWriter
	first     int64
	written   []output.Segment
}

// newJournal continues after the segments that were committed before.
func newJournal(d *output.Directory, sim *montecarlo.Simulation) (*journal, error) {
	j := &journal{directory: d, every: segmentBlocks(sim), total: sim.Blocks()}
	segments, err := d.Segments()
	if err != nil {
		return nil, err
	}
	for _, s := range segments {
		nodes, err := decodeNodes(s.Summary)
		if err != nil {
			return nil, &output.Error{Op: "read the summary of a segment in", Path: d.Path(), Err: err}
		}
		for _, n := range nodes {
			j.tree.Push(n)
		}
		j.next = s.Last
		j.written = append(j.written, s)
	}
	return j, nil
}

// add takes the next block.
func (j *journal) add(r *montecarlo.Result) error {
	if j.writer == nil {
		w, err := j.directory.NewSegment(r.Block)
		if err != nil {
			return err
		}
		j.writer, j.first, j.part = w, r.Block, montecarlo.Tree{}
	}
	if err := encodeBlock(j.writer, r); err != nil {
		return err
	}
	j.part.Push(montecarlo.Node{Index: r.Block, Sums: r.Sums})
	j.next = r.Block + 1
	if j.next-j.first >= j.every || j.next == j.total {
		return j.commit()
	}
	return nil
}

// commit closes the open segment, if there is one.
func (j *journal) commit() error {
	if j.writer == nil {
		return nil
	}
	summary, err := encodeNodes(j.part.Nodes)
	if err != nil {
		return err
	}
	segment, err := j.writer.Commit(j.next, summary)
	j.writer = nil
	if err != nil {
		return err
	}
	for _, n := range j.part.Nodes {
		j.tree.Push(n)
	}
	j.written = append(j.written, segment)
	return nil
}
