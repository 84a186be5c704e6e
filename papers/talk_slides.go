package papers

import (
	"errors"
	"math"

	"walras/equilibrium/cournot"
	"walras/equilibrium/poisson"
)

// talkMarket is the market in which the formulas of the slides are evaluated, with a
// seller of rate f who stops at D, or at a time of mean 1/ν.
func talkMarket() poisson.Constants {
	m := poisson.Model{DiscountRate: .3, Makers: 3, InventoryCost: .2, BuyRate: 4, SellRate: 4, Size: .7, Reservation: 1.3}
	return m.Constants(cournot.Published)
}

// The large order in it, and the name of the market.
const (
	talkRate     = .9  // f
	talkDuration = 1.5 // D
	talkHazard   = .8  // ν
	inTalk       = "N = 3, c = 0.7, λ = 4, p = 1.3, Θ = 0.2, β = 0.3; f = 0.9, D = 1.5, ν = 0.8"
)

// hiddenLaw is that of the duration of the hidden order.
func hiddenLaw() poisson.Exponential { return poisson.Exponential{MeanDuration: 1 / talkHazard} }

// stealth is slides 20 and 21.
func stealth(p *page, l lab) error {
	p.market = inTalk
	c, law := talkMarket(), hiddenLaw()
	played := l.slides(c.Model, "stealth", talkRate, hiddenDuration)
	n, cs, λ, pp := float64(c.Makers), c.Size, c.BuyRate, c.Reservation
	β, a, f := c.DiscountRate, c.A, talkRate
	k := n + 1 + 2*cs*a
	δ := c.InventoryCost / a
	p.formula("slide 20", "Θ − βA", "8cλA²(1 + cA)/(N + 1 + 2cA)²", 8*cs*λ*a*a*(1+cs*a)/(k*k), c.InventoryCost-β*a)
	p.formula("slide 20", "δ", "Θ/A", δ, c.Delta)
	b := -f * (δ - β) / (2 * cs * λ) * (n + 2*cs*a) / n / (talkHazard + δ)
	const t, i = .6, .2
	p.formula("slide 20", "B(f)", "−f (δ−β)/(2cλ) (N+2cA)/N 1/(ν+δ)", b, c.HiddenAnticipation(law, f, t))
	on, off := c.Quotes(c.HiddenAnticipation(law, f, t), f, 0, i), c.Quotes(0, 0, 0, i)
	p.formula("slide 20", "ask at i = 0.2", "[p(1+2cA) − 2NAi + NB]/(N+1+2cA)", (pp*(1+2*cs*a)-2*n*a*i+n*b)/k, on.Ask)
	p.formula("slide 20", "bid at i = 0.2", "[−p(1+2cA) − 2NAi + NB − f/(cλ)]/(N+1+2cA)", (-pp*(1+2*cs*a)-2*n*a*i+n*b-f/(cs*λ))/k, on.Bid)
	p.formula("slide 16", "ask at i = 0.2", "p − Σx^a/c", pp-n*on.Sells/cs, on.Ask)
	p.formula("slide 16", "bid at i = 0.2", "−p + Σx^b/c", -pp+n*on.Buys/cs, on.Bid)
	p.formula("slide 20", "value after the end at i = 0.2", "V = −Ai²", -a*i*i, c.MakerValue(i)).errs("T-2")
	c0 := 2 * cs * λ * (1 + cs*a) * pp * pp / (β * k * k)
	p.formula("slide 20, corrected", "value after the end at i = 0.2", "V = −Ai² + C(0)", c0-a*i*i, c.MakerValue(i))

	later := c.Quotes(c.HiddenAnticipation(law, f, 1.3), f, 0, i)
	p.claim("slide 21", "change of the ask while the order is hidden", "0: quotes are stationary", later.Ask-on.Ask, math.Abs(later.Ask-on.Ask) < 1e-12)
	p.formula("slide 20", "ask at i = 0 when the order begins", "[p(1+2cA) + NB]/(N+1+2cA)", (pp*(1+2*cs*a)+n*b)/k, c.Quotes(b, f, 0, 0).Ask).simulated(played.get("ask_mean", "", 0))
	p.formula("slide 20", "bid at i = 0 when the order begins", "[−p(1+2cA) + NB − f/(cλ)]/(N+1+2cA)", (-pp*(1+2*cs*a)+n*b-f/(cs*λ))/k, c.Quotes(b, f, 0, 0).Bid).simulated(played.get("bid_mean", "", 0))
	p.claim("slide 21", "spread before the end, less that after it", "> 0", c.SpreadWith(f, 0)-c.Spread(), c.SpreadWith(f, 0) > c.Spread())
	p.claim("slide 21", "what the seller does to the ask", "< 0: pressed down", on.Ask-off.Ask, on.Ask < off.Ask)
	p.claim("slide 21", "what the seller does to the bid", "< 0: pressed down", on.Bid-off.Bid, on.Bid < off.Bid)
	ask, bid := c.Jump(b, f)
	p.claim("slide 21", "jump of the ask at the end", "> 0: sudden correction", ask, ask > 0)
	p.claim("slide 21", "jump of the bid at the end", "> 0: sudden correction", bid, bid > 0)
	return played.err
}

