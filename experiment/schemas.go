package experiment

import (
	"walras/montecarlo"
	"walras/output"
)

// marketSchema has the bid and the ask, or one price, and four more columns where the
// price has parts.
func marketSchema(sim *montecarlo.Simulation, parts bool, u units) output.Schema {
	prices := []string{"price"}
	if sim.Play == nil {
		prices = []string{"bid", "ask", "mid", "spread"}
	}
	schema := output.Schema{
		{Name: "path", Kind: output.Int64}, {Name: "step", Kind: output.Int32}, {Name: "t", Kind: output.Grid, Unit: u.time},
	}
	for _, name := range prices {
		schema = append(schema, output.Column{Name: name, Kind: output.Float64, Nullable: true, Unit: u.price})
	}
	schema = append(schema, output.Column{Name: "fundamental", Kind: output.Float64, Unit: u.price})
	if !parts {
		return schema
	}
	for _, name := range []string{"undisturbed", "instantaneous", "permanent", "transient"} {
		schema = append(schema, output.Column{Name: name, Kind: output.Float64, Nullable: true, Unit: u.price})
	}
	return schema
}

// agentsSchema is the long layout, or the wide one with four columns an agent.
func agentsSchema(rows []shown, wide bool, u units) output.Schema {
	cells := func(suffix string) output.Schema {
		return output.Schema{
			{Name: "inventory" + suffix, Kind: output.Float64, Unit: u.asset},
			{Name: "trade" + suffix, Kind: output.Float64, Nullable: true, Unit: u.asset},
			{Name: "cash" + suffix, Kind: output.Float64, Unit: u.money},
			{Name: "payoff" + suffix, Kind: output.Float64, Nullable: true, Unit: u.money},
		}
	}
	schema := output.Schema{
		{Name: "path", Kind: output.Int64}, {Name: "step", Kind: output.Int32}, {Name: "t", Kind: output.Grid, Unit: u.time},
	}
	if !wide {
		return append(append(schema, output.Column{Name: "agent", Kind: output.Name}), cells("")...)
	}
	for _, row := range rows {
		schema = append(schema, cells("."+row.name)...)
	}
	return schema
}

// outcomesSchema has a row per path and agent.
func outcomesSchema(u units) output.Schema {
	return output.Schema{
		{Name: "path", Kind: output.Int64}, {Name: "agent", Kind: output.Name},
		{Name: "payoff", Kind: output.Float64, Unit: u.money}, {Name: "terminal_value", Kind: output.Float64, Unit: u.money},
		{Name: "welfare", Kind: output.Float64, Unit: u.money}, {Name: "volume", Kind: output.Float64, Unit: u.asset},
	}
}
