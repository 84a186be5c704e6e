package papers

import (
	"fmt"
	"math"
	"reflect"

	"walras/equilibrium/cournot"
)

// calibrated names the market of appendix D.
const calibrated = "calibration"

// published are the constants of the calibrated market in the paper's solution.
func published() cournot.Constants {
	return cournot.BlueChip().Model(cournot.Published).Constants(cournot.Published)
}

// calibration is Appendix D, and what section 4.2 says of the calibrated market.
func calibration(p *page, _ lab) error {
	p.market = calibrated
	const place = "appendix D"
	targets := cournot.BlueChip()
	c := published()
	p.formula(place, "β", "−log(0.9998)", -math.Log1p(-2e-4), c.DiscountRate)
	p.number(place, "N", "10", float64(c.Makers))
	p.number(place, "ω, bps", "17.6", c.Reservation)
	p.number(place, "δ, 10⁶ EUR/bps", "18", c.Activity/1000)
	p.number(place, "η, bps/EUR 1000", "0.2434", c.InventoryCost).errs("CMZ-19")
	rounded := targets
	rounded.Volume = 2 * 18_000 * (c.Reservation - c.HalfSpread)
	p.number(place, "η when δ is 18 000 EUR 1000/bps", "0.2434", rounded.Model(cournot.Published).InventoryCost)
	p.number(place, "bid-ask spread, bps", "3.2", 2*c.HalfSpread)
	p.number(place, "volume, EUR 1000", "575800", 2*c.Activity*(c.Reservation-c.HalfSpread))
	p.formula(place, "volume, EUR 1000", "31.4 × 17000 + 2.5 × 16800", 31.4*17000+2.5*16800, targets.Volume)
	p.number(place+", equation", "conditional price pressure, bps/EUR 1000", "0.0026", c.Pressure)
	p.number(place+", text", "conditional price pressure, bps/EUR 1000", "0.026", c.Pressure).errs("CMZ-14")
	asPrinted := c.Model
	asPrinted.InventoryCost, asPrinted.Activity = .2434, 18e6
	p.number(place, "price pressure with η = 0.2434 and δ = 18 × 10⁶ in the units printed", "0.0026", asPrinted.Constants(cournot.Published).Pressure).errs("CMZ-15")
	asPrinted.Activity = 18_000
	p.number(place, "price pressure with η = 0.2434 and δ = 18 000 EUR 1000/bps", "0.0026", asPrinted.Constants(cournot.Published).Pressure)
	p.number(place, "parameters of the model", "7", float64(reflect.TypeFor[cournot.Model]().NumField())).errs("CMZ-18")

	hour := 1 / cournot.TradingDay
	seven := .07 * targets.Volume
	impact := c.Surface([]float64{0, seven}, []float64{hour, 2 * hour})
	p.number("section 4.2", "price impact of infinitely small orders, bps", "1.62", impact[0][0]).errs("CMZ-16")
	p.number("section 4.2", "price impact of 7 % of ADV in one hour, bps", "9.15", impact[1][0])
	p.number("section 4.2", "price impact of 7 % of ADV in two hours, bps", "5.4", impact[1][1])
	p.number("section 4.2", "how much lower that is, %", "40", 100*(1-impact[1][1]/impact[1][0]))
	return nil
}

// surface is Figure 4(c): the average impact of 0 to 7 % of ADV (rows) in 1 to 6
// hours.
var surface = [][]string{
	{"1.62", "1.62", "1.62", "1.62", "1.62", "1.62"},
	{"2.68", "2.15", "1.97", "1.88", "1.82", "1.79"},
	{"3.76", "2.71", "2.34", "2.16", "2.05", "1.97"},
	{"4.84", "3.26", "2.72", "2.44", "2.27", "2.16"},
	{"5.92", "3.81", "3.09", "2.72", "2.50", "2.35"},
	{"6.99", "4.37", "3.46", "3.00", "2.72", "2.54"},
	{"8.07", "4.92", "3.83", "3.28", "2.95", "2.73"},
	{"9.15", "5.47", "4.20", "3.56", "3.17", "2.91"},
}

