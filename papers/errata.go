package papers

// Correction is an erratum of a source: in one sentence what it prints and what is
// right. docs/errata.md has the evidence.
type Correction struct{ ID, Sentence string }

// Errata are the errata of all sources. IDs are those of the entries that need
// them and of docs/errata.md.
var Errata = []Correction{
	{"SS-1", "(33) reads (rI − Q) in the scan; inventories shrink at the rate QX, so that it is (rI + Q)."},
	{"SS-2", "(6) reads a factor r before the integral in the scan; (13), (16) and all value functions are those of payoffs without it."},

	{"CMZ-1", "(A1) and (A12) let a maker believe that its rivals mirror its own inventory; by Definition 1 they keep their paths, and against these the published policy is no best response unless N = 1."},
	{"CMZ-2", "(20) prints 2η/β as the limit of the price pressure B_θ, which tends to 0; it is the limit of N B_θ."},
	{"CMZ-3", "(21) prints N C_θ + N D_θ i for the depth at the bid; it is N C_θ − N D_θ i."},
	{"CMZ-4", "The inventory g(t) in the proof of Lemma 1 lacks the factor e^{−ηd/A} in its last fraction."},
	{"CMZ-5", "C(t, f, d) and the display of Proposition 5 have one f too many in the linear term 2δωf h_β."},
	{"CMZ-6", "(A19) prints M + η/A in the denominator of its last fraction; it is M + β, as in (A20)."},
	{"CMZ-7", "The slope of the bid at 0 tends to η/A − β − M as d → 0, not to what the proof of Lemma 2 prints."},
	{"CMZ-8", "Section 3.2 prints G'_θ(0) = 0; it is 4NA/(N+1)³ > 0."},
	{"CMZ-9", "(A5) prints + 8δAB/(N+1)² for − 8δAB/(N+1)²."},
	{"CMZ-10", "The end of the proof of Proposition 2 prints J_θ = B; since v contains f J_θ i, J_θ is B/f."},
	{"CMZ-11", "(28) and (14) print (p^a + p^b)/(2Ni) for the price pressure; it is minus the slope of the mid price in Ni."},
	{"CMZ-12", "The proofs of Propositions 3 and 4 print f*(0) < Nδω/2; the two are equal."},
	{"CMZ-13", "g(y, c) in the proof of Lemma B.1 is increasing in c as printed; it is c²y^c/(1 − y^c)²."},
	{"CMZ-14", "The text of appendix D has a price pressure of 0.026; its equation, η and Figure 4(c) have 0.0026."},
	{"CMZ-15", "δ is given in EUR per bps and η per EUR 1000; the two go together only with δ in EUR 1000 per bps (and per day, as η is)."},
	{"CMZ-16", "Row 0 of Figure 4(c) and section 4.2 print 1.62 for half the spread, which is 1.60."},
	{"CMZ-17", "Footnote 13 defines an average impact without discounting; the digits of Figure 4(c) are those of the discounted one."},
	{"CMZ-18", "Appendix D speaks of seven parameters; there are five."},
	{"CMZ-19", "η = 0.2434 belongs to the rounded δ of 18 000; that of the three equations is 0.2433."},
	{"CMZ-20", "What is largest at f* are proceeds over the reservation value; cash proceeds go on rising."},

	{"T-1", "Slide 44 has e^{δt} − e^{−Mt−δS} in the mean inventory, with the price S; it is e^{−δD}(e^{δt} − e^{−Mt}), and M, which is not defined, 4cλA/(N+1+2cA)."},
	{"T-2", "Slide 20 drops the constant of the value when the order ends; it is then C(0), not 0."},
	{"T-3", "Slide 43 has the proceeds as f b; (4.1) and (4.2), with P and Q positive, are those over the reservation value of slide 15."},
	{"T-4", "Slide 40 has makers always gain; above a rate far beyond what a seller would choose they lose if arrivals are large against what makers like to hold."},
	{"T-5", "Slide 44 writes B(t, f) in the mean quotes of sunshine trading; it is B̃(t, f)."},
	{"T-6", "As in CMZ-1, a maker takes its rivals to hold what it holds itself; against rivals with inventories of their own the policy is no best response unless N = 1."},
}
