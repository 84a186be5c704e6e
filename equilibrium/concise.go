package equilibrium

import "gonum.org/v1/gonum/mat"

// DenseSeats is the largest number of seats over which a value holds the matrix
// A. With more of them the matrices of all would take memory of the order of
// their cube, and values are concise.
const DenseSeats = 100

// concise is f − k of one member in the coordinates
//
//	y = (X_i − S_t/n_t, z),   z = ZX,
//
// of which z is common to all members: class totals, or the modes in which they
// decay.
type concise struct {
	*coordinates
	seat, class int
}

// coordinates are those of all members, with what each of their values is there.
type coordinates struct {
	z       *mat.Dense // Z, over the seats
	classes []class
	of      []int // class of each seat
	form    form
}

// form is yᵀAy of a member of each class as a sum of products of two linear
// functions of y.
type form interface {
	// width is how many coordinates y the second factors and A have; first
	// factors may be coordinates beyond.
	width() int
	// terms is the number of products.
	terms() int
	// term writes the second factor of product q. The first one is the coordinate
	// left of y, or, if that is negative, weight times the second one.
	term(class, q int, second []float64) (left int, weight float64)
	// weigh prepares the second moments of z for trace.
	weigh(zz *mat.SymDense) *mat.SymDense
	// trace is tr(AV) with V over y: weighed over z, with the excess, of the excess.
	trace(class int, zz *mat.SymDense, ez []float64, ee float64) float64
}

// byTotals are A^i over the totals of few classes, as valuer.form gives them.
type byTotals []*mat.SymDense

func (f byTotals) width() int { return len(f) + 1 }
func (f byTotals) terms() int { return len(f) + 1 }

func (f byTotals) term(class, q int, second []float64) (left int, weight float64) {
	for k := range second {
		second[k] = f[class].At(q, k)
	}
	return q, 0
}

func (f byTotals) weigh(zz *mat.SymDense) *mat.SymDense { return zz }

func (f byTotals) trace(class int, zz *mat.SymDense, ez []float64, ee float64) float64 {
	a := f[class]
	sum := a.At(0, 0) * ee
	for j, v := range ez {
		sum += 2 * a.At(0, j+1) * v
		for k := range ez {
			sum += a.At(j+1, k+1) * zz.At(j, k)
		}
	}
	return sum
}

// byModes are A^i over the modes of the class totals, S = Uŷ. A member trades
// κ_ku_k in mode k, u being the row of U of its class over its count, holds h_k
// after it, and in its excess over the mean it is a mode of its own, with no
// price: with π = PU,
//
//	Â_jk = W_jk (½(π_jκ_ku_k + π_kκ_ju_j) − (w/2) h_jh_k),   W_jk = 1/denominator(κ_j, κ_k),
//
// and since W = LLᵀ has few columns L to rounding, that is a sum of few products:
// Σ_q (Σ_j L_jqπ_jŷ_j)(Σ_k L_kqκ_ku_kŷ_k) − (w/2) Σ_q (Σ_k L_kqh_kŷ_k)². The first
// factors are common to all, and stand among the coordinates behind the modes.
type byModes struct {
	it      *iteration
	price   []float64  // π
	vectors []float64  // U
	speeds  []float64  // κ
	own     []float64  // by class
	factor  *mat.Dense // Lᵀ: modes, then the own ones of the classes
}

func (f *byModes) width() int { return len(f.speeds) + 1 }

func (f *byModes) terms() int {
	rank, _ := f.factor.Dims()
	return 2 * rank
}

// flow is the trade of a member in a coordinate of y, and what it holds after it.
func (f *byModes) flow(class, j int) (flow, held float64) {
	if j == 0 {
		return f.own[class], f.it.held(1, f.own[class])
	}
	u := f.vectors[class*len(f.speeds)+j-1] / f.it.classes[class].count
	return f.speeds[j-1] * u, f.it.held(u, f.speeds[j-1])
}

// column is that of coordinate j of y in Lᵀ.
func (f *byModes) column(class, j int) int {
	if j == 0 {
		return len(f.speeds) + class
	}
	return j - 1
}

func (f *byModes) term(class, q int, second []float64) (left int, weight float64) {
	rank, _ := f.factor.Dims()
	row, revenue := f.factor.RawRowView(q%rank), q < rank
	second[0] = 0
	for j := range second {
		if j == 0 && f.it.classes[class].count == 1 {
			continue
		}
		flow, held := f.flow(class, j)
		if !revenue {
			flow = held
		}
		second[j] = row[f.column(class, j)] * flow
	}
	if revenue {
		return f.width() + q, 0
	}
	return -1, -f.it.weightOf(class) / 2
}

func (f *byModes) weigh(zz *mat.SymDense) *mat.SymDense {
	out := mat.NewSymDense(len(f.speeds), nil)
	for j, a := range f.speeds {
		for k := j; k < len(f.speeds); k++ {
			out.SetSym(j, k, zz.At(j, k)/f.it.denominator(a, f.speeds[k]))
		}
	}
	return out
}

func (f *byModes) trace(class int, zz *mat.SymDense, ez []float64, ee float64) float64 {
	n, w, own := len(f.speeds), f.it.weightOf(class), f.own[class]
	flow, held := mat.NewVecDense(n, nil), mat.NewVecDense(n, nil)
	for k := range n {
		q, h := f.flow(class, k+1)
		flow.SetVec(k, q)
		held.SetVec(k, h)
	}
	sum := mat.Inner(mat.NewVecDense(n, f.price), zz, flow) - w/2*mat.Inner(held, zz, held)
	if f.it.classes[class].count == 1 {
		return sum
	}
	q, h := f.flow(class, 0)
	for k, v := range ez {
		sum += (f.price[k]*q - w*h*held.AtVec(k)) * v / f.it.denominator(own, f.speeds[k])
	}
	return sum - w/2*h*h*ee/f.it.denominator(own, own)
}

// weightOf is w of the holding cost (w/2)X² of a period, or b in continuous time.
func (it *iteration) weightOf(class int) float64 {
	if it.timing.continuous() {
		return it.classes[class].cost
	}
	return it.holding(class)
}
