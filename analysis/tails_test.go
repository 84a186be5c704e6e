package analysis

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"gonum.org/v1/gonum/stat/distuv"
)

// TestKurtosisOfSquares: given N the sum of N normal jumps is normal with variance N/λ, so
// E X^{2m} = (2m−1)!! E N^m/λ^m, here summed over the Poisson law.
func TestKurtosisOfSquares(t *testing.T) {
	for _, jumps := range []float64{0.02, 0.3, 1, 7, 60} {
		var moment [5]float64
		law := distuv.Poisson{Lambda: jumps}
		for n := range 400 {
			for m, odd := range []float64{1, 1, 3, 15, 105} {
				moment[m] += odd * math.Pow(float64(n)/jumps, float64(m)) * law.Prob(float64(n))
			}
		}
		variance := moment[2] - 1
		fourth := moment[4] - 4*moment[3] + 6*moment[2] - 3
		got := Shape{}.plus(0.7, jumps).ofSquare()
		assert.InEpsilon(t, fourth/(variance*variance)-3, got, 1e-9, "%g jumps", jumps)
		assert.LessOrEqual(t, got, gaussianSquare*(1+6/jumps), "the bound in ofPaths")
	}
	assert.Equal(t, float64(gaussianSquare), Shape{Variance: 3}.ofSquare())
}

// TestShapesAddUp: jumps of two halves of a time are those of the whole, and a Gaussian
// part dilutes them.
func TestShapesAddUp(t *testing.T) {
	whole := Shape{}.plus(1.2, 5)
	halves := Shape{}.plus(0.6, 2.5).plus(0.6, 2.5)
	assert.InEpsilon(t, whole.Fourth, halves.Fourth, 1e-14)
	assert.InEpsilon(t, whole.Sixth, halves.Sixth, 1e-14)
	assert.InEpsilon(t, whole.Eighth, halves.Eighth, 1e-14)
	diluted := Shape{Variance: 1.2}.plus(1.2, 5)
	assert.InEpsilon(t, whole.Fourth/4, diluted.Fourth, 1e-14)
	assert.Equal(t, whole, whole.plus(0, 5))
}

// TestNormal: a Gaussian mean is normal at once, its variance from Reliable on.
func TestNormal(t *testing.T) {
	assert.True(t, normal(0, 1))
	assert.True(t, normal(gaussianSquare, Reliable))
	assert.False(t, normal(gaussianSquare, Reliable-1))
	assert.False(t, normal(math.NaN(), 1e9))
}
