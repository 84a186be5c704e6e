package experiment

import (
	"math"

	"walras/analysis"
	"walras/output"
)

func nameOrNull(b *output.Batch, column int, name string) {
	if name == "" {
		b.Null(column)
		return
	}
	b.Name(column, name)
}

func floatOrNull(b *output.Batch, column int, v float64) { b.FloatOrNull(column, v, !math.IsNaN(v)) }

// writeStatistics writes every statistic beside its closed form.
func writeStatistics(d *output.Directory, list []analysis.Row, meta map[string]string, u units) error {
	s, err := newSheet(d, "statistics.parquet", output.Schema{
		{Name: "statistic", Kind: output.Name}, {Name: "agent", Kind: output.Name, Nullable: true}, {Name: "agent2", Kind: output.Name, Nullable: true},
		{Name: "t", Kind: output.Grid, Nullable: true, Unit: u.time}, {Name: "estimate", Kind: output.Float64},
		{Name: "std_error", Kind: output.Float64, Nullable: true}, {Name: "n", Kind: output.Int64},
		{Name: "analytic", Kind: output.Float64, Nullable: true}, {Name: "z", Kind: output.Float64, Nullable: true},
		{Name: "bias", Kind: output.Float64, Nullable: true},
	}, meta)
	if err != nil {
		return err
	}
	for _, r := range list {
		b := s.batch
		b.Name(0, r.Statistic)
		nameOrNull(b, 1, r.Agent)
		nameOrNull(b, 2, r.Agent2)
		floatOrNull(b, 3, r.T)
		b.Float(4, r.Estimate)
		floatOrNull(b, 5, r.StdError)
		b.Int64(6, r.N)
		floatOrNull(b, 7, r.Analytic)
		floatOrNull(b, 8, r.Z)
		floatOrNull(b, 9, r.Bias)
		if err := s.flush(batchRows); err != nil {
			return err
		}
	}
	return s.close()
}

// writeChecks writes the judged rows and the pathwise identities.
func writeChecks(d *output.Directory, v analysis.Verdict, meta map[string]string, u units) error {
	s, err := newSheet(d, "checks.parquet", output.Schema{
		{Name: "check", Kind: output.Name}, {Name: "agent", Kind: output.Name, Nullable: true}, {Name: "agent2", Kind: output.Name, Nullable: true},
		{Name: "t", Kind: output.Grid, Nullable: true, Unit: u.time}, {Name: "estimate", Kind: output.Float64},
		{Name: "std_error", Kind: output.Float64, Nullable: true}, {Name: "analytic", Kind: output.Float64, Nullable: true},
		{Name: "z", Kind: output.Float64, Nullable: true}, {Name: "passed", Kind: output.Bool},
	}, meta)
	if err != nil {
		return err
	}
	for _, r := range v.Rows {
		b := s.batch
		b.Name(0, r.Statistic)
		nameOrNull(b, 1, r.Agent)
		nameOrNull(b, 2, r.Agent2)
		floatOrNull(b, 3, r.T)
		b.Float(4, r.Estimate)
		floatOrNull(b, 5, r.StdError)
		floatOrNull(b, 6, r.Analytic)
		floatOrNull(b, 7, r.Z)
		b.Bool(8, r.Passed)
		if err := s.flush(batchRows); err != nil {
			return err
		}
	}
	return s.close()
}
