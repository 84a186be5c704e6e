package ziggurat

import "math/big"

// precision is the working precision in bits. The tables keep 53; the rest
// covers the error that a thousand steps of the recursion build up.
const precision = 256

// small is where a positive term of a series no longer counts: its binary
// exponent relative to the sum.
const small = -precision - 8

func number(x float64) *big.Float { return new(big.Float).SetPrec(precision).SetFloat64(x) }
func zero() *big.Float            { return new(big.Float).SetPrec(precision) }
func add(x, y *big.Float) *big.Float {
	return zero().Add(x, y)
}
func sub(x, y *big.Float) *big.Float { return zero().Sub(x, y) }
func mul(x, y *big.Float) *big.Float { return zero().Mul(x, y) }
func div(x, y *big.Float) *big.Float { return zero().Quo(x, y) }
func sqrt(x *big.Float) *big.Float   { return zero().Sqrt(x) }
func neg(x *big.Float) *big.Float    { return zero().Neg(x) }
func scale(x *big.Float, exponent int) *big.Float {
	return zero().SetMantExp(x, exponent)
}

// negligible reports whether term no longer changes sum.
func negligible(term, sum *big.Float) bool {
	return term.Sign() == 0 || term.MantExp(nil)-sum.MantExp(nil) < small
}

// odd returns Σ σᵏ x²ᵏ⁺¹/(2k+1): atanh x for σ = 1, arctan x for σ = −1.
func odd(x *big.Float, sigma float64) *big.Float {
	square := mul(mul(x, x), number(sigma))
	power, sum := mul(x, number(1)), mul(x, number(1))
	for k := 1.0; ; k++ {
		power = mul(power, square)
		term := div(power, number(2*k+1))
		if negligible(term, sum) {
			return sum
		}
		sum = add(sum, term)
	}
}

// pi returns π by Machin's formula, 16 arctan 1/5 − 4 arctan 1/239.
func pi() *big.Float {
	fifth, small := div(number(1), number(5)), div(number(1), number(239))
	return sub(scale(odd(fifth, -1), 4), scale(odd(small, -1), 2))
}

// ln returns ln x for x > 0: with x = m·2ᵉ and m near 1,
// ln x = 2 atanh((m−1)/(m+1)) + e·2 atanh(1/3).
func ln(x *big.Float) *big.Float {
	m := zero()
	e := x.MantExp(m)
	if m.Cmp(number(0.7)) < 0 {
		m, e = scale(m, 1), e-1
	}
	s := div(sub(m, number(1)), add(m, number(1)))
	if s.Sign() == 0 {
		return mul(number(float64(e)), ln2())
	}
	return add(scale(odd(s, 1), 1), mul(number(float64(e)), ln2()))
}

func ln2() *big.Float { return scale(odd(div(number(1), number(3)), 1), 1) }

// exp returns eˣ: the Taylor series of x/2³², squared 32 times.
func exp(x *big.Float) *big.Float {
	const halvings = 32
	x = scale(x, -halvings)
	term, sum := number(1), number(1)
	for k := 1.0; ; k++ {
		term = div(mul(term, x), number(k))
		if negligible(term, sum) {
			break
		}
		sum = add(sum, term)
	}
	for range halvings {
		sum = mul(sum, sum)
	}
	return sum
}
