package output

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// agentsSchema is that of agents.parquet, the table with most of the rows.
var agentsSchema = Schema{
	{Name: "path", Kind: Int64},
	{Name: "step", Kind: Int32},
	{Name: "t", Kind: Grid, Unit: "day"},
	{Name: "agent", Kind: Name},
	{Name: "inventory", Kind: Float64, Unit: "EUR1000"},
	{Name: "trade", Kind: Float64, Nullable: true, Unit: "EUR1000"},
	{Name: "cash", Kind: Float64},
	{Name: "payoff", Kind: Float64},
}

var traders = [...]string{"t1", "t2", "t3", "t4", "t5"}

const lastStep = 80

// agentsRun fills batches with what five traders leave behind on a path:
// inventories that revert, and cash and payoffs that add up.
type agentsRun struct {
	inventory, cash, payoff [len(traders)]float64
}

// step appends one recorded moment; shocks holds three numbers per trader.
func (r *agentsRun) step(b *Batch, path int64, step int32, shocks []float64) {
	t := 0.25 * float64(step)
	for i, name := range traders {
		if step == 0 {
			r.inventory[i], r.cash[i], r.payoff[i] = 0.5*float64(2-i), 0, 0
		}
		trade := 0.2*r.inventory[i] + 0.05*shocks[3*i]
		b.Int64(0, path)
		b.Int32(1, step)
		b.Float(2, t)
		b.Name(3, name)
		b.Float(4, r.inventory[i])
		if step == lastStep {
			b.Null(5)
		} else {
			b.Float(5, trade)
			r.cash[i] += trade * (0.3 + 0.1*shocks[3*i+1])
			r.payoff[i] -= 0.1 * r.inventory[i] * r.inventory[i]
			r.inventory[i] += 0.07*shocks[3*i+2] - trade
		}
		b.Float(6, r.cash[i])
		b.Float(7, r.payoff[i])
	}
}

type countWriter struct{ n int64 }

func (w *countWriter) Write(p []byte) (int, error) {
	w.n += int64(len(p))
	return len(p), nil
}

// BenchmarkAgentsTable measures agents.parquet from numbers in memory to
// compressed bytes: time and bytes per row of eight columns.
func BenchmarkAgentsTable(b *testing.B) {
	shocks := make([]float64, 3*5*4099)
	source := rand.New(rand.NewPCG(1, 2))
	for i := range shocks {
		shocks[i] = source.NormFloat64()
	}
	var out countWriter
	var run agentsRun
	rows := 0
	for b.Loop() {
		out.n, rows = 0, 0
		table, err := NewTable(&out, agentsSchema, map[string]string{"seed": "1"})
		require.NoError(b, err)
		batch := table.Batch()
		at := 0
		for path := int64(0); rows < 4*groupRows; path++ {
			for step := int32(0); step <= lastStep; step++ {
				run.step(batch, path, step, shocks[at:at+15])
				if at += 15; at == len(shocks) {
					at = 0
				}
			}
			if batch.Len() < 2000 {
				continue
			}
			rows += batch.Len()
			require.NoError(b, table.Write(batch))
			batch.Reset()
		}
		_, err = table.Close()
		require.NoError(b, err)
	}
	perRow := float64(b.Elapsed().Nanoseconds()) / float64(b.N) / float64(rows)
	b.ReportMetric(perRow, "ns/row")
	b.ReportMetric(float64(out.n)/float64(rows), "bytes/row")
}
