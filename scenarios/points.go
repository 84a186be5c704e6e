package scenarios

import (
	"fmt"
	"math"
	"strconv"
)

// Points expands the sweep: one resolved scenario for each combination of the
// axes' values, the last axis fastest, and what is set there. The scenarios
// have no sweep of their own. Without a sweep the scenario is the only point.
// A loaded scenario has no bad points; of any other, the error is [Problems].
func (s *Scenario) Points() ([]*Scenario, []Point, error) {
	if len(s.Sweep) == 0 {
		return []*Scenario{s}, []Point{nil}, nil
	}
	root, problems := parse(s.Name, s.Canonical())
	if len(problems) > 0 {
		return nil, nil, problems
	}
	nowhere := func(int, int) place { return place{file: s.Name} }
	all, points, problems := expand(registered, root, s.Sweep, nowhere, memo{})
	if len(problems) > 0 {
		return nil, nil, problems
	}
	return all, points, nil
}

// Limits of a sweep: its points, and the values that must be read for all of
// them together. maxBadPoints keeps one mistake from being told for each.
const (
	maxSweepWork = 10_000_000
	maxBadPoints = 10
)

// expand resolves every point. A value of an axis stands where at says, and
// problems point there.
func expand(l *language, root *node, axes []SweepAxis, at func(axis, value int) place, m memo) ([]*Scenario, []Point, Problems) {
	count, p := countPoints(root, axes, at)
	if p != nil {
		return nil, nil, Problems{*p}
	}
	root = withoutSweep(root)
	var scenarios []*Scenario
	var points []Point
	var problems Problems
	bad := 0
	for i := 0; i < count && bad < maxBadPoints; i++ {
		s, point, faults := onePoint(l, root, axes, digits(i, axes), at, m)
		if len(faults) > 0 {
			problems = append(problems, faults...)
			bad++
		}
		scenarios, points = append(scenarios, s), append(points, point)
	}
	return scenarios, points, problems
}

func countPoints(root *node, axes []SweepAxis, at func(axis, value int) place) (int, *Problem) {
	count, nodes := 1.0, float64(root.size())
	seen := map[string]bool{}
	for i, a := range axes {
		where := at(i, 0)
		p := Problem{File: where.file, Line: where.line, Column: where.column, Key: index("sweep", i)}
		count *= float64(len(a.Values))
		switch {
		case seen[a.Key]:
			p.Message, p.Hint = quote(a.Key)+" is swept twice", "remove one of the axes"
		case count > maxPoints:
			p.Message = fmt.Sprintf("the sweep has more than %d points, the limit", maxPoints)
		case count*nodes > maxSweepWork:
			p.Message = fmt.Sprintf("the sweep has %.0f points of %.0f values each, too many", count, nodes)
		default:
			seen[a.Key] = true
			continue
		}
		return 0, &p
	}
	return int(count), nil
}

// size is the number of values in a tree.
func (n *node) size() int {
	total := 1
	for _, item := range n.items {
		total += item.size()
	}
	for _, e := range n.entries {
		total += e.value.size()
	}
	return total
}

func withoutSweep(root *node) *node {
	key := &node{text: "sweep", value: "sweep", tag: "!!str", at: root.at}
	return root.with(key, &node{tag: "!!null", cleared: true, at: root.at})
}

// digits gives for each axis which of its values point i has.
func digits(i int, axes []SweepAxis) []int {
	d := make([]int, len(axes))
	for a := len(axes) - 1; a >= 0; a-- {
		d[a] = i % len(axes[a].Values)
		i /= len(axes[a].Values)
	}
	return d
}

func onePoint(l *language, root *node, axes []SweepAxis, which []int, at func(axis, value int) place, m memo) (*Scenario, Point, Problems) {
	var point Point
	var problems Problems
	for a, axis := range axes {
		where, v := at(a, which[a]), axis.Values[which[a]]
		point = append(point, Setting{axis.Key, v})
		path, _, _ := parsePath(axis.Key, "")
		for i := range path {
			path[i].at = at(a, axisKey)
		}
		next, p := override{path, v.node(where)}.apply(root)
		if p != nil {
			problems = append(problems, *p)
			continue
		}
		root = next
	}
	if len(problems) > 0 {
		return nil, point, problems
	}
	c := newChecker(l, root, m)
	s := c.scenario()
	return s, point, atPoint(c.problems, point, which, at)
}

// atPoint makes problems of a point stand where its values stand: one that
// was found elsewhere (a horizon that is no multiple of the step that is
// swept) moves to the first axis and says at which point it arises.
func atPoint(problems Problems, point Point, which []int, at func(axis, value int) place) Problems {
	for i := range problems {
		p := &problems[i]
		own := false
		for a, v := range which {
			here := place{p.File, p.Line, p.Column}
			own = own || here == at(a, v) || here == at(a, axisKey)
		}
		if !own || p.Column == 0 {
			where := at(0, which[0])
			p.File, p.Line, p.Column = where.file, where.line, where.column
			p.Message += " (at " + point.String() + ")"
		}
	}
	return problems
}

// node is the value as a file would give it.
func (v Value) node(at place) *node {
	const exact = 1 << 53
	switch {
	case v.Word != "":
		return &node{at: at, value: v.Word, text: v.Word, tag: "!!str"}
	case v.Number == math.Trunc(v.Number) && math.Abs(v.Number) <= exact:
		return &node{at: at, value: int64(v.Number), text: strconv.FormatInt(int64(v.Number), 10), tag: "!!int"}
	}
	return &node{at: at, value: v.Number, text: shortest(v.Number), tag: "!!float"}
}

// axisKey asks for the place of an axis's key instead of a value's.
const axisKey = -1

// axisPlace is where a value of an axis was written: itself, or its range.
func (c *checker) axisPlace(axis, value int) place {
	path := index("sweep", axis)
	if value == axisKey {
		return c.at(join(path, "key")).at
	}
	if n := c.places[index(join(path, "values"), value)]; n != nil {
		return n.at
	}
	return c.at(join(path, "from")).at
}
