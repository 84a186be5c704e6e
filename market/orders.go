package market

// Orders are what the seats submit to one auction. A seat's order is the
// relation
//
//	weight·p + Σ_j slope_j q_j = intercept
//
// between the price and the quantities sold: a schedule p = π − Σ_j π^{ij}q_j
// has weight 1, a fixed quantity has weight 0 and slope 1 on itself. Weights and
// slopes are common to the paths of a block, intercepts are per path.
type Orders struct {
	Intercept [][]float64 // [seat][path]

	weight  []float64
	slopes  []float64 // row-major
	seats   int
	version int // counts the changes of weights and slopes
}

// NewOrders makes empty orders: until a seat submits something it trades
// nothing.
func NewOrders(seats, capacity int) *Orders {
	o := &Orders{
		Intercept: Matrix(seats, capacity), weight: make([]float64, seats),
		slopes: make([]float64, seats*seats), seats: seats,
	}
	for i := range seats {
		o.Quantity(i)
	}
	return o
}

// Schedule sets the slopes of seat i's schedule p = π − Σ_{j≠i} slopes_j q_j;
// the intercepts π go to Intercept[i].
func (o *Orders) Schedule(i int, slopes []float64) { o.set(i, 1, slopes, 0) }

// Quantity makes seat i's order a fixed quantity sold, to be written to
// Intercept[i]; 0 means no order.
func (o *Orders) Quantity(i int) { o.set(i, 0, nil, 1) }

// Relation sets a general order: weight·p + Σ_j slopes_j q_j, its own slope
// included, equals what goes to Intercept[i].
func (o *Orders) Relation(i int, weight float64, slopes []float64) {
	o.set(i, weight, slopes, slopes[i])
}

// set writes row i and counts what differs from what stood there, so that the
// market factors its system only when it has changed.
func (o *Orders) set(i int, weight float64, slopes []float64, own float64) {
	row := o.slopes[i*o.seats : (i+1)*o.seats]
	for j := range row {
		v := own
		if j != i {
			v = 0
			if slopes != nil {
				v = slopes[j]
			}
		}
		if row[j] != v {
			row[j] = v
			o.version++
		}
	}
	if o.weight[i] != weight {
		o.weight[i] = weight
		o.version++
	}
}
