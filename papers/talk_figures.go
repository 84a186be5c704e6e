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
// and the times, but no lines and boxes: a seller announces the best rate for a fifth
// and for a twentieth of a day.
func figures(p *page, l lab) error {
	c := slideMarket().Constants(cournot.Published)
	for _, panel := range []panel{{.2, "slide 46 (c)", "slide 47 (e)"}, {.05, "slide 46 (d)", "slide 47 (f)"}} {
		rate := c.BestRate(panel.duration)
		p.market = fmt.Sprintf("calibration with a pressure of 0.026, 16 900 arrivals a day on each side, D = %v days, f = f*", panel.duration)
		played := l.boxes(cournot.Order{Rate: rate, Duration: panel.duration}, c.Model)
		law := c.Known(poisson.Constantly(rate, panel.duration), 0)
		if panel.duration == .2 {
			meanPaths(p, law, played)
		}
		for _, t := range slideTimes {
			if err := panel.boxes(p, law, t, played); err != nil {
				return err
			}
		}
		if played.err != nil {
			return played.err
		}
	}
	return nil
}

// panel is the box plots of an order.
type panel struct {
	duration         float64
	prices, holdings string // slides
}

// boxes are the quartiles, between which a box stands, and the 5 and 95 % points of
// the laws of mid price and inventory. The claim is that they are between the labels
// of the axis.
func (panel panel) boxes(p *page, law *poisson.Inventory, t float64, played *trial) error {
	c := law.Market
	n, now := float64(c.Makers), law.At(t)
	d, ok := law.Distribution(t)
	if !ok {
		return fmt.Errorf("papers: the law of the inventory at t = %v has atoms", t)
	}
	prices, holdings := axis{-15, 5}, axis{-200, 400}
	add := func(slide, name, statistic, unit string, a axis, point string, percent int, v float64) {
		what := fmt.Sprintf("%s at t = %v: %s, %s", name, t, point, unit)
		p.claim(slide, what, "on an axis from "+a.String(), v, a.covers(v, v)).simulated(played.get(fmt.Sprintf("%s_q%02d", statistic, percent), "", t))
	}
	for _, at := range []struct {
		percent int
		name    string
	}{{5, "5 % point"}, {25, "first quartile"}, {75, "third quartile"}, {95, "95 % point"}} {
		probability := float64(at.percent) / 100
		mid := now.Mid - 2*n*c.A/c.K*(d.Quantile(1-probability)-now.Mean) // it falls with what makers hold
		add(panel.prices, "mid-quote pressure", "mid", "bps", prices, at.name, at.percent, mid)
		add(panel.holdings, "inventory of all makers", "inventory", "EUR 1000", holdings, at.name, at.percent, n*d.Quantile(probability))
	}
	return nil
}

// meanPaths are slides 24 and 45: the price pressure that is expected, and means of
// what slide 45 shows of simulations.
func meanPaths(p *page, law *poisson.Inventory, played *trial) {
	const duration, points = .2, 200
	path, simulations := axis{-8, 0}, axis{-10, 2}
	for _, t := range slideTimes {
		mid := law.At(t).Mid
		bid, ask := played.get("bid_mean", "", t), played.get("ask_mean", "", t)
		price := measured{(bid.value + ask.value) / 2, bid.stdError, (bid.played + ask.played) / 2} // bid and ask move together
		p.claim("slide 24", fmt.Sprintf("expected price pressure at t = %v, bps", t), "on an axis from "+path.String(), mid, path.covers(mid, mid)).simulated(price)
	}
	end, back := law.Before(duration), law.At(slideTimes[len(slideTimes)-1]).Mid
	lowest, least := math.Inf(1), math.Inf(1)
	for k := range points {
		now := law.At(duration * float64(k) / points)
		lowest, least = math.Min(lowest, now.Mid), math.Min(least, now.Mean)
	}
	n := float64(law.Market.Makers)
	p.claim("slide 24", "lowest expected price pressure, bps", "below −6, before the end", lowest, path.covers(lowest, lowest) && lowest < -6 && lowest < end.Mid && end.Mid < back)
	p.claim("slide 45 (a)", "lowest expected price pressure, bps", "on an axis from "+simulations.String(), lowest, simulations.covers(lowest, 0))
	const label = 50 // data may go beyond the last label, by less than there is from one to the next
	p.claim("slide 45 (b)", "expected inventory of all makers just before t = 0.2, EUR 1000", "labels from -50 to 200, every 50", n*end.Mean, axis{-50 - label, 200 + label}.covers(n*least, n*end.Mean))
}
