package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"walras/experiment"
	"walras/scenarios"
)

// solveFlags are the flags of `sim solve`.
type solveFlags struct {
	source
	asJSON, full bool
}

func newSolve(io streams) *cobra.Command {
	var f solveFlags
	c := &cobra.Command{
		Use: "solve SCENARIO", Short: "Print the equilibrium: coefficients, speeds, impacts, values", Args: cobra.ExactArgs(1),
		Long: `Solve the equilibrium of a scenario, in continuous time and as the exact
discrete-time game at the scenario's step, and print price and trade
coefficients, speeds, price impacts, what the initial inventories are worth, the
residual, and whether the sufficient conditions hold. In an almgren_chriss market:
the schedule of the order and the distribution of its revenue. In a cournot market:
coefficients, what every large order gets, and the path of the quotes. A scenario
with a sweep is solved at every point.`,
		Example: `  sim solve five-traders
  sim solve five-traders --set agents.t1.holding_cost=0.2 --json
  sim solve trading-frequency
  sim solve almgren-chriss
  sim solve large-order --set solution=open_loop`,
		RunE: func(c *cobra.Command, args []string) error { return f.solve(c, args[0], io) },
	}
	f.add(c, false)
	c.Flags().BoolVar(&f.asJSON, "json", false, "print JSON, numbers in the shortest form that reads back exactly")
	c.Flags().BoolVar(&f.full, "full", false, "value matrices A also above 50 members")
	return c
}

func (f *solveFlags) solve(c *cobra.Command, name string, io streams) error {
	s, err := f.load(c, name, io)
	if err != nil {
		return err
	}
	if s.Market == scenarios.MarketAlmgrenChriss {
		return f.liquidate(s, io)
	}
	if s.Market == scenarios.MarketCournot {
		return f.makers(c.Context(), s, io)
	}
	f.noteDeviations(s, io)
	if len(s.Sweep) > 0 {
		return f.sweep(c.Context(), s, io)
	}
	e, err := f.equilibrium(c.Context(), s)
	if err != nil {
		return err
	}
	warn(io, e.Warnings)
	if f.asJSON {
		return printJSON(io.out, e)
	}
	return printEquilibrium(io.out, s, e)
}

// noteDeviations says that an equilibrium knows nothing of who leaves it.
func (f *solveFlags) noteDeviations(s *scenarios.Scenario, io streams) {
	for _, a := range s.Agents {
		if d := a.Deviation; d != nil && d.Schedule == nil {
			fmt.Fprintf(io.err, "sim: the equilibrium takes no notice of deviations, such as that of %s; sim run plays them, sim deviate says what they bring\n", a.Name)
			return
		}
	}
}

// equilibrium solves one scenario, until it is interrupted.
func (f *solveFlags) equilibrium(ctx context.Context, s *scenarios.Scenario) (*experiment.Equilibrium, error) {
	var solved *experiment.Equilibrium
	err := experiment.Await(ctx, func() (err error) {
		solved, err = experiment.Solve(s, f.full)
		return err
	})
	if errors.Is(err, context.Canceled) {
		return nil, &interruptedError{"interrupted while solving " + s.Name}
	}
	if err != nil {
		return nil, err
	}
	return solved, nil
}

// swept is one point of a sweep as `solve --json` prints it.
type swept struct {
	Point       map[string]any          `json:"point"`
	Equilibrium *experiment.Equilibrium `json:"equilibrium"`
}

// sweep solves every point, in their order.
func (f *solveFlags) sweep(ctx context.Context, s *scenarios.Scenario, io streams) error {
	list, points, err := s.Points()
	if err != nil {
		return err
	}
	var all []swept
	for i, at := range list {
		e, err := f.equilibrium(ctx, at)
		if err != nil {
			return fmt.Errorf("at %s: %w", points[i], err)
		}
		for _, warning := range e.Warnings {
			fmt.Fprintf(io.err, "sim: warning: at %s: %s\n", points[i], warning)
		}
		all = append(all, swept{Point: pointJSON(points[i]), Equilibrium: e})
	}
	if f.asJSON {
		return printJSON(io.out, struct {
			Scenario string  `json:"scenario"`
			Points   []swept `json:"points"`
		}{s.Name, all})
	}
	return printSweep(io.out, s, points, all)
}

// printSweep prints the welfare of every agent at every point. Of a type shown
// as one row it is that of a member; the total counts all of them.
func printSweep(w io.Writer, s *scenarios.Scenario, points []scenarios.Point, all []swept) error {
	fmt.Fprintf(w, "%s   %s\n\nwelfare f(X₀) per agent at each point of the sweep\n\n", s.Name, s.Title)
	t := &table{}
	var head []string
	more, cells := sweptColumns(all, s.Clock.Policy == scenarios.PolicyContinuous)
	for i, point := range all {
		e := point.Equilibrium
		if !slices.Equal(head, e.Agents) {
			head = e.Agents
			t.add(append(append(append([]string{""}, head...), "total"), more...)...)
		}
		t.add(append(welfareCells(points[i].String(), e, playedWelfare(s, e)), cells(e)...)...)
	}
	last := all[len(all)-1].Equilibrium
	if s.Clock.Policy != scenarios.PolicyContinuous && last.Continuous != nil {
		t.add(welfareCells("continuous time (last point)", last, last.Continuous.Welfare)...)
	}
	return t.print(w, "  ")
}

