package market

// Block is the state of a block of paths, [seat][path] unless said otherwise.
type Block struct {
	*Side         // the auction; the bid, where there are two
	Sides []*Side // all of them

	Paths     int         // paths in use, at most the capacity
	Accounts  int         // paths whose cash is kept, at most Paths
	Inventory [][]float64 // X before the auction, X⁺ after settlement
	Signal    [][]float64 // what the seats know of their needs: the inventories themselves, or F⁻¹X under common values
	Cash      [][]float64 // Σ p q to date, undiscounted; kept of the first Accounts paths
	Volume    [][]float64 // Σ |q| to date, over all sides
	Payoff    [][]float64 // discounted payoff to date, written by the agents
	Wealth    [][]float64 // money of traders who consume, written by the agents; nil without such

	// Of markets in which money at absolute prices matters, per path; else nil.
	Fundamental []float64 // m_k − m_0 at the auction
	News        []float64 // B_{k+1} − B_k, of the Brownian motion in m, for the period that follows the auction
	Level       []float64 // m_k where cash is kept at absolute prices; else nil, and it is kept at prices relative to m

	// Of markets in which every path has its own time; else nil.
	Period  *Period
	Members []float64 // whom a seat stands for: inventories, cash and payoffs are those of one of them

	sold []float64 // scratch of NetSold
}

// NewBlock makes a block for the given seats and at most capacity paths, in a market
// with one price.
func NewBlock(seats, capacity int) *Block {
	inventory, side := Matrix(seats, capacity), newSide(seats, capacity)
	return &Block{
		Side: side, Sides: []*Side{side}, Paths: capacity, Inventory: inventory, Signal: inventory,
		Cash: Matrix(seats, capacity), Volume: Matrix(seats, capacity), Payoff: Matrix(seats, capacity),
	}
}

// NewTwoSided makes a block in a market with a bid and an ask.
func NewTwoSided(seats, capacity int) *Block {
	b := NewBlock(seats, capacity)
	b.Sides = []*Side{Bid: b.Side, Ask: newSide(seats, capacity)}
	b.sold = make([]float64, capacity)
	return b
}

// Matrix allocates rows×columns zeros in one piece.
func Matrix(rows, columns int) [][]float64 {
	data := make([]float64, rows*columns)
	m := make([][]float64, rows)
	for i := range m {
		m[i] = data[i*columns : (i+1)*columns : (i+1)*columns]
	}
	return m
}

// Start puts the first paths paths of the block at time 0 with the given
// inventories, one per seat.
func (b *Block) Start(inventory []float64, paths int) {
	b.Paths, b.Accounts = paths, paths
	for i, x := range inventory {
		for p := range paths {
			b.Inventory[i][p] = x
			b.Cash[i][p], b.Volume[i][p], b.Payoff[i][p] = 0, 0, 0
		}
		if b.Wealth != nil {
			clear(b.Wealth[i][:paths])
		}
	}
}

// NetSold is what seat i has sold in the last auctions over all sides, per path. With
// two sides it is a slice of the block's own, valid until the next call.
func (b *Block) NetSold(i int) []float64 {
	if len(b.Sides) == 1 {
		return b.Trade[i][:b.Paths]
	}
	sold := b.sold[:b.Paths]
	clear(sold)
	for _, s := range b.Sides {
		for p, q := range s.Trade[i][:b.Paths] {
			sold[p] += q
		}
	}
	return sold
}

// Shock adds exogenous changes of the inventories.
func (b *Block) Shock(increments [][]float64) {
	for i, dx := range increments {
		x := b.Inventory[i][:b.Paths]
		dx = dx[:len(x)]
		for p := range x {
			x[p] += dx[p]
		}
	}
}