func liquiditySurface(p *page, l lab) error {
	p.market = calibrated
	c := published()
	volume := cournot.BlueChip().Volume
	var asFootnote, asComputed float64 // cells of rows 1 to 7 that round to what is printed
	for i, row := range surface {
		size := float64(i) / 100 * volume
		for j, printed := range row {
			d := float64(j+1) / cournot.TradingDay
			average := c.AverageImpact(cournot.Order{Rate: size / d, Duration: d}, 0)
			e := p.number("Figure 4(c)", fmt.Sprintf("impact of %d %% of ADV in %d h, bps", i, j+1), printed, average.Discounted)
			if i == 0 {
				e.errs("CMZ-16")
				continue
			}
			m, err := l.orderImpact(c, size, d)
			if err != nil {
				return err
			}
			e.simulated(m).atTicks(orderStep, 1/d, variation(cournot.Path{Market: c, Order: cournot.Order{Rate: size / d, Duration: d}}))
			asComputed += one(fmt.Sprintf("%.2f", average.Discounted) == printed)
			asFootnote += one(fmt.Sprintf("%.2f", average.Undiscounted) == printed)
		}
	}
	cells := float64((len(surface) - 1) * len(surface[0]))
	p.claim("Figure 4(c)", "cells of rows 1 to 7 that are the discounted mean of the price", "all 42", asComputed, asComputed == cells)
	p.claim("footnote 13", "cells of rows 1 to 7 that are the mean of the price, not discounted", "all 42", asFootnote, asFootnote == cells).errs("CMZ-17")
	return nil
}

// variation is how far the bid moves while an order trades, down and up: what a mean
// over auctions can differ from one over time, for each of them.
func variation(path cournot.Path) float64 {
	d := path.Order.Duration
	lowest, _ := path.Market.Reversal(d)
	return path.At(0).Bid - 2*path.Before(lowest).Bid + path.Before(d).Bid
}

func one(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// durations are Figures 5 and 6, which print no numbers, and Propositions 3 to 6
// about them, for the calibrated market.
func durations(p *page, _ lab) error {
	p.market = calibrated
	c := published()
	volume := cournot.BlueChip().Volume
	minutes := cournot.TradingDay * 60
	last := 0.
	for _, percent := range []float64{.1, .5, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20} {
		size := percent / 100 * volume
		d := c.MinimumDuration(size)
		p.claim("Figure 5, Proposition 4", fmt.Sprintf("minimum duration of %v %% of ADV, minutes", percent), "increases in size; in less time a smaller size gains more",
			d*minutes, d > last && smallerGains(c, size, .99*d) && !smallerGains(c, size, 1.01*d))
		last = d
	}
	threshold, saturation := math.Inf(1), math.Inf(1)
	for _, hours := range []float64{1. / 60, .1, .25, .5, 1, 2, 3, 4, 5, 6, 6.5} {
		d := hours / cournot.TradingDay
		rate, best := c.ThresholdRate(d), c.BestRate(d)
		gain := c.InvestorsGain(d)
		p.claim("Figure 6, Proposition 6", fmt.Sprintf("size above which other investors gain in %.4g h, %% of ADV", hours), "its rate falls in duration; below it they lose",
			100*rate*d/volume, rate < threshold && gain.Of(.99*rate, 0) < 0 && gain.Of(1.01*rate, 0) > 0)
		p.claim("Proposition 3", fmt.Sprintf("largest size worth trading in %.4g h, %% of ADV", hours), "its rate falls in duration; proceeds fall beyond it",
			100*best*d/volume, best < saturation && c.Proceeds(d).Of(1.01*best, 0) < c.Proceeds(d).Of(best, 0))
		threshold, saturation = rate, best
	}
	d := 1 / cournot.TradingDay
	cash := func(rate float64) float64 { // at a fundamental value of 10 000 bps
		return c.Proceeds(d).Of(rate, 0) + (10_000-c.Reservation)*discounted(c.DiscountRate, d)*rate
	}
	more := cash(1.01*c.BestRate(d)) - cash(c.BestRate(d))
	p.claim("Propositions 3 and 4", "change of cash proceeds from f* to 1.01 f* in 1 h", "total proceeds are reduced", more, more < 0).errs("CMZ-20")
	p.claim("Proposition 5", "gain of a maker from 7 % of ADV in 1 h, bps × EUR 1000", "> 0", c.MakerGain(d).Of(.07*volume/d, 0), c.MakerGain(d).Of(.07*volume/d, 0) > 0)
	return nil
}

// smallerGains says whether in the time d one would rather sell a little less.
func smallerGains(c cournot.Constants, size, d float64) bool {
	gain := c.Proceeds(d)
	return gain.Of(.999*size/d, 0) > gain.Of(size/d, 0)
}

// discounted is h_β(d), the present value of 1 per time until d.
func discounted(β, d float64) float64 { return -math.Expm1(-β*d) / β }
