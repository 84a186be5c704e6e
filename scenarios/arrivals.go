package scenarios

// Arrivals are investors who come one by one, buyers and sellers by independent
// Poisson processes. At the relative ask a a buyer takes Size·(ω − a), at the
// relative bid b a seller gives Size·(ω + b).
type Arrivals struct {
	BuyRate  float64 // λ_B > 0, buyers per unit of time
	SellRate float64 // λ_S > 0, sellers per unit of time
	Size     float64 // c > 0, asset units per unit of price
}

// Poisson is how the investors of a scenario arrive; nil where they are a flow, or
// where the market has none.
func (s *Scenario) Poisson() *Arrivals {
	for i := range s.Agents {
		if a := s.Agents[i].Arrivals; a != nil {
			return a
		}
	}
	return nil
}
