package experiment

import (
	"errors"
	"fmt"

	"walras/internal/lyapunov"
	"walras/scenarios"
)

// onGrid explains an error of a policy under which inventories would grow from
// auction to auction, and leaves others as they are.
func onGrid(err error, s *scenarios.Scenario) error {
	var unstable *lyapunov.UnstableError
	if !errors.As(err, &unstable) {
		return err
	}
	what := fmt.Sprintf("clock.step = %v under policy %s", s.Clock.Step, s.Clock.Policy)
	if s.Clock.Policy == scenarios.PolicyContinuous {
		return &UnsolvedError{what, "makers revert their inventories faster than the grid allows (the rate M of sim solve times the step must be below 2); take a shorter step, or policy: discrete"}
	}
	return &UnsolvedError{what, "inventories do not revert; take other costs or another step"}
}