// sunshine is slides 22, 23 and 44.
func sunshine(p *page, l lab) error {
	p.market = inTalk
	c := talkMarket()
	played := l.slides(c.Model, "sunshine", talkRate, knownDuration, set("record.statistics_every", 12))
	n, cs, λ, pp := float64(c.Makers), c.Size, c.BuyRate, c.Reservation
	β, a, f, d := c.DiscountRate, c.A, talkRate, talkDuration
	k, δ := n+1+2*cs*a, c.InventoryCost/a
	flows := poisson.Constantly(f, d)
	public := c.Announce(flows)
	const t, i = 1.2, .2
	b := -f * (δ - β) / (2 * cs * λ) * (n + 2*cs*a) / n * (1 - math.Exp(-δ*(d-t))) / δ
	now := public.At(t, i)
	p.formula("slide 22", "B̃(t, f) at t = 1.2", "−f (δ−β)/(2cλ) (N+2cA)/N (1 − e^{−δ(D−t)})/δ", b, public.Anticipation(t))
	p.formula("slide 22", "ask at t = 1.2, i = 0.2", "[p(1+2cA) − 2NAi + NB̃]/(N+1+2cA)", (pp*(1+2*cs*a)-2*n*a*i+n*b)/k, now.Ask)
	p.formula("slide 22", "bid at t = 1.2, i = 0.2", "[−p(1+2cA) − 2NAi + NB̃ − f/(cλ)]/(N+1+2cA)", (-pp*(1+2*cs*a)-2*n*a*i+n*b-f/(cs*λ))/k, now.Bid)
	before, after := public.Before(d, i), public.At(d, i)
	p.claim("slide 23", "jump of the ask at the end", "0: no sudden correction", after.Ask-before.Ask, math.Abs(after.Ask-before.Ask) < 1e-12)
	early := public.At(.1, i)
	change := (now.Ask - now.Bid) - (early.Ask - early.Bid)
	p.claim("slide 23", "change of the spread during the liquidation", "0: constant", change, math.Abs(change) < 1e-12)
	p.claim("slide 23", "spread during the liquidation, less that after it", "> 0", now.Ask-now.Bid-c.Spread(), now.Ask-now.Bid > c.Spread())

	m := 4 * cs * λ * a / k
	p.formula("slide 44", "M, which the slides do not define", "4cλA/(N+1+2cA)", m, c.Reversion)
	inventory := c.Known(flows, 0)
	g := func(first, second float64) float64 { // exponents of e^{−δ·}, at the two terms
		return f / n * (n + 2*cs*a) / k * (β/δ*(1-math.Exp(-m*t))/m + (δ-β)/δ*(math.Exp(δ*(t-first))-math.Exp(-m*t-δ*second))/(m+δ))
	}
	const price = 10.
	mean := inventory.At(t)
	p.formula("slide 44", "g(t) at t = 1.2, S = 10", "(f/N)(N+2cA)/(N+1+2cA){…(e^{δt} − e^{−Mt−δS})/(M+δ)}", g(0, price), mean.Mean).errs("T-1")
	p.formula("slide 44, corrected", "g(t) at t = 1.2", "that with e^{−δD}(e^{δt} − e^{−Mt})", g(d, d), mean.Mean).simulated(played.get("inventory_mean", "maker[1]", t))
	p.formula("slide 44", "g(t) after the end, at t = 2.4", "g(D)e^{−M(t−D)}", inventory.At(d).Mean*math.Exp(-m*(2.4-d)), inventory.At(2.4).Mean).simulated(played.get("inventory_mean", "maker[1]", 2.4))
	hidden := c.HiddenAnticipation(hiddenLaw(), f, t)
	p.formula("slide 44", "E a − S at t = 1.2", "[p(1+2cA) − 2NAg + NB]/(N+1+2cA)", (pp*(1+2*cs*a)-2*n*a*mean.Mean+n*hidden)/k, mean.Ask).errs("T-5")
	p.formula("slide 44, corrected", "E a − S at t = 1.2", "that with B̃ of slide 22", (pp*(1+2*cs*a)-2*n*a*mean.Mean+n*b)/k, mean.Ask).simulated(played.get("ask_mean", "", t))
	p.formula("slide 44, corrected", "E b − S at t = 1.2", "[−p(1+2cA) − 2NAg + NB̃ − f/(cλ)]/(N+1+2cA)", (-pp*(1+2*cs*a)-2*n*a*mean.Mean+n*b-f/(cs*λ))/k, mean.Bid).simulated(played.get("bid_mean", "", t))
	return played.err
}

