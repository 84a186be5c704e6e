package shocks

import "math"

// Config says how a Brownian motion is cut into increments.
type Config struct {
	// Seed is the seed of the run.
	Seed uint64
	// Step is Δ, the length of a period in units of time; positive.
	Step float64
	// Paths is the capacity of a tile, at least 1. The numbers do not depend on
	// it. A buffer takes 32 KB for each agent up to 504 streams (paths, or
	// antithetic pairs), and 64 bytes a stream beyond; 256 is a good choice.
	Paths int
	// Antithetic makes pairs of paths 2j, 2j+1 with opposite shocks, both from
	// the streams of path 2j. A pair counts as one observation.
	Antithetic bool
}

// Increments produces the increments of a Brownian motion for tiles of paths
// advanced together. It belongs to one goroutine.
//
// Normals are drawn for several periods of one path at once, so that the state
// of a stream is loaded rarely, and kept in a small buffer from which the periods
// are handed out.
type Increments struct {
	cfg     Config
	agents  int
	columns []column
	rows    [][]term // for each agent, the nonzero part of its row of √Δ·L

	stride  int // distance of two periods in a buffer
	periods int // capacity of a buffer in periods
	next    int // the next period in the buffers; periods means they are used up
	first   int64
	paths   int
	lanes   int // streams in use for each column: paths, or pairs of paths
	lane    []float64
}

// A column is an agent whose ε is used: its streams and the ε drawn ahead.
type column struct {
	channel uint64
	streams []Stream
	drawn   []float64 // [period][lane]
}

// A term is a nonzero entry of a row of √Δ·L.
type term struct {
	column      int
	coefficient float64 // unit of the shock
}

const (
	bufferSize = 4096 // normals drawn ahead for each agent: 32 KB
	minPeriods = 8    // drawn ahead at least, or loading the state costs too much
	maxPeriods = 32
	lineSize   = 8 // float64s in a cache line
)

// Increments returns a source of increments √Δ·L·ε. It panics if the step is not
// positive and finite, or if there is no room for a path.
func (b *Brownian) Increments(cfg Config) *Increments {
	if !(cfg.Step > 0) || math.IsInf(cfg.Step, 1) {
		panic("shocks: step not positive and finite")
	}
	if cfg.Paths < 1 {
		panic("shocks: tile without paths")
	}
	lanes := cfg.Paths
	if cfg.Antithetic {
		lanes = cfg.Paths/2 + 1 // a tile may begin and end inside a pair
	}
	// One cache line more than needed: a stride that is a power of two would put
	// a whole column into a few sets of the cache.
	stride := lanes + lineSize
	i := &Increments{cfg: cfg, agents: len(b.channels), stride: stride, lane: make([]float64, lanes)}
	i.periods = min(max(bufferSize/stride, minPeriods), maxPeriods)
	i.build(b, lanes)
	return i
}

// build makes the rows, and a column for each agent whose ε enters one of them.
func (i *Increments) build(b *Brownian, lanes int) {
	root := math.Sqrt(i.cfg.Step)
	index := make([]int, len(b.channels))
	for j, channel := range b.channels {
		index[j] = len(i.columns)
		// A factor's column is zero exactly if its pivot is.
		if b.factor.At(j, j) != 0 {
			i.columns = append(i.columns, column{
				channel: channel,
				streams: make([]Stream, lanes),
				drawn:   make([]float64, i.periods*i.stride),
			})
		}
	}
	i.rows = make([][]term, len(b.channels))
	for r := range i.rows {
		for j := range r + 1 {
			if l := b.factor.At(r, j); l != 0 {
				i.rows[r] = append(i.rows[r], term{index[j], l * root})
			}
		}
	}
}

// Start begins a tile at time 0: paths firstPath, firstPath+1, …, as many as
// paths says, at most the capacity. It does not allocate.
func (i *Increments) Start(firstPath int64, paths int) {
	if firstPath < 0 || paths < 1 || paths > i.cfg.Paths {
		panic("shocks: tile outside its capacity, or paths with negative numbers")
	}
	i.first, i.paths, i.lanes, i.next = firstPath, paths, paths, i.periods
	path, step := firstPath, int64(1)
	if i.cfg.Antithetic {
		path, step = firstPath&^1, 2
		i.lanes = int((firstPath+int64(paths)-1)/2 - firstPath/2 + 1)
	}
	for c := range i.columns {
		col := &i.columns[c]
		for lane := range i.lanes {
			col.streams[lane].Reset(Key{
				Seed: i.cfg.Seed, Domain: Simulation, Path: uint64(path + int64(lane)*step),
				Channel: col.channel, Purpose: Inventory,
			})
		}
	}
}

// Next overwrites dst[agent][path] with the increment of the next period, in the
// unit of the shock, for the paths of the tile. An agent without volatility gets
// zeros. It does not allocate.
func (i *Increments) Next(dst [][]float64) {
	if len(dst) != i.agents || i.paths == 0 {
		panic("shocks: destination without a row for each agent, or tile not started")
	}
	if i.next == i.periods {
		i.draw()
	}
	offset := i.next * i.stride
	for r, row := range i.rows {
		out := dst[r][:i.paths]
		switch {
		case len(row) == 0:
			clear(out) // not mirrored: −0 is not 0
		case i.cfg.Antithetic:
			lane := i.lane[:i.lanes]
			i.combine(lane, row, offset)
			mirror(out, lane, int(i.first&1))
		default:
			i.combine(out, row, offset)
		}
	}
	i.next++
}

// draw refills the buffers, path by path.
func (i *Increments) draw() {
	for c := range i.columns {
		col := &i.columns[c]
		for lane := range i.lanes {
			col.streams[lane].NormsStrided(col.drawn[lane:], i.stride, i.periods)
		}
	}
	i.next = 0
}

// combine sets out to the sum of the terms of a row, in the order of the agents.
func (i *Increments) combine(out []float64, row []term, offset int) {
	for k, t := range row {
		l, e := t.coefficient, i.columns[t.column].drawn[offset:][:len(out)]
		if k == 0 {
			for p := range out {
				out[p] = float64(l * e[p])
			}
			continue
		}
		for p := range out {
			out[p] += float64(l * e[p])
		}
	}
}

// mirror spreads the lanes of pairs over paths, the second of each pair with the
// sign flipped; skip is 1 if the first pair lacks its first path.
func mirror(out, lane []float64, skip int) {
	for p := range out {
		k := p + skip
		x := lane[k/2]
		if k&1 == 1 {
			x = -x
		}
		out[p] = x
	}
}
