package papers

import (
	"math"

	"gonum.org/v1/gonum/integrate/quad"

	"walras/equilibrium/cournot"
)

// appendix is the formulas of appendices B and C, transcribed as they are printed
// and evaluated in the test market.
func appendix(p *page, _ lab) error {
	p.market = inTest
	path := test()
	coefficients(p, path)
	inventory(p, path)
	bid(p, path)
	gains(p, path)
	bestRate(p, path)
	p.market = "y = 0.5"
	lemmaB1(p)
	return nil
}

// exponentials is h_γ(u).
func exponentials(γ, u float64) float64 { return (1 - math.Exp(-γ*u)) / γ }

// coefficients are the constants (A4) to (A11).
func coefficients(p *page, path cournot.Path) {
	c := path.Market
	n1, β, η, δ, ω, a := float64(c.Makers+1), c.DiscountRate, c.InventoryCost, c.Activity, c.Reservation, c.A
	p.formula("(A4)", "η − βA", "8δA²/(N+1)²", 8*δ*a*a/(n1*n1), η-β*a)
	p.formula("(A5)", "coefficient of B on the right of βB", "8δA/(N+1)²", 8*δ*a/(n1*n1), β-c.Gamma).errs("CMZ-9")
	p.formula("(A5), corrected", "coefficient of B on the right of βB", "−8δA/(N+1)²", -8*δ*a/(n1*n1), β-c.Gamma)
	p.formula("(A7)", "E_θ", "2δω²/(β(N+1)²)", 2*δ*ω*ω/(β*n1*n1), c.Value)
	p.formula("(A8)", "B_θ", "2A/(N+1)", 2*a/n1, c.Pressure)
	p.formula("(A8)", "C_θ", "δω/(N+1)", δ*ω/n1, c.Depth)
	p.formula("(A8)", "D_θ", "2δA/(N+1)", 2*δ*a/n1, c.DepthSlope)
	p.formula("(A8)", "F_θ", "A", a, c.Curvature)
	p.formula("(A10)", "A", "2η/(β + √(β² + 32δη/(N+1)²))", 2*η/(β+math.Sqrt(β*β+32*δ*η/(n1*n1))), a)
	p.formula("(A11)", "A/(N+1)", "2η/(β(N+1) + √(β²(N+1)² + 32δη))", 2*η/(β*n1+math.Sqrt(β*β*n1*n1+32*δ*η)), a/n1)
}

// inventory is the proof of Lemma 1, and the marginal value (A15).
func inventory(p *page, path cournot.Path) {
	c, f, d := path.Market, path.Order.Rate, path.Order.Duration
	n1, β, η, δ, a := float64(c.Makers+1), c.DiscountRate, c.InventoryCost, c.Activity, c.A
	m, γ := 4*δ*a/n1, η/a
	g := func(t, factor float64) float64 {
		return m / (4 * δ * a) * (β*a/η*(1-math.Exp(-m*t))/m + (1-β*a/η)*(math.Exp(γ*t)-math.Exp(-m*t))/(γ+m)*factor)
	}
	at := path.Before(d).Inventory / f
	const printed = "(M/4δA)[(βA/η)(1 − e^{−Mt})/M + (1 − βA/η)(e^{ηt/A} − e^{−Mt})/(η/A + M)]"
	p.formula("proof of Lemma 1", "g(d)", printed, g(d, 1), at).errs("CMZ-4")
	p.formula("proof of Lemma 1, corrected", "g(d)", "that, its last fraction times e^{−ηd/A}", g(d, math.Exp(-γ*d)), at)
	b := -4 * a / (n1 * n1) * exponentials(γ, d)
	p.formula("(A15)", "marginal value at t = 0", "B = −f 4A/(N+1)² (1 − e^{−ηd/A})/(η/A)", f*b, path.At(0).MarginalValue)
	p.formula("end of the proof of Proposition 2", "J_θ(d)", "B(0)", f*b, c.MakerGain(d).Slope).errs("CMZ-10")
	p.formula("end of the proof of Proposition 2, corrected", "J_θ(d)", "B(0)/f = b(d)", b, c.MakerGain(d).Slope)
}

// bid is (A16) and the rest of the proof of Lemma 2.
func bid(p *page, path cournot.Path) {
	c, f, d := path.Market, path.Order.Rate, path.Order.Duration
	n := float64(c.Makers)
	n1, β, η, δ, ω, a := n+1, c.DiscountRate, c.InventoryCost, c.Activity, c.Reservation, c.A
	m, γ, s := 4*δ*a/n1, η/a, β*a/η
	const t, late = .6, 2.2
	during := -ω/n1 - f/(2*δ*n1)*(2+n*(1-(γ-β)/(m+γ)*math.Exp(-γ*(d-t))-s*math.Exp(-m*t)-(γ-β)/γ*m/(m+γ)*math.Exp(-γ*d-m*t)))
	p.formula("(A16)", "p^b at t = 0.6", "(A16)", during, path.At(t).Bid)
	after := -ω/n1 - f*n/(2*δ*n1)*(s*(1-math.Exp(-m*d))+(η-β*a)/η*m/(m+γ)*(1-math.Exp(-(m+γ)*d)))*math.Exp(-m*(late-d))
	p.formula("below (A16)", "p^b at t = 2.2", "(A16) for t > d", after, path.At(late).Bid)
	// ∂p^b/∂t at 0 is fN/(2δ(N+1)) times the expression whose limit is printed.
	short := path
	short.Order.Duration = 1e-9
	limit := short.Slope(0) * 2 * δ * n1 / (f * n)
	p.formula("proof of Lemma 2", "slope of the bid at 0 as d → 0", "(−2β + η/A − M)/(M + η/A)", (-2*β+γ-m)/(m+γ), limit).errs("CMZ-7")
	p.formula("proof of Lemma 2, corrected", "slope of the bid at 0 as d → 0", "η/A − β − M", γ-β-m, limit).within(1e-7)
}

