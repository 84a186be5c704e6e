package closedform

// FirstBest is the allocation and price of a market without market power,
// SS §2. holdingCosts are b_i (money per asset unit squared per time), at
// least one; discountRate is r (per time). With β = Σ_j 1/b_j,
//
//	price  = −1/(rβ)          price per unit of total inventory ΣX,
//	shares = (1/b_i)/β        trader i's share of total inventory; they sum to 1.
//
// Parameters that are not positive and finite are misuse and panic with a
// *ParameterError.
func FirstBest(holdingCosts []float64, discountRate float64) (price float64, shares []float64) {
	if err := firstError(positiveCosts(holdingCosts, 1), positive("discountRate", discountRate)); err != nil {
		panic(err)
	}
	var capacity float64
	for _, b := range holdingCosts {
		capacity += 1 / b
	}
	shares = make([]float64, len(holdingCosts))
	for i, b := range holdingCosts {
		shares[i] = 1 / b / capacity
	}
	return -1 / (discountRate * capacity), shares
}
