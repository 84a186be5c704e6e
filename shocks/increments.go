package shocks

import "math"

// Increments produces the increments of a process, period by period, for tiles
// of paths advanced together. It belongs to one goroutine. Neither method
// allocates.
type Increments interface {
	// Start begins a tile at time 0: paths firstPath, firstPath+1, …, as many as
	// paths says, at most the capacity.
	Start(firstPath int64, paths int)
	// Next overwrites dst[agent][path] with the increment of the next period, in
	// the unit of the shock, for the paths of the tile. An agent without
	// volatility gets zeros.
	Next(dst [][]float64)
}

// Config says how a process is cut into increments.
type Config struct {
	// Seed is the seed of the run.
	Seed uint64
	// Step is Δ, the length of a period in units of time; positive.
	Step float64
	// Paths is the capacity of a tile, at least 1. The numbers do not depend on
	// it. Brownian increments take 32 KB for each agent up to 504 streams (paths, or
	// antithetic pairs), and 64 bytes a stream beyond; 256 is a good choice.
	Paths int
	// Antithetic makes pairs of paths 2j, 2j+1 with opposite shocks, both from
	// the streams of path 2j. A pair counts as one observation.
	Antithetic bool
	// Purpose is what Brownian increments are for: of which of a channel's streams
	// they are made. Inventory if left out.
	Purpose uint64
}

// check panics if the step is not positive and finite, or if there is no room for
// a path.
func (c Config) check() {
	if !(c.Step > 0) || math.IsInf(c.Step, 1) {
		panic("shocks: step not positive and finite")
	}
	if c.Paths < 1 {
		panic("shocks: tile without paths")
	}
}

// capacity is the largest number of lanes of a tile. A lane is what has streams of
// its own: a path, or an antithetic pair.
func (c Config) capacity() int {
	if c.Antithetic {
		return c.Paths/2 + 1 // a tile may begin and end inside a pair
	}
	return c.Paths
}

// lanes is the number of lanes of a tile. It panics if the tile is not one.
func (c Config) lanes(firstPath int64, paths int) int {
	if firstPath < 0 || paths < 1 || paths > c.Paths {
		panic("shocks: tile outside its capacity, or paths with negative numbers")
	}
	if c.Antithetic {
		return int((firstPath+int64(paths)-1)/2 - firstPath/2 + 1)
	}
	return paths
}

// reset puts the streams of a channel, one for each lane of a tile, at the start.
func (c Config) reset(streams []Stream, firstPath int64, channel, purpose uint64) {
	path, step := firstPath, int64(1)
	if c.Antithetic {
		path, step = firstPath&^1, 2
	}
	for lane := range streams {
		streams[lane].Reset(Key{
			Seed: c.Seed, Domain: Simulation, Path: uint64(path + int64(lane)*step), Channel: channel, Purpose: purpose,
		})
	}
}

// BrownianIncrements are the [Increments] of a [Brownian].
//
// Normals are drawn for several periods of one path at once, so that the state
// of a stream is loaded rarely, and kept in a small buffer from which the periods
// are handed out.
type BrownianIncrements struct {
	cfg     Config
	columns []column
	rows    [][]term // for each agent, the nonzero part of its row of √Δ·L

	stride  int // distance of two periods in a buffer
	periods int // capacity of a buffer in periods
	next    int // the next period in the buffers; periods means they are used up
	first   int64
	paths   int
	lanes   int // streams in use for each column
	lane    []float64
}

// A column is an agent whose ε is used: its streams, one a lane, and what was
// drawn from them, [period][lane] or [lane].
type column struct {
	channel uint64
	streams []Stream
	drawn   []float64
}

// A term is a nonzero entry of a row of a multiple of L.
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
func (b *Brownian) Increments(cfg Config) *BrownianIncrements {
	cfg.check()
	lanes := cfg.capacity()
	// One cache line more than needed: a stride that is a power of two would put
	// a whole column into a few sets of the cache.
	stride := lanes + lineSize
	i := &BrownianIncrements{cfg: cfg, stride: stride, lane: make([]float64, lanes)}
	i.periods = min(max(bufferSize/stride, minPeriods), maxPeriods)
	i.columns, i.rows = b.terms(math.Sqrt(cfg.Step), lanes, i.periods*stride)
	return i
}

// terms are the nonzero terms of scale·L by row, and a column for each agent whose
// ε enters one of them, with streams for so many lanes and room for so many ε.
func (b *Brownian) terms(scale float64, lanes, room int) (columns []column, rows [][]term) {
	index := make([]int, len(b.channels))
	for j, channel := range b.channels {
		index[j] = len(columns)
		// A factor's column is zero exactly if its pivot is.
		if b.factor.At(j, j) != 0 {
			columns = append(columns, column{channel: channel, streams: make([]Stream, lanes), drawn: make([]float64, room)})
		}
	}
	rows = make([][]term, len(b.channels))
	for r := range rows {
		for j := range r + 1 {
			if l := b.factor.At(r, j); l != 0 {
				rows[r] = append(rows[r], term{index[j], l * scale})
			}
		}
	}
	return columns, rows
}

// Start implements [Increments].
func (i *BrownianIncrements) Start(firstPath int64, paths int) {
	i.lanes = i.cfg.lanes(firstPath, paths)
	i.first, i.paths, i.next = firstPath, paths, i.periods
	for _, c := range i.columns {
		i.cfg.reset(c.streams[:i.lanes], firstPath, c.channel, i.cfg.Purpose)
	}
}

// Next implements [Increments].
func (i *BrownianIncrements) Next(dst [][]float64) {
	if len(dst) != len(i.rows) || i.paths == 0 {
		panic(badDestination)
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
			combine(lane, row, i.columns, offset)
			mirror(out, lane, int(i.first&1))
		default:
			combine(out, row, i.columns, offset)
		}
	}
	i.next++
}

const badDestination = "shocks: destination without a row for each agent, or tile not started"

// draw refills the buffers, path by path.
func (i *BrownianIncrements) draw() {
	for _, c := range i.columns {
		for lane := range i.lanes {
			c.streams[lane].NormsStrided(c.drawn[lane:], i.stride, i.periods)
		}
	}
	i.next = 0
}

// combine sets out to the sum of the terms of a row, in the order of the agents.
func combine(out []float64, row []term, columns []column, offset int) {
	for k, t := range row {
		l, e := t.coefficient, columns[t.column].drawn[offset:][:len(out)]
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
