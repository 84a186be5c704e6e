package experiment

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"walras/equilibrium"
	"walras/market"
	"walras/montecarlo"
	"walras/output"
	"walras/scenarios"
)

// batchRows is the number of rows handed to a table at once.
const batchRows = 4096

// units names the units of the columns in the user's words.
type units struct{ time, asset, price, money string }

func unitsOf(s *scenarios.Scenario) units {
	u := units{time: s.Units.Time, asset: s.Units.Asset, money: s.Units.Money}
	if u.money != "" && u.asset != "" {
		u.price = u.money + "/" + u.asset
	}
	return u
}

// format is the version of the tables, described in docs/files.md.
const format = "1"

// metadata is the provenance that every table carries.
func metadata(s *scenarios.Scenario, version string) map[string]string {
	return map[string]string{
		"walras.format":          format,
		"walras.version":         version,
		"walras.scenario":        s.Name,
		"walras.scenario_sha256": scenarioDigest(s),
		"walras.seed":            strconv.FormatUint(s.MonteCarlo.Seed, 10),
		"walras.title":           s.Title,
	}
}

// sheet is a table under way with its current batch.
type sheet struct {
	file  *output.File
	table *output.Table
	batch *output.Batch
}

func newSheet(d *output.Directory, name string, schema output.Schema, meta map[string]string) (*sheet, error) {
	f, err := d.Create(name)
	if err != nil {
		return nil, err
	}
	t, err := output.NewTable(f, schema, meta)
	if err != nil {
		return nil, errors.Join(err, f.Abort())
	}
	return &sheet{file: f, table: t, batch: t.Batch()}, nil
}

// flush hands over the batch when it is full enough.
func (s *sheet) flush(least int) error {
	if s.batch.Len() < least {
		return nil
	}
	err := s.table.Write(s.batch)
	s.batch.Reset()
	return err
}

func (s *sheet) close() error {
	if err := s.flush(1); err != nil {
		return errors.Join(err, s.file.Abort())
	}
	rows, err := s.table.Close()
	if err != nil {
		return errors.Join(err, s.file.Abort())
	}
	s.file.SetRows(rows)
	return s.file.Close()
}

// writeTables writes every table of a run from the committed segments and the
// statistics.
func writeTables(ctx context.Context, d *output.Directory, s *scenarios.Scenario, played *stage, segments []output.Segment, out *Outcome, version string) error {
	meta, u := metadata(s, version), unitsOf(s)
	p, err := newPaths(d, s, played, meta, u)
	if err != nil {
		return err
	}
	for _, segment := range segments {
		if err := p.segment(ctx, segment); err != nil {
			return err
		}
	}
	if err := p.close(); err != nil {
		return err
	}
	if err := writeStatistics(d, out.Rows, meta, u); err != nil {
		return err
	}
	return writeChecks(d, out.Verdict, meta, u)
}

// paths writes the tables with rows of single paths.
type paths struct {
	sim      *montecarlo.Simulation
	market   *sheet
	agents   *sheet
	outcomes *sheet
	events   *sheet // where investors come one at a time; else nil
	rows     []shown
	wide     bool
	parts    []equilibrium.ResponsePoint // of the price at the recorded ticks, where one agent sells on a schedule
	path     int64                       // of the next recorded path
	outcome  int64                       // of the next kept outcome
}

func newPaths(d *output.Directory, s *scenarios.Scenario, played *stage, meta map[string]string, u units) (*paths, error) {
	sim, parts := played.sim, played.parts
	p := &paths{sim: sim, wide: s.Record.Layout == scenarios.LayoutWide, rows: played.shown()}
	var err error
	p.parts = parts
	if p.market, err = newSheet(d, "market.parquet", marketSchema(sim, parts != nil, u), meta); err != nil {
		return nil, err
	}
	if p.agents, err = newSheet(d, "agents.parquet", agentsSchema(p.rows, p.wide, u), meta); err != nil {
		return nil, err
	}
	if sim.Arrivals != nil {
		if p.events, err = newSheet(d, "events.parquet", eventsSchema(u), meta); err != nil {
			return nil, err
		}
	}
	if s.Record.Outcomes == scenarios.OutcomesNone {
		return p, nil
	}
	p.outcomes, err = newSheet(d, "outcomes.parquet", outcomesSchema(u), meta)
	return p, err
}

