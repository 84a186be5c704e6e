package scenarios

import (
	"math"
	"strconv"
)

// The words that the fields of a [Scenario] may hold.
const (
	MarketDoubleAuction = "double_auction" // a conditional double auction every Clock.Step
	MarketAlmgrenChriss = "almgren_chriss" // one seller in a market whose price impact is given
	MarketCournot       = "cournot"        // market makers in Cournot competition, investors, and large orders

	PolicyDiscrete   = "discrete"   // the exact equilibrium of the discrete-time game
	PolicyContinuous = "continuous" // the continuous-time policy on a grid
	PolicyEvent      = "event"      // investors arrive at exact times of a Poisson process

	UtilityQuadratic   = "quadratic"   // holding inventory X costs (b/2)X² per unit of time
	UtilityExponential = "exponential" // constant absolute risk aversion over consumption

	KindTrader = "trader" // a trader with market power
	KindFringe = "fringe" // a competitive fringe: price takers, in aggregate

	ConductStrategic     = "strategic"      // knows all that its trades do to the price
	ConductNoTransient   = "no_transient"   // knows of no transient impact
	ConductMomentumBlind = "momentum_blind" // and expects the price to stay where it is
	ConductMisperceived  = "misperceived"   // takes its impact to be Agent.ImpactFactor times what it is

	KindLargeSeller = "large_seller" // sells a given quantity in a given time
	KindLargeBuyer  = "large_buyer"  // buys one
	KindMarketMaker = "market_maker" // quotes a bid and an ask, and dislikes inventory
	KindInvestors   = "investors"    // buy at the ask and sell at the bid, the more the better the price

	StrategyConstant        = "constant"         // at a constant rate
	StrategyOptimalRate     = "optimal_rate"     // at the constant rate that is best
	StrategyOptimalSchedule = "optimal_schedule" // at the best times

	SolutionPublished = "published" // each maker takes its rivals to hold what it holds itself (CMZ, (A4))
	SolutionOpenLoop  = "open_loop" // Nash in paths: each maker takes its rivals' paths as given (CMZ, Definition 1)
	SolutionFeedback  = "feedback"  // Nash in the vector of all inventories (Markov perfect)

	DisclosureSunshine = "sunshine"       // the makers know the order from time 0 on
	DisclosureStealth  = "stealth"        // they see that it trades, and do not know when it will stop
	DisclosureDetected = "detected_after" // they find out after a while, all of it at once

	BeforeQuantity = "quantity" // an order that is not detected meets the quantities that the makers offer without it
	BeforeQuote    = "quote"    // it meets their quotes, and they take what is sold or bought there

	ShocksBrownian        = "brownian"         // inventories receive Brownian shocks
	ShocksCompoundPoisson = "compound_poisson" // inventories receive normal jumps at the ticks of a Poisson clock
	ShocksNone            = "none"             // inventories receive no shocks, whatever the volatilities

	OutcomesAll      = "all"      // one row of outcomes for every path
	OutcomesRecorded = "recorded" // only for the paths that are recorded
	OutcomesNone     = "none"     // no rows of outcomes

	LayoutLong = "long" // one row per path, step and agent
	LayoutWide = "wide" // one row per path and step
)

// Scenario is one simulated market, fully resolved: every default filled in.
type Scenario struct {
	Schema       int     // version of the format: 1
	Name         string  // names the run directory: no slash, no leading dot
	Title        string  // one line for people; the name if the file gives none
	Market       string  // one of the Market words
	Units        Units   // labels only
	DiscountRate float64 // r > 0, per unit of time
	Clock        Clock
	Agents       []Agent // in the order of the file; the order of P, Q and of covariances
	Shocks       Shocks
	CommonValues [][]float64 // F over the members in sequence, ones on the diagonal; nil: private values
	Exponential  bool        // utility is exponential, with each Agent.RiskAversion; else quadratic
	Impact       Impact      // of MarketAlmgrenChriss
	Solution     string      // of MarketCournot: one of the Solution words; else empty
	Commitment   *Commitment // nil: the equilibrium
	Fundamental  Fundamental
	MonteCarlo   MonteCarlo
	Record       Record
	Sweep        []SweepAxis // empty unless the file asks for a sweep

	// unstated lists the keys whose values follow from others and were left
	// to do so. Only sweeps need it, and only they keep it: a step of 0.1
	// has other statistics than a step of 1 unless the file says otherwise.
	unstated []string
}

// Units are the user's names for the units of a scenario; they label tables.
type Units struct{ Time, Money, Asset string }

// Clock says when auctions happen.
type Clock struct {
	Step    float64 // Δ > 0, time between auctions
	Horizon float64 // T, a multiple of Step
	Policy  string  // one of the Policy words
}

// Steps is the number of auctions, Horizon/Step.
func (c Clock) Steps() int { return int(math.Round(c.Horizon / c.Step)) }

