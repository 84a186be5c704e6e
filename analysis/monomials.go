package analysis

// monomials are the products of powers of some variables up to a degree, in order of
// the degree. A polynomial is a list of coefficients, one for each up to its degree;
// what is expected of it is their product with the moments, the expectations of the
// monomials.
type monomials struct {
	variables, degree int
	upTo              []int   // per degree, how many are of at most that degree
	order             []int   // per monomial, its degree
	raised            [][]int // per monomial and variable, the place of their product; -1 beyond the degree
	lowered           [][]int // per monomial and variable, the place of their quotient; -1 if it is no monomial
	powers            [][]int // per monomial and variable, the exponent
	parent, factor    []int   // per monomial, the first quotient by a variable, and which
}

// linear is a polynomial of degree 1.
type linear struct {
	constant float64
	slopes   []float64 // per variable
}

func newMonomials(variables, degree int) *monomials {
	b := &monomials{variables: variables, degree: degree, parent: []int{-1}, factor: []int{-1}, order: []int{0}}
	b.powers = [][]int{make([]int, variables)}
	b.upTo = []int{1}
	// A monomial comes from the one without its last variable.
	for d, from := 1, 0; d <= degree; d++ {
		end := len(b.powers)
		for p := from; p < end; p++ {
			first := max(0, b.factor[p])
			for i := first; i < variables; i++ {
				powers := append([]int(nil), b.powers[p]...)
				powers[i]++
				b.powers, b.order = append(b.powers, powers), append(b.order, d)
				b.parent, b.factor = append(b.parent, p), append(b.factor, i)
			}
		}
		from = end
		b.upTo = append(b.upTo, len(b.powers))
	}
	b.connect()
	return b
}

// connect finds the products and quotients by variables.
func (b *monomials) connect() {
	b.raised, b.lowered = make([][]int, len(b.powers)), make([][]int, len(b.powers))
	for m := range b.powers {
		b.raised[m], b.lowered[m] = filled(b.variables, -1), filled(b.variables, -1)
	}
	for m := range b.powers {
		if b.order[m] == b.degree {
			continue
		}
		for i := range b.variables {
			for up := b.upTo[b.order[m]]; up < b.upTo[b.order[m]+1]; up++ {
				if b.isRaised(m, i, up) {
					b.raised[m][i], b.lowered[up][i] = up, m
				}
			}
		}
	}
}

func (b *monomials) isRaised(m, i, up int) bool {
	for l, p := range b.powers[up] {
		if l == i {
			p--
		}
		if p != b.powers[m][l] {
			return false
		}
	}
	return true
}

func filled(n, with int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = with
	}
	return list
}

// size is the number of monomials.
func (b *monomials) size() int { return len(b.powers) }

// times writes the product of a polynomial of a degree below the highest and a linear
// function.
func (b *monomials) times(polynomial []float64, degree int, f linear, into []float64) {
	clear(into[:b.upTo[degree+1]])
	for m, c := range polynomial[:b.upTo[degree]] {
		if c == 0 {
			continue
		}
		into[m] += c * f.constant
		for i, s := range f.slopes {
			into[b.raised[m][i]] += c * s
		}
	}
}

// images writes the monomials of linear functions, one for each variable: row m is
// what becomes of monomial m, a polynomial of its degree.
func (b *monomials) images(functions []linear, rows [][]float64) {
	rows[0][0] = 1
	for m := 1; m < b.size(); m++ {
		b.times(rows[b.parent[m]], b.order[m]-1, functions[b.factor[m]], rows[m])
	}
}

// rows makes room for images.
func (b *monomials) rows() [][]float64 {
	rows := make([][]float64, b.size())
	for m := range rows {
		rows[m] = make([]float64, b.upTo[b.order[m]])
	}
	return rows
}

// expected is the expectation of a polynomial.
func expected(polynomial, moments []float64) float64 {
	sum := 0.0
	for m, c := range polynomial {
		sum += c * moments[m]
	}
	return sum
}

// product is the expectation of the product of two linear functions.
func (b *monomials) product(moments []float64, f, g linear) float64 {
	sum := f.constant * g.constant * moments[0]
	for i := range b.variables {
		at := b.raised[0][i]
		sum += (f.constant*g.slopes[i] + f.slopes[i]*g.constant) * moments[at]
		for j := range b.variables {
			sum += f.slopes[i] * g.slopes[j] * moments[b.raised[at][j]]
		}
	}
	return sum
}

// mean is the expectation of a linear function.
func (b *monomials) mean(moments []float64, f linear) float64 {
	sum := f.constant * moments[0]
	for i, s := range f.slopes {
		sum += s * moments[b.raised[0][i]]
	}
	return sum
}

// about writes the moments of f from those of its variables: those of order 0 … the
// degree.
func (b *monomials) about(moments []float64, f linear) []float64 {
	power, next := make([]float64, b.size()), make([]float64, b.size())
	power[0] = 1
	list := []float64{moments[0]}
	for d := range b.degree {
		b.times(power, d, f, next)
		power, next = next, power
		list = append(list, expected(power[:b.upTo[d+1]], moments))
	}
	return list
}
