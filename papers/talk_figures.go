package papers

import (
	"fmt"
	"math"

	"walras/equilibrium/cournot"
	"walras/equilibrium/poisson"
)

// slideTimes are those of the box plots, in days.
var slideTimes = []float64{.02, .05, .08, .11, .14, .17, .2, .23}

// axis is the range of a figure's axis.
type axis struct{ low, high float64 }

func (a axis) covers(low, high float64) bool { return a.low <= low && high <= a.high }

func (a axis) String() string { return fmt.Sprintf("%v to %v", a.low, a.high) }

// slideMarket is the market of appendix D of CMZ with a tenfold price pressure, to
// which the figures of the slides belong, and the number of trades of its source.
func slideMarket() poisson.Model {
	targets := poisson.BlueChip()
	return poisson.FromFlow(targets.Targets.Model(cournot.Published), targets.Trades/2)
}

// figures are slides 24 and 45 to 47, of which the text has the labels of the axes
// and the times: a seller announces the best rate for a fifth and for a twentieth of
// a day. What is computed is the mean; the claim is that mean and box, from the first
// to the third quartile, are between the labels.
func figures(p *page, l lab) error {
	c := slideMarket().Constants(cournot.Published)
	n := float64(c.Makers)
	for _, panel := range []struct {
		duration          float64
		prices, inventory string
	}{{.2, "slide 46 (c)", "slide 47 (e)"}, {.05, "slide 46 (d)", "slide 47 (f)"}} {
		rate := c.BestRate(panel.duration)
		p.market = fmt.Sprintf("calibration with a pressure of 0.026, 16 900 arrivals a day on each side, D = %v days, f = f*", panel.duration)
		played := l.boxes(cournot.Order{Rate: rate, Duration: panel.duration}, c.Model)
		law := c.Known(poisson.Constantly(rate, panel.duration), 0)
		path, box, stock := axis{-8, 0}, axis{-15, 5}, axis{-200, 400}
		for k, t := range slideTimes {
			now := law.At(t)
			d, ok := law.Distribution(t)
			if !ok {
				return fmt.Errorf("papers: the law of the inventory at t = %v has atoms", t)
			}
			low, high := d.Quantile(.25), d.Quantile(.75)
			price, stocks := none, none
			if k%2 == 0 { // at every other time, for the law at each tick takes long
				bid, ask, held := played.get("bid_mean", "", t), played.get("ask_mean", "", t), played.get("inventory_mean", "maker[1]", t)
				price = measured{(bid.value + ask.value) / 2, bid.stdError, (bid.played + ask.played) / 2} // bid and ask move together
				stocks = held.times(n)
			}
			if panel.duration == .2 {
				p.claim("slide 24", fmt.Sprintf("expected price pressure at t = %v, bps", t), "on an axis from "+path.String(), now.Mid, path.covers(now.Mid, now.Mid)).simulated(price)
			}
			slope := -2 * n * c.A / c.K // of the mid price in a maker's inventory
			mid := func(i float64) float64 { return now.Mid + slope*(i-now.Mean) }
			p.claim(panel.prices, fmt.Sprintf("mean mid-quote pressure at t = %v, bps", t), "box on an axis from "+box.String(), now.Mid, box.covers(mid(high), mid(low))).simulated(price)
			p.claim(panel.inventory, fmt.Sprintf("mean inventory of all makers at t = %v, EUR 1000", t), "box on an axis from "+stock.String(), n*now.Mean, stock.covers(n*low, n*high)).simulated(stocks)
		}
		if played.err != nil {
			return played.err
		}
		if panel.duration == .2 {
			end, back := law.Before(panel.duration).Mid, law.At(.23).Mid
			lowest := math.Inf(1)
			for k := range 200 {
				lowest = math.Min(lowest, law.At(panel.duration*float64(k)/200).Mid)
			}
			p.claim("slide 24", "lowest expected price pressure, bps", "below −6, before the end", lowest, path.covers(lowest, lowest) && lowest < -6 && lowest < end && end < back)
		}
	}
	return nil
}
