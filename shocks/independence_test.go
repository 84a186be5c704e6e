package shocks

import "testing"

// Neighbouring keys give unrelated numbers: covariances of the numbers and of
// their squares have variances 1/n and 4/n.
func TestNeighbouringStreamsAreIndependent(t *testing.T) {
	const n = 1 << 20
	base := Key{Seed: 29, Path: 7, Channel: Channel("a"), Purpose: Inventory}
	neighbours := map[string]Key{}
	for name, change := range map[string]func(*Key){
		"seed": func(k *Key) { k.Seed++ }, "path": func(k *Key) { k.Path++ },
		"channel": func(k *Key) { k.Channel++ }, "name": func(k *Key) { k.Channel = Channel("b") },
		"purpose": func(k *Key) { k.Purpose++ }, "domain": func(k *Key) { k.Domain++ },
	} {
		k := base
		change(&k)
		neighbours[name] = k
	}
	x, y := make([]float64, n), make([]float64, n)
	NewStream(base).Norms(x)
	requireUncorrelated(t, x[1:], x[:n-1], "lag 1")
	for name, k := range neighbours {
		NewStream(k).Norms(y)
		requireUncorrelated(t, x, y, name)
		requireUncorrelated(t, x[1:], y[:n-1], name+", lag 1")
	}
	// Across paths: the first number of each.
	for path := range n {
		x[path] = NewStream(Key{Seed: 29, Path: uint64(path)}).Norm()
	}
	requireUncorrelated(t, x[1:], x[:n-1], "first numbers of neighbouring paths")
}

func requireUncorrelated(t *testing.T, x, y []float64, what string) {
	t.Helper()
	n, products, squares := float64(len(x)), 0.0, 0.0
	for i := range x {
		products += x[i] * y[i]
		squares += (x[i]*x[i] - 1) * (y[i]*y[i] - 1)
	}
	requireNear(t, 0, products/n, 1/n, "%s: correlation", what)
	requireNear(t, 0, squares/n, 4/n, "%s: covariance of squares", what)
}
