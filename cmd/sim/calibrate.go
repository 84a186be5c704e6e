package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"walras/equilibrium/cournot"
)

// calibrateFlags are the flags of `sim calibrate`.
type calibrateFlags struct {
	targets  cournot.Targets
	solution string
	asJSON   bool
}

func newCalibrate(io streams) *cobra.Command {
	var f calibrateFlags
	example := cournot.BlueChip()
	c := &cobra.Command{
		Use: "calibrate", Short: "Parameters of market makers and investors from what a market shows", Args: cobra.NoArgs,
		Long: `Find the inventory cost η, the activity δ and the reservation value ω of a market
of identical market makers (market: cournot) in which, without large orders, spread,
price pressure and volume are as observed (Capponi, Menkveld & Zhang, Appendix D).
Units are yours: time as in the discount rate and the volume, money as in spread and
pressure. The parameters are printed as lines for a scenario file.

  spread     ask less bid
  pressure   fall of the mid price per unit of all makers' inventory together
  volume     what end investors buy and sell per unit of time, together`,
		Example: fmt.Sprintf(`  sim calibrate --makers %d --spread %v --pressure %v --volume %v --discount-rate %v
  sim calibrate --makers 10 --spread 3.2 --pressure 0.0026 --volume 575800 --discount-rate 2e-4 --solution feedback --json`,
			example.Makers, example.Spread, example.Pressure, example.Volume, example.DiscountRate),
		RunE: func(c *cobra.Command, _ []string) error { return f.calibrate(c, io) },
	}
	c.Flags().IntVar(&f.targets.Makers, "makers", 0, "`number` of market makers N")
	c.Flags().Float64Var(&f.targets.Spread, "spread", 0, "ask less bid, in `money`")
	c.Flags().Float64Var(&f.targets.Pressure, "pressure", 0, "price pressure, `money` per asset unit")
	c.Flags().Float64Var(&f.targets.Volume, "volume", 0, "`quantity` per unit of time")
	c.Flags().Float64Var(&f.targets.DiscountRate, "discount-rate", 0, "discount `rate` β per unit of time")
	c.Flags().StringVar(&f.solution, "solution", cournot.Published.String(), "published, open_loop or feedback")
	completes(c, "solution", cobra.FixedCompletions([]cobra.Completion{cournot.Published.String(), cournot.OpenLoop.String(), cournot.Feedback.String()}, cobra.ShellCompDirectiveNoFileComp))
	c.Flags().BoolVar(&f.asJSON, "json", false, "print JSON, numbers in the shortest form that reads back exactly")
	return c
}

// calibrated is what `sim calibrate --json` prints.
type calibrated struct {
	Solution         string  `json:"solution"`
	DiscountRate     float64 `json:"discount_rate"`
	Makers           int     `json:"makers"`
	InventoryCost    float64 `json:"inventory_cost"`
	Activity         float64 `json:"activity"`
	ReservationValue float64 `json:"reservation_value"`
}

func (f *calibrateFlags) calibrate(c *cobra.Command, io streams) error {
	for _, name := range []string{"makers", "spread", "pressure", "volume", "discount-rate"} {
		if !c.Flags().Changed(name) {
			return usage("--" + name + " is missing: " + c.Flags().Lookup(name).Usage + "; see sim calibrate --help")
		}
	}
	concept, err := cournot.ParseConcept(f.solution)
	if err != nil {
		return usage(err.Error())
	}
	if err := f.targets.Validate(); err != nil {
		return err
	}
	var m cournot.Model
	if concept == cournot.Feedback {
		if m, err = f.targets.ModelWith(cournot.Model.FeedbackPressure); err != nil {
			return err
		}
	} else {
		m = f.targets.Model(concept)
	}
	out := calibrated{concept.String(), m.DiscountRate, m.Makers, m.InventoryCost, m.Activity, m.Reservation}
	if f.asJSON {
		return printJSON(io.out, out)
	}
	return out.print(io.out)
}

// print writes lines for a scenario file.
func (c calibrated) print(w io.Writer) error {
	_, err := fmt.Fprintf(w, `solution: %s
discount_rate: %v
agents:
  - {name: maker, kind: market_maker, count: %d, inventory_cost: %v}
  - {name: investors, kind: investors, activity: %v, reservation_value: %v}
`, c.Solution, c.DiscountRate, c.Makers, c.InventoryCost, c.Activity, c.ReservationValue)
	return err
}