// segment writes the rows of one segment. It ends with the error of a cancelled
// context between two blocks.
func (p *paths) segment(ctx context.Context, s output.Segment) error {
	source, err := s.Open()
	if err != nil {
		return err
	}
	defer source.Close()
	reader := &blockReader{source: source}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		kept, err := reader.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading blocks %d to %d: %w", s.First, s.Last, err)
		}
		if err := errors.Join(p.writeOutcomes(kept.outcomes), p.writeRecorded(kept.recorded), p.writeEvents(kept.events)); err != nil {
			return err
		}
	}
}

// writeOutcomes writes one row per path and member.
func (p *paths) writeOutcomes(list []float64) error {
	for ; len(list) > 0; p.outcome++ {
		for _, row := range p.rows {
			i := row.seat
			payoff, terminal, volume := list[3*i], list[3*i+1], list[3*i+2]
			if !p.sim.Pays(i) {
				continue
			}
			b := p.outcomes.batch
			b.Int64(0, p.outcome)
			b.Name(1, row.name)
			b.Float(2, payoff)
			b.Float(3, terminal)
			b.Float(4, payoff+terminal)
			b.Float(5, volume)
		}
		list = list[3*len(p.sim.Names):]
		if err := p.outcomes.flush(batchRows); err != nil {
			return err
		}
	}
	return nil
}

// writeRecorded writes the rows of recorded paths.
func (p *paths) writeRecorded(list []float64) error {
	width := p.sim.RowWidth()
	for ; len(list) > 0; p.path++ {
		for j, k := range p.sim.Record.Ticks {
			p.writeMoment(j, k, list[:width])
			list = list[width:]
			if err := errors.Join(p.market.flush(batchRows), p.agents.flush(batchRows)); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeMoment writes the rows of one path at tick k, the j-th that is recorded.
func (p *paths) writeMoment(j, k int, row []float64) {
	t, auction := p.sim.Clock.At(k).Time, k < p.sim.Clock.Steps
	b := p.market.batch
	b.Int64(0, p.path)
	b.Int32(1, int32(k))
	b.Float(2, t)
	prices := 1
	if p.sim.Play == nil {
		prices = 2
		bid, ask := row[market.Bid], row[market.Ask]
		for i, v := range []float64{bid, ask, (bid + ask) / 2, ask - bid} {
			b.FloatOrNull(3+i, v, auction || p.standing())
		}
		b.Float(7, row[prices])
	} else {
		b.FloatOrNull(3, row[0], auction)
		b.Float(4, row[prices])
	}
	if p.parts != nil {
		part := p.parts[j]
		b.FloatOrNull(5, row[0]+part.Instantaneous+part.Permanent+part.Transient, auction)
		b.FloatOrNull(6, part.Instantaneous, auction)
		b.FloatOrNull(7, part.Permanent, auction)
		b.FloatOrNull(8, part.Transient, auction)
	}
	b = p.agents.batch
	for n, seat := range p.rows {
		i, column := seat.seat, 4
		if p.wide {
			column = 3 + 4*n
		}
		if !p.wide || n == 0 {
			b.Int64(0, p.path)
			b.Int32(1, int32(k))
			b.Float(2, t)
		}
		if !p.wide {
			b.Name(3, seat.name)
		}
		cell := row[prices+1+4*i:][:4]
		b.Float(column, cell[0])
		b.FloatOrNull(column+1, cell[1], auction)
		b.Float(column+2, cell[2])
		b.FloatOrNull(column+3, cell[3], p.sim.Pays(i))
	}
}

func (p *paths) close() error {
	err := errors.Join(p.market.close(), p.agents.close())
	if p.events != nil {
		err = errors.Join(err, p.events.close())
	}
	if p.outcomes != nil {
		err = errors.Join(err, p.outcomes.close())
	}
	return err
}