// Agent is an agent, or a type of Count identical ones.
type Agent struct {
	Name        string
	Kind        string  // one of the Kind words of the market
	HoldingCost float64 // b > 0 per member; a fringe's is the aggregate b_F; 0 under exponential utility
	Inventory   float64 // X_0 per member, asset units
	Volatility  float64 // of the inventory shocks, per member, ≥ 0
	Count       int     // members of the type, ≥ 1

	RiskAversion float64 // α > 0 per member under exponential utility; of a large seller γ ≥ 0 of E − γ Var, per money; else 0

	Deviation *Deviation // nil: it keeps its policy
	Parts     []Part     // of a fringe; nil: none

	Conduct      string  // of a trader: one of the Conduct words
	ImpactFactor float64 // > 0 of a trader whose impact is misperceived, else 0

	InventoryCost    float64   // η > 0 of a market maker: inventory x costs ηx² per unit of time, per member
	Activity         float64   // δ > 0 of investors in a flow: asset units per unit of time and price at which they are ready to buy and to sell; 0 of those who arrive
	Arrivals         *Arrivals // of investors who arrive one by one; nil: a flow, or no investors
	ReservationValue float64   // ω > 0 of investors: they buy below m_t + ω and sell above m_t − ω, money

	// Of a large order: what the file says, and what follows from it without
	// solving the market. What the strategy has yet to find is 0.
	Size     float64    // S ≥ 0, asset units; 0 with a schedule, with an optimal rate for a duration, and where an optimal schedule is free to choose it
	Start    float64    // time of the first trade, ≥ 0; 0 with a schedule
	Duration float64    // d > 0, time; 0 with a schedule, with an optimal rate for a size, and where it is random
	Rate     float64    // f = S/d ≥ 0 of MarketCournot with StrategyConstant and no schedule, asset units per unit of time; else 0
	Schedule []Interval // instead of size, rate, duration and start: rates ≥ 0, in order of time, nothing between; nil: none
	Strategy string     // one of the Strategy words; StrategyConstant with a schedule

	Disclosure Disclosure // of a large order of MarketCournot

	// Random is the law of the duration of an order that ends at random; nil: it
	// is Duration. Such an order starts at 0 and has a rate, unless its strategy
	// finds it; its size is random, too, and Size is 0.
	Random *RandomDuration
}

// Members are the names of the agent's members: its own if it stands alone,
// else name[1], name[2], ….
func (a Agent) Members() []string {
	if a.Count == 1 {
		return []string{a.Name}
	}
	names := make([]string, a.Count)
	for i := range names {
		names[i] = a.Name + "[" + strconv.Itoa(i+1) + "]"
	}
	return names
}

// Shocks describes the random changes of inventories.
type Shocks struct {
	Kind        string       // ShocksBrownian, ShocksCompoundPoisson or ShocksNone
	Rate        float64      // ν > 0, jumps per unit of time; 0 unless ShocksCompoundPoisson
	Correlation *Correlation // nil: independent
	Covariance  [][]float64  // nil, or the rate per unit of time, members in sequence; then volatilities are 0
}

// Correlation is the correlation of the members' shocks.
type Correlation struct {
	Common float64     // of every pair of members, if Matrix is nil
	Matrix [][]float64 // members in sequence
}

// Impact is the given price impact of sales.
type Impact struct {
	Instantaneous float64 // I > 0: selling at the rate q lowers the price by Iq, money × time per asset unit²
	Permanent     float64 // λ ≥ 0: a unit sold lowers all later prices by λ, money per asset unit²
}

// Fundamental describes the fundamental value m_t.
type Fundamental struct {
	Start      float64 // m_0, money
	Volatility float64 // ≥ 0, money per √time
}

// MonteCarlo says how many paths are simulated, and from which streams.
type MonteCarlo struct {
	Paths      int64  // 1 … 10⁹
	Seed       uint64 // any
	Antithetic bool   // paths come in pairs that share a stream with the sign flipped
	Control    bool   // welfare is estimated with the pathwise identity's martingale as control variate
}

// Record says what is written.
type Record struct {
	Paths           int64  // paths written in full, at most MonteCarlo.Paths
	Every           int    // auctions between recorded rows
	StatisticsEvery int    // auctions between statistics
	Outcomes        string // OutcomesAll, OutcomesRecorded or OutcomesNone
	Layout          string // LayoutLong or LayoutWide
}

// SweepAxis is one key and the values it takes; several make a product.
type SweepAxis struct {
	Key    string // as in --set
	Values []Value
}

// Value is a number, or a word if Word is not empty.
type Value struct {
	Number float64
	Word   string
}

// String is the word, or the shortest form of the number that reads back.
func (v Value) String() string {
	if v.Word != "" {
		return v.Word
	}
	return shortest(v.Number)
}

// TotalMembers is the number of members of all agents together.
func (s *Scenario) TotalMembers() int64 {
	var n int64
	for _, a := range s.Agents {
		n += int64(a.Count)
	}
	return n
}

// shortest writes x in the shortest form that reads back exactly.
func shortest(x float64) string {
	if a := math.Abs(x); a != 0 && (a < 1e-6 || a >= 1e21) {
		return strconv.FormatFloat(x, 'e', -1, 64)
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}
