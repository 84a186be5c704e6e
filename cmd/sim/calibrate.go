package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"walras/equilibrium/cournot"
	"walras/equilibrium/poisson"
)

// calibrateFlags are the flags of `sim calibrate`.
type calibrateFlags struct {
	targets  poisson.Targets
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
  volume     what end investors buy and sell per unit of time, together
  trades     how many of them come per unit of time, on both sides together

With --trades investors come one at a time, by Poisson processes: the size c and the
rate λ of arrivals are found so that all five numbers are met exactly. Without it they
are a flow.`,
		Example: fmt.Sprintf(`  sim calibrate --makers %d --spread %v --pressure %v --volume %v --discount-rate %v
  sim calibrate --makers 10 --spread 3.2 --pressure 0.0026 --volume 575800 --discount-rate 2e-4 --solution feedback --json
  sim calibrate --makers 10 --spread 3.2 --pressure 0.026 --volume 575800 --discount-rate 2e-4 --trades 33800`,
			example.Makers, example.Spread, example.Pressure, example.Volume, example.DiscountRate),
		RunE: func(c *cobra.Command, _ []string) error { return f.calibrate(c, io) },
	}
	c.Flags().IntVar(&f.targets.Makers, "makers", 0, "`number` of market makers N")
	c.Flags().Float64Var(&f.targets.Spread, "spread", 0, "ask less bid, in `money`")
	c.Flags().Float64Var(&f.targets.Pressure, "pressure", 0, "price pressure, `money` per asset unit")
	c.Flags().Float64Var(&f.targets.Volume, "volume", 0, "`quantity` per unit of time")
	c.Flags().Float64Var(&f.targets.DiscountRate, "discount-rate", 0, "discount `rate` β per unit of time")
	c.Flags().Float64Var(&f.targets.Trades, "trades", 0, "`number` of investors per unit of time who come one at a time")
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
	if c.Flags().Changed("trades") {
		return f.arrivals(concept, io)
	}
	if err := f.targets.Targets.Validate(); err != nil {
		return err
	}
	var m cournot.Model
	if concept == cournot.Feedback {
		if m, err = f.targets.ModelWith(cournot.Model.FeedbackPressure); err != nil {
			return err
		}
	} else {
		m = f.targets.Targets.Model(concept)
	}
	out := calibrated{concept.String(), m.DiscountRate, m.Makers, m.InventoryCost, m.Activity, m.Reservation}
	if f.asJSON {
		return printJSON(io.out, out)
	}
	return out.print(io.out)
}

// calibratedArrivals is what it prints for investors who come one at a time.
type calibratedArrivals struct {
	Solution         string  `json:"solution"`
	DiscountRate     float64 `json:"discount_rate"`
	Makers           int     `json:"makers"`
	InventoryCost    float64 `json:"inventory_cost"`
	Rate             float64 `json:"rate"`
	Size             float64 `json:"size"`
	ReservationValue float64 `json:"reservation_value"`
}

func (f *calibrateFlags) arrivals(concept cournot.Concept, io streams) error {
	if concept == cournot.Feedback {
		return usage("--solution feedback with --trades is not solved: take published or open_loop")
	}
	if err := f.targets.Validate(); err != nil {
		return err
	}
	m, err := f.targets.Model(concept)
	if err != nil {
		return usage(err.Error())
	}
	out := calibratedArrivals{concept.String(), m.DiscountRate, m.Makers, m.InventoryCost, m.BuyRate, m.Size, m.Reservation}
	if f.asJSON {
		return printJSON(io.out, out)
	}
	return out.print(io.out)
}

func (c calibratedArrivals) print(w io.Writer) error {
	_, err := fmt.Fprintf(w, `solution: %s
discount_rate: %v
agents:
  - {name: maker, kind: market_maker, count: %d, inventory_cost: %v}
  - {name: investors, kind: investors, arrivals: {rate: %v, size: %v}, reservation_value: %v}
`, c.Solution, c.DiscountRate, c.Makers, c.InventoryCost, c.Rate, c.Size, c.ReservationValue)
	return err
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
