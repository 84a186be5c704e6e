package scenarios

// Units are the user's names for the units of a scenario; they label tables. In
// MarketCournot prices are quotes, such as basis points of the fundamental value, and
// Money names what they are quoted in.
type Units struct{ Time, Money, Asset string }

// PriceUnit is the unit of prices; empty where it is not named.
func (s *Scenario) PriceUnit() string {
	u := s.Units
	switch {
	case s.Market == MarketCournot:
		return u.Money
	case u.Money == "" || u.Asset == "":
		return ""
	}
	return u.Money + "/" + u.Asset
}

// ValueUnit is the unit of payoffs and other values, a price times a quantity; empty
// where it is not named.
func (s *Scenario) ValueUnit() string {
	u := s.Units
	switch {
	case s.Market != MarketCournot:
		return u.Money
	case u.Money == "" || u.Asset == "":
		return ""
	}
	return u.Money + "·" + u.Asset
}
