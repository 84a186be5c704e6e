package numeral_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"walras/internal/numeral"
)

func TestNumbersAsPeopleReadThem(t *testing.T) {
	assert.Equal(t, "0.0524", numeral.Fixed(0.05237, numeral.Decimals(0.0013)))
	assert.Equal(t, "0.00", numeral.Fixed(-0.0004, 2), "no minus before nothing")
	assert.Equal(t, "1.23457e+09", numeral.Fixed(1234567890, 2))
	assert.Equal(t, []string{"", ""}, []string{numeral.Fixed(math.NaN(), 3), numeral.Brief(math.NaN())})
	assert.Equal(t, 6, numeral.Decimals(math.NaN()))
	assert.Equal(t, 0, numeral.Decimals(370))
	assert.Equal(t, "-1,234,567", numeral.Grouped(-1234567))
	assert.Equal(t, "999", numeral.Grouped(999))
	assert.Equal(t, []string{"0 paths", "1 path", "2 paths", "1,000 paths"},
		[]string{numeral.Counted(0, "path"), numeral.Counted(1, "path"), numeral.Counted(2, "path"), numeral.Counted(1000, "path")})
}

func TestSeveral(t *testing.T) {
	var values []float64
	assert.Empty(t, numeral.Several(values))
	for i := range 12 {
		values = append(values, float64(i)+.5)
	}
	assert.Equal(t, "0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9.5, 10.5, 11.5", numeral.Several(values))
	assert.Equal(t, "0.5, 1.5, 2.5, 3.5, 4.5, 5.5, …, 7.5, 8.5, 9.5, 10.5, 11.5, 12.5", numeral.Several(append(values, 12.5)))
}
