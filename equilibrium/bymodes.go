package equilibrium

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

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

func newByModes(s *Solution, modes *spectrum) *byModes {
	n := modes.n
	it := &iteration{classes: s.classes, timing: s.Timing, rho: 1, fringe: -1}
	if !s.Timing.continuous() {
		it.rho = s.Timing.Discount()
	}
	f := &byModes{it: it, price: make([]float64, n), vectors: modes.vectors, speeds: modes.speeds, own: s.state.own}
	for k := range n {
		for t, p := range s.state.price {
			f.price[k] += p * modes.vectors[t*n+k]
		}
	}
	f.factor = it.kernelFactor(append(append([]float64(nil), modes.speeds...), s.state.own...))
	return f
}

// kernelFactor is Lᵀ of W = LLᵀ, W_jk = 1/denominator(κ_j, κ_k), to rounding: the
// Cholesky factor with pivots of W scaled to ones on the diagonal. W is a mixture
// of e^{−κ_jt}e^{−κ_kt}, and its singular values fall geometrically.
func (it *iteration) kernelFactor(speeds []float64) *mat.Dense {
	n := len(speeds)
	root, left := make([]float64, n), make([]float64, n)
	for j, k := range speeds {
		root[j], left[j] = math.Sqrt(1/it.denominator(k, k)), 1
	}
	var columns [][]float64
	for range n {
		pivot := 0
		for j, v := range left {
			if v > left[pivot] {
				pivot = j
			}
		}
		if !(left[pivot] > 1e-15) {
			break
		}
		column := make([]float64, n)
		for j := range column {
			column[j] = 1 / it.denominator(speeds[j], speeds[pivot]) / (root[j] * root[pivot])
			for _, c := range columns {
				column[j] -= c[j] * c[pivot]
			}
			column[j] /= math.Sqrt(left[pivot])
		}
		for j, v := range column {
			left[j] -= v * v
		}
		left[pivot] = 0
		columns = append(columns, column)
	}
	l := mat.NewDense(len(columns), n, nil)
	for q, c := range columns {
		for j, v := range c {
			l.Set(q, j, v*root[j])
		}
	}
	return l
}
