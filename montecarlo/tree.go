package montecarlo

import "math"

// Sums are what a range of blocks contributes to statistics: quantities that
// add up, and largest values.
type Sums struct {
	Add []float64
	Max []float64
}

// merge is the sums of two adjacent ranges; a is used up.
func (a Sums) merge(b Sums) Sums {
	for i, v := range b.Add {
		a.Add[i] += v
	}
	for i, v := range b.Max {
		a.Max[i] = math.Max(a.Max[i], v)
	}
	return a
}

// Node is a complete subtree of the tree over block numbers: the blocks
// [Index·2^Level, (Index+1)·2^Level).
type Node struct {
	Level int
	Index int64
	Sums  Sums
}

// Tree combines the sums of blocks. Blocks come in ascending order; two
// neighbouring complete subtrees are merged as soon as both are there. Because
// which subtrees exist depends on block numbers only, floating-point sums do
// not depend on how a run was split: the nodes of one part are fed to the tree
// of the whole.
type Tree struct{ Nodes []Node }

// Push adds the next node, in ascending order of blocks.
func (t *Tree) Push(n Node) {
	for len(t.Nodes) > 0 {
		last := t.Nodes[len(t.Nodes)-1]
		if last.Level != n.Level || last.Index^1 != n.Index || n.Index&1 == 0 {
			break
		}
		t.Nodes = t.Nodes[:len(t.Nodes)-1]
		n = Node{Level: n.Level + 1, Index: n.Index >> 1, Sums: last.Sums.merge(n.Sums)}
	}
	t.Nodes = append(t.Nodes, n)
}

// Total is the sum over all blocks pushed; the last subtrees, which have no
// sibling, are folded from the right.
func (t *Tree) Total() Sums {
	if len(t.Nodes) == 0 {
		return Sums{}
	}
	last := len(t.Nodes) - 1
	total := t.Nodes[last].Sums.clone()
	for i := last - 1; i >= 0; i-- {
		total = t.Nodes[i].Sums.clone().merge(total)
	}
	return total
}

func (a Sums) clone() Sums {
	return Sums{Add: append([]float64(nil), a.Add...), Max: append([]float64(nil), a.Max...)}
}
