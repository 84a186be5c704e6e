package market

import "math"

// Block is the state of a block of paths, [seat][path] unless said otherwise.
type Block struct {
	Paths     int         // paths in use, at most the capacity
	Accounts  int         // paths whose cash is kept, at most Paths
	Inventory [][]float64 // X before the auction, X⁺ after settlement
	Signal    [][]float64 // what the seats know of their needs: the inventories themselves, or F⁻¹X under common values
	Trade     [][]float64 // quantity sold in the last auction
	Price     []float64   // of the last auction, per path
	Cash      [][]float64 // Σ p q to date, undiscounted; kept of the first Accounts paths
	Volume    [][]float64 // Σ |q| to date
	Payoff    [][]float64 // discounted payoff to date, written by the agents
	Wealth    [][]float64 // money of traders who consume, written by the agents; nil without such

	// Of markets in which money at absolute prices matters, per path; else nil.
	Fundamental []float64 // m_k − m_0 at the auction
	News        []float64 // B_{k+1} − B_k, of the Brownian motion in m, for the period that follows the auction
}

// NewBlock makes a block for the given seats and at most capacity paths.
func NewBlock(seats, capacity int) *Block {
	inventory := Matrix(seats, capacity)
	return &Block{
		Paths:     capacity,
		Inventory: inventory, Signal: inventory, Trade: Matrix(seats, capacity), Price: make([]float64, capacity),
		Cash: Matrix(seats, capacity), Volume: Matrix(seats, capacity), Payoff: Matrix(seats, capacity),
	}
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

// Settle moves the traded quantities and pays for them: X⁺ = X − q,
// cash += p q.
func (b *Block) Settle() {
	price := b.Price[:b.Accounts]
	for i := range b.Inventory {
		inventory := b.Inventory[i][:b.Paths]
		trade, volume := b.Trade[i][:len(inventory)], b.Volume[i][:len(inventory)]
		for p, q := range trade {
			inventory[p] -= q
			volume[p] += math.Abs(q)
		}
		cash := b.Cash[i][:len(price)]
		for p, price := range price {
			cash[p] += float64(price * trade[p])
		}
	}
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
