// Package fixeddraws makes property tests draw the same random markets on every
// run: a failure repeats, and a change is judged on what was judged before.
// Tests import it for its effect. Other draws: go test -rapid.seed=N.
package fixeddraws

import (
	"flag"

	_ "pgregory.net/rapid" // registers the flags
)

func init() {
	for name, value := range map[string]string{"rapid.seed": "20261122", "rapid.nofailfile": "true"} {
		if err := flag.Set(name, value); err != nil {
			panic("fixeddraws: " + err.Error())
		}
	}
}