func playedWelfare(s *scenarios.Scenario, e *experiment.Equilibrium) []float64 {
	if s.Clock.Policy == scenarios.PolicyContinuous || e.Discrete == nil {
		return e.Continuous.Welfare
	}
	return e.Discrete.Welfare
}

func welfareCells(name string, e *experiment.Equilibrium, welfare []float64) []string {
	cells, total := []string{name}, 0.0
	for i, v := range welfare {
		cells = append(cells, fixed(v, 6))
		if e.Counts != nil {
			v *= float64(e.Counts[i])
		}
		total += v
	}
	return append(cells, fixed(total, 6))
}

// printEquilibrium prints a solution for people.
func printEquilibrium(w io.Writer, s *scenarios.Scenario, e *experiment.Equilibrium) error {
	fmt.Fprintf(w, "%s   %s\n", s.Name, s.Title)
	if c := e.Continuous; c != nil {
		fmt.Fprintf(w, "\ncontinuous time: price p = P·X, selling rates q = Q·X; r = %s\n\n", brief(s.DiscountRate))
		if err := agentTable(e, c).print(w, "  "); err != nil {
			return err
		}
		fmt.Fprintf(w, "\n  speeds of trade: %s\n", list(c.Speeds))
		if c.FirstBest != nil {
			fmt.Fprintf(w, "  first-best price coefficient: %s\n", brief(c.FirstBest.P[0]))
		}
		fmt.Fprintf(w, "  residual: %.1e\n", c.Residual)
		printClosedForm(w, c.ClosedForm)
		if err := printFlows(w, "Q, selling rate per unit of inventory (row: who sells, column: whose inventory)", e, c.Q); err != nil {
			return err
		}
	}
	if d := e.Discrete; d != nil {
		fmt.Fprintf(w, "\nexact discrete-time game: an auction every %s; quantities q = Q·X per auction\n\n", brief(d.Step))
		t := &table{}
		t.add("", "P", "Q own", "welfare f(X₀)")
		for i, name := range e.Agents {
			t.add(name, fixed(d.P[i], 6), fixed(d.Q[i][i], 6), at(d.Welfare, i))
		}
		if err := t.print(w, "  "); err != nil {
			return err
		}
		fmt.Fprintf(w, "\n  residual: %.1e\n", d.Residual)
		printClosedForm(w, d.ClosedForm)
		if err := printFlows(w, "Q, quantity sold per unit of inventory", e, d.Q); err != nil {
			return err
		}
	}
	if e.Response != nil {
		if err := printResponse(w, s, e.Response); err != nil {
			return err
		}
	}
	if err := printExperiments(w, e.Experiments); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\n%s\n", e.Conditions.Words())
	return err
}

// printClosedForm says how far the solver is from the formula, if there is one.
func printClosedForm(w io.Writer, c *experiment.ClosedForm) {
	if c != nil {
		fmt.Fprintf(w, "  closed form, %s: largest difference %.1e\n", c.Source, c.Difference)
	}
}

func agentTable(e *experiment.Equilibrium, c *experiment.Continuous) *table {
	t := &table{}
	head := []string{"", "P", "Q own", "instantaneous", "permanent", "transient", "welfare f(X₀)"}
	if e.Counts != nil {
		head = append(head, "members")
	}
	t.add(head...)
	for i, name := range e.Agents {
		cells := []string{
			name, fixed(c.P[i], 6), fixed(c.Q[i][i], 6), at(c.Impact.Instantaneous, i), at(c.Impact.Permanent, i),
			at(c.Impact.Transient, i), at(c.Welfare, i),
		}
		if e.Counts != nil {
			cells = append(cells, grouped(int64(e.Counts[i])))
		}
		t.add(cells...)
	}
	return t
}

// widest is the largest matrix that is printed for people.
const widest = 12

func printFlows(w io.Writer, title string, e *experiment.Equilibrium, q [][]float64) error {
	if len(q) > widest {
		_, err := fmt.Fprintf(w, "\n  %s: %d × %d, see --json\n", title, len(q), len(q))
		return err
	}
	fmt.Fprintf(w, "\n  %s\n\n", title)
	t := &table{}
	t.add(append([]string{""}, e.Agents...)...)
	for i, name := range e.Agents {
		cells := []string{name}
		for _, v := range q[i] {
			cells = append(cells, fixed(v, 6))
		}
		t.add(cells...)
	}
	return t.print(w, "  ")
}

func at(values []float64, i int) string {
	if i >= len(values) {
		return ""
	}
	return fixed(values[i], 6)
}

// list writes numbers in a row, the first and last of many.
func list(values []float64) string {
	text := ""
	for i, v := range values {
		if len(values) > widest && i == widest/2 {
			text += " …"
		}
		if len(values) > widest && i >= widest/2 && i < len(values)-widest/2 {
			continue
		}
		text += " " + brief(v)
	}
	if len(text) > 0 {
		text = text[1:]
	}
	return text
}
