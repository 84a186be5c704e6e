package shocks

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"walras/shocks/internal/ziggurat"
)

func TestTablesAreTheRoundedExactOnes(t *testing.T) {
	require.Equal(t, layers, ziggurat.Layers)
	norm, expo := ziggurat.Normal(), ziggurat.Exponential()
	require.Equal(t, norm.Edge, normTailEdge)
	require.Equal(t, expo.Edge, expoTailEdge)
	for i := range layers {
		require.Equal(t, layer{2 * norm.Inside[i], norm.Inside[i], norm.Width[i]}, normLayers[i], "layer %d", i)
		require.Equal(t, layer{expo.Inside[i], 0, expo.Width[i]}, expoLayers[i], "layer %d", i)
	}
	require.Equal(t, norm.Height, normHeights[:])
	require.Equal(t, expo.Height, expoHeights[:])
}

// The generator's own arithmetic against the standard library, and against the
// edges for 1024 layers found by bisection in double precision with numpy's
// erfc: 4.0388498461095 and 9.256164544265543.
func TestTablesDescribeTheirDensities(t *testing.T) {
	require.InDelta(t, 4.0388498461095, normTailEdge, 1e-12)
	require.InDelta(t, 9.256164544265543, expoTailEdge, 1e-12)
	normArea := math.Sqrt(math.Pi/2)*math.Erfc(normTailEdge/math.Sqrt2) + normTailEdge*normHeights[1]
	expoArea := (1 + expoTailEdge) * math.Exp(-expoTailEdge)
	for i := 1; i < layers; i++ {
		x, y := normLayers[i].width*0x1p53, expoLayers[i].width*0x1p53
		require.InEpsilon(t, math.Exp(-x*x/2), normHeights[i], 1e-14)
		require.InEpsilon(t, math.Exp(-y), expoHeights[i], 1e-14)
		require.InEpsilon(t, normArea, x*(normHeights[i+1]-normHeights[i]), 1e-9)
		require.InEpsilon(t, expoArea, y*(expoHeights[i+1]-expoHeights[i]), 1e-9)
	}
}
