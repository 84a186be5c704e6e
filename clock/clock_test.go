package clock_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"walras/clock"
)

func TestMoments(t *testing.T) {
	c := clock.Clock{Step: .3, Steps: 4, DiscountRate: .7}
	moments := c.Moments()
	require.Len(t, moments, 5) // four auctions and the horizon
	for k, m := range moments {
		require.Equal(t, k, m.Index)
		require.Equal(t, float64(k)*.3, m.Time)
		require.InEpsilon(t, math.Exp(-.7*.3*float64(k)), m.Discount, 1e-15)
		require.Equal(t, c.At(k), m)
	}
	require.Equal(t, 1., moments[0].Discount)
}

// TestTimeDoesNotDrift multiplies rather than adds up: a million steps of .1
// are 100000, to the last bit.
func TestTimeDoesNotDrift(t *testing.T) {
	c := clock.Clock{Step: .1, Steps: 1_000_000, DiscountRate: 1e-5}
	last := c.At(c.Steps)
	require.Equal(t, 100000., last.Time)
	require.InEpsilon(t, math.Exp(-1), last.Discount, 1e-15)
}

func TestGrid(t *testing.T) {
	c := clock.Clock{Step: .5, Steps: 10, DiscountRate: 1}
	for every, want := range map[int][]int{
		1:  {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10},
		3:  {0, 3, 6, 9, 10},
		5:  {0, 5, 10},
		10: {0, 10},
		99: {0, 10},
	} {
		require.Equal(t, want, c.Grid(every), "every %d", every)
	}
	for _, every := range []int{0, -1} {
		require.PanicsWithValue(t, "clock: a grid needs a positive spacing", func() { c.Grid(every) })
	}
}