// proceeds is slides 15, 25, 26 and 43.
func proceeds(p *page, l lab) error {
	p.market = inTalk
	c, law := talkMarket(), hiddenLaw()
	gain, err := l.disclosed(c.Model, talkRate, hiddenDuration)
	if err != nil {
		return err
	}
	announced := l.slides(c.Model, "sunshine", talkRate, knownDuration)
	f, d := talkRate, talkDuration
	known, hidden, mean := c.Sunshine(d).Seller, c.Stealth(law).Seller, c.MeanSunshine(law).Seller
	p.claim("slide 25, (4.1)", "P̃", "> 0", hidden.Linear, hidden.Linear > 0)
	p.claim("slide 25, (4.1)", "Q̃", "> 0", -hidden.Square, hidden.Square < 0)
	p.claim("slide 25, (4.2)", "P(D)", "> 0", known.Linear, known.Linear > 0)
	p.claim("slide 25, (4.2)", "Q(D)", "> 0", -known.Square, known.Square < 0)
	more := mean.Of(f, 0) - hidden.Of(f, 0)
	p.claim("slide 26", "E G(D; f) − G̃(f), the law of D being the same", "> 0: hiding brings less", more, more > 0).simulated(gain)
	p.formula("slide 26", "E G(D; f) − G̃(f)", "f²(Q̃ − E Q(D)) > 0", f*f*c.StealthCost(law), more)
	best := hidden.Extremum()
	share := c.MeanPerTime(law).Of(best, 0)/best - talkHazard*hidden.Of(best, 0)/best
	p.claim("slide 26", "E[G(D; f)/(fD)] − νG̃(f)/f at the best hidden rate", "> 0: less per share", share, share > 0)
	const start = 10.
	cash := f * discounted(c.DiscountRate, d) * (start + c.MeanBid(cournot.Order{Rate: f, Duration: d}, 0))
	p.formula("slide 43", "proceeds G(D; f) of (4.2), S_0 = 10", "E∫e^{−βt} f b dt", cash, known.Of(f, 0)).errs("T-3")
	p.formula("slide 15", "proceeds G(D; f) of (4.2)", "E∫e^{−βt} f(b − (S − p))dt", cash-f*discounted(c.DiscountRate, d)*(start-c.Reservation), known.Of(f, 0)).simulated(announced.of("welfare", "fund"))
	return announced.err
}