// gains are those of makers and of other investors.
func gains(p *page, path cournot.Path) {
	c, f, d := path.Market, path.Order.Rate, path.Order.Duration
	n := float64(c.Makers)
	n1, β, η, δ, ω, a := n+1, c.DiscountRate, c.InventoryCost, c.Activity, c.Reservation, c.A
	m, γ := 4*δ*a/n1, η/a
	b := func(s float64) float64 { return -4 * a / (n1 * n1) * exponentials(γ, s) }
	integral := func(to float64, g func(s float64) float64) float64 { return quad.Fixed(g, 0, to, 40, nil, 0) }

	square := integral(d, func(s float64) float64 {
		return math.Exp(-β*(d-s)) * (1 + 2*δ*δ*b(s)*b(s) + 2*δ*b(s))
	})
	linear := 2 * δ * ω * f * exponentials(β, d)
	gain := c.MakerGain(d).Of(f, 0)
	p.formula("C(t, f, d), proof of Proposition 5", "I_θ(d, f)", "(1/δ(N+1)²)[2δωf h_β(d) f + f²∫…]", (linear*f+f*f*square)/(δ*n1*n1), gain).errs("CMZ-5")
	p.formula("the same, corrected", "I_θ(d, f)", "(1/δ(N+1)²)[2δωf h_β(d) + f²∫…]", (linear+f*f*square)/(δ*n1*n1), gain)

	aω := 4 * δ * n * n * a * a / (β*n1*n1 + 8*δ*n1*a)
	p.formula("(A21)", "F^I", "4δN²A²/(β(N+1)² + 8δ(N+1)A)", aω, c.InvestorCurvature)
	p.formula("below (A22)", "N²A − (N+1)A_ω", "N²A(N+1)(β(N+1) + 4δA)/(β(N+1)² + 8δ(N+1)A)", n*n*a*n1*(β*n1+4*δ*a)/(β*n1*n1+8*δ*n1*a), n*n*a-n1*c.InvestorCurvature)
	j := func(u float64) float64 {
		return integral(u, func(s float64) float64 {
			return math.Exp(-(β+m)*(u-s)) * 2 / n * (aω + (n*n*a-n1*aω)*(1-2*δ*n*b(s))/(n1*n1))
		})
	}
	investors := c.InvestorsGain(d)
	p.formula("(A22)", "J^I_θ(d)", "(A22)", j(d), investors.Slope)
	i := -f*ω*n/(n1*n1)*exponentials(β, d) + f*f*integral(d, func(s float64) float64 {
		return math.Exp(-β*(d-s)) * ((1+2*δ*b(s))*j(s)/n1 + (1-2*δ*n*b(s)+2*δ*δ*n*n*b(s)*b(s))/(2*δ*n1*n1))
	})
	p.formula("(A23)", "I^I_θ(d, f)", "(A23)", i, investors.Of(f, 0))
}

// bestRate is the proofs of Propositions 3 and 4.
func bestRate(p *page, path cournot.Path) {
	c, d := path.Market, path.Order.Duration
	n := float64(c.Makers)
	n1, β, η, δ, ω, a := n+1, c.DiscountRate, c.InventoryCost, c.Activity, c.Reservation, c.A
	m, γ := 4*δ*a/n1, η/a
	hβ := exponentials(β, d)
	braces := func(denominator float64) float64 {
		return n + 2 + n*(β/(m+γ)-β*a/η*exponentials(m+β, d)/hβ-β/(m+β)*exponentials(γ, d)/hβ-
			(η-β*a)/η*m/(m+γ)*(m+β+γ)/denominator*exponentials(m+β+γ, d)/hβ)
	}
	proceeds := c.Proceeds(d)
	p.formula("(A18)", "P(d)", "Nωh_β(d)/(N+1)", n*ω/n1*hβ, proceeds.Linear)
	p.formula("(A19)", "Q(d)", "(A19), last fraction (M + β + η/A)/(M + η/A)", hβ/(2*δ)/n1*braces(m+γ), -proceeds.Square).errs("CMZ-6")
	p.formula("(A19), corrected", "Q(d)", "that fraction (M + β + η/A)/(M + β)", hβ/(2*δ)/n1*braces(m+β), -proceeds.Square)
	p.formula("(A20)", "1/f*(d)", "(A20)", braces(m+β)/(δ*n*ω), 1/c.BestRate(d))
	at := c.BestRate(0) - n*δ*ω/2
	p.claim("proofs of Propositions 3 and 4", "f*(0) − Nδω/2", "< 0", at, at < -1e-12*n*δ*ω).errs("CMZ-12")
	p.formula("the same, corrected", "f*(0)", "Nδω/2", n*δ*ω/2, c.BestRate(0))
}

// lemmaB1 is the function that the proof of Lemma B.1 says is decreasing in c.
func lemmaB1(p *page) {
	const y = .5
	printed := func(c float64) float64 { return c * c / (1 - math.Pow(y, c)) }
	right := func(c float64) float64 { x := math.Pow(y, c); return c * c * x / ((1 - x) * (1 - x)) }
	p.claim("proof of Lemma B.1", "g(y, c) = c²/(1 − y^c); g(y, 2) − g(y, 1)", "< 0: decreasing in c", printed(2)-printed(1), printed(2) < printed(1)).errs("CMZ-13")
	p.claim("proof of Lemma B.1, corrected", "g(y, c) = c²y^c/(1 − y^c)²; g(y, 2) − g(y, 1)", "< 0: decreasing in c", right(2)-right(1), right(2) < right(1))
}
