package poisson

// Policy is what every maker quotes as a function of its inventory at one moment,
//
//	x^a = Sells + Slope i,   x^b = Buys − Slope i.
type Policy struct {
	Sells float64 // α_a = (c/K)(p − B − φ/(cλ_B N)), asset units if a buyer arrives
	Buys  float64 // α_b = (c/K)(p + B − f/(cλ_S N)), asset units if a seller arrives
	Slope float64 // r
}

// Policy is that of slide 20 when the makers anticipate B and large orders sell and
// buy at these rates.
func (c Constants) Policy(anticipation, sells, buys float64) Policy {
	n, k := float64(c.Makers), c.Size/c.K
	return Policy{
		Sells: k * (c.Reservation - anticipation - buys/(c.Size*c.BuyRate*n)),
		Buys:  k * (c.Reservation + anticipation - sells/(c.Size*c.SellRate*n)),
		Slope: c.R,
	}
}

// Quotes are the prices, relative to the fundamental value, and what one maker
// trades on an arrival.
type Quotes struct {
	Ask, Bid float64
	Sells    float64 // x^a, if a buyer arrives
	Buys     float64 // x^b, if a seller arrives; below 0 where the bid is below −p
}

// Mid is (a + b)/2.
func (q Quotes) Mid() float64 { return (q.Ask + q.Bid) / 2 }

// Quotes are those of makers who all hold inventory, anticipate B and meet large
// orders that sell and buy at these rates.
func (c Constants) Quotes(anticipation, sells, buys, inventory float64) Quotes {
	n := float64(c.Makers)
	p := c.Policy(anticipation, sells, buys)
	value := n * (anticipation - 2*c.A*inventory) / c.K
	return Quotes{
		Ask:   value + c.Spread()/2 + buys/(c.Size*c.BuyRate*c.K),
		Bid:   value - c.Spread()/2 - sells/(c.Size*c.SellRate*c.K),
		Sells: p.Sells + p.Slope*inventory, Buys: p.Buys - p.Slope*inventory,
	}
}

// HiddenAnticipation is B(t) while a hidden order sells at a rate, negative to buy:
// B_0 − kB f ∫_t^∞ e^{−δ(s−t)} S(s)/S(t)ds, the mean given D > t of what makers would
// anticipate if they knew D.
func (c Constants) HiddenAnticipation(law Law, rate, t float64) float64 {
	return c.B0 - c.KB*rate*law.expect(t, 0, c.Delta)
}

// Spread is a − b without large orders, 2p(1 + 2cA)/K.
func (c Constants) Spread() float64 {
	return 2 * c.Reservation * (1 + 2*c.Size*c.A) / c.K
}

// SpreadWith is a − b while large orders sell and buy at these rates.
func (c Constants) SpreadWith(sells, buys float64) float64 {
	return c.Spread() + (sells/c.SellRate+buys/c.BuyRate)/(c.Size*c.K)
}

// Pressure is 2A/K: how far a unit of all makers' inventory pushes the mid down.
func (c Constants) Pressure() float64 { return 2 * c.A / c.K }

// Bound is p/(2A): with equal rates and no large order, an inventory that is not
// beyond it never will be, and no quantity is negative.
func (c Constants) Bound() float64 { return c.Reservation / (2 * c.A) }

// Jump is by how much ask and bid rise when a seller stops whom makers had
// anticipated with B just before: NB̂/K less at the ask, and f/(cλ_S K) more at the
// bid. An announced end has B̂ = 0, so that the ask does not jump; slides 21–23.
func (c Constants) Jump(anticipation, sells float64) (ask, bid float64) {
	ask = float64(c.Makers) * (c.B0 - anticipation) / c.K
	return ask, ask + sells/(c.Size*c.SellRate*c.K)
}

// MakerValue is what being a maker is worth without an order when all makers hold
// inventory, C_0 + Tilt i − Curvature i².
func (c Constants) MakerValue(inventory float64) float64 {
	return c.C0 + inventory*(c.Tilt-c.Curvature*inventory)
}

// UsersValue is what the market is worth to all end users without an order,
// U_0 + U_1 i + U_2 i²; slides 41–42.
func (c Constants) UsersValue(inventory float64) float64 {
	u0, u1, u2 := c.UsersCoefficients()
	return u0 + inventory*(u1+u2*inventory)
}

// UsersCoefficients are U_0, U_1 and U_2 without an order.
func (c Constants) UsersCoefficients() (u0, u1, u2 float64) {
	u := c.idle(c.users())
	return u.constant, u.slope, u.square
}