// others is slides 40 to 42: makers and end users. Where makers lose takes a market
// of its own, with large arrivals.
func others(p *page, l lab) error {
	p.market = inTalk
	c, law := talkMarket(), hiddenLaw()
	secret, announced := l.slides(c.Model, "stealth", talkRate, hiddenDuration), l.slides(c.Model, "sunshine", talkRate, knownDuration)
	known, hidden := c.Sunshine(talkDuration), c.Stealth(law)
	p.claim("slide 40", "C(0, f) − C(0, 0)", "> 0", hidden.Maker.Of(talkRate, 0), hidden.Maker.Of(talkRate, 0) > 0).simulated(secret.makerGain(c))
	p.claim("slide 40", "C̃(0, f) − C̃(0, 0)", "> 0", known.Maker.Of(talkRate, 0), known.Maker.Of(talkRate, 0) > 0).simulated(announced.makerGain(c))
	for _, way := range []struct {
		name  string
		gains poisson.Gains
	}{{"stealth", hidden}, {"sunshine", known}} {
		threshold := way.gains.UsersGainAbove(0)
		below, above := way.gains.Users.Of(.99*threshold, 0), way.gains.Users.Of(1.01*threshold, 0)
		p.claim("slide 41", way.name+": rate above which end users gain", "a threshold: below it they lose", threshold, below < 0 && above > 0)
	}

	users := hidden.Users
	p.claim("slide 42", "what end users gain from a hidden order, per rate at low rates", "< 0: the wider spread dominates", users.Linear, users.Linear < 0)
	p.claim("slide 42", "the same, per rate squared", "> 0: at high rates the price pressure benefits them", users.Square, users.Square > 0)
	spread := c.SpreadWith(2*talkRate, 0) - c.SpreadWith(talkRate, 0)
	p.claim("slide 42", "spread at 2f, less that at f", "> 0: liquidation widens it", spread, spread > 0)

	lumpy := poisson.Model{DiscountRate: .2, Makers: 3, InventoryCost: 1, BuyRate: 1, SellRate: 1, Size: 2, Reservation: 1}
	large := lumpy.Constants(cournot.Published)
	gains := large.Stealth(poisson.Exponential{MeanDuration: 2})
	rate := 1.3 * gains.MakersLoseAbove(0)
	fast := l.slides(lumpy, "stealth", rate, "{mean: 2}", set("clock.horizon", 16))
	p.market = "N = 3, c = 2, λ = 1, p = 1, Θ = 1, β = 0.2, ν = 0.5"
	p.claim("slide 40", "C(0, f) − C(0, 0) at f = "+short(rate), "> 0: always", gains.Maker.Of(rate, 0), gains.Maker.Of(rate, 0) > 0).simulated(fast.makerGain(large)).errs("T-4")
	return errors.Join(secret.err, announced.err, fast.err)
}

// respond is the concept of slides 19 to 22: what one maker gains that answers best
// the others, who follow the policy with inventories of their own.
func respond(p *page, _ lab) error {
	p.market = inTalk
	gain := talkMarket().DeviationsHidden(hiddenLaw(), talkRate).Best(0, 0).Relative
	p.claim("slides 16 to 20", "relative gain of a maker's best response", "0: an equilibrium", gain, math.Abs(gain) < 1e-9).errs("T-6")
	open := talkMarket().Model.Constants(cournot.OpenLoop).DeviationsHidden(hiddenLaw(), talkRate).Best(0, 0).Relative
	p.claim("slides 16 to 20, corrected", "open_loop: relative gain of a maker's best response", "0: an equilibrium", open, math.Abs(open) < 1e-9)
	return nil
}
