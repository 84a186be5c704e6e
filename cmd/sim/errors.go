package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"walras/analysis"
	"walras/equilibrium"
	"walras/equilibrium/cournot"
	"walras/equilibrium/poisson"
	"walras/experiment"
	"walras/market"
	"walras/montecarlo"
	"walras/output"
	"walras/report"
	"walras/scenarios"
	"walras/shocks"
)

// Exit statuses; the contract with scripts.
const (
	exitDone          = 0
	exitFailed        = 1
	exitWrong         = 2
	exitNoEquilibrium = 3
	exitIO            = 4
	exitInterrupted   = 130
)

// usageError is a command line that cannot be carried out.
type usageError struct{ message string }

func (e *usageError) Error() string { return e.message }

func usage(message string) error { return &usageError{message} }

// failedError is a check that failed; what failed has been printed.
type failedError struct{ message string }

func (e *failedError) Error() string { return e.message }

// interruptedError is work that was stopped from outside; it says how to go on.
type interruptedError struct{ message string }

func (e *interruptedError) Error() string { return e.message }

func (e *interruptedError) Unwrap() error { return context.Canceled }

// explain prints an error and returns the exit status for it.
func explain(w io.Writer, err error) int {
	status := statusOf(err)
	var problems scenarios.Problems
	if errors.As(err, &problems) {
		fmt.Fprintln(w, problems)
	} else {
		fmt.Fprintln(w, "sim:", err)
	}
	return status
}

// statusOf maps an error to its exit status.
func statusOf(err error) int {
	var (
		wrong     *usageError
		failed    *failedError
		problems  scenarios.Problems
		exists    *output.ExistsError
		other     *output.OtherRunError
		foreign   *output.ForeignError
		busy      *output.BusyError
		none      *equilibrium.NoEquilibriumError
		unstable  *equilibrium.UnstableGridError
		atOnce    *experiment.NoBestRateError
		refused   *market.NotAcceptableError
		overflow  *montecarlo.OverflowError
		infinite  *analysis.NotFiniteError
		channel   *shocks.SameChannelError
		shape     *shocks.NotPSDError
		size      *shocks.NonFiniteError
		nobody    *equilibrium.UndeterminedError
		deviation *experiment.DeviationError
		empty     *emptyError
		unsolved  *experiment.UnsolvedError
		limit     *cournot.ParameterError
		unlike    *cournot.ConceptError
		missing   *cournot.SolutionError
		noRun     *report.NoRunError
		negative  *cournot.NegativeRateError
		parameter *poisson.ParameterError
		unfound   *poisson.SolutionError
	)
	switch {
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	case errors.As(err, &failed):
		return exitFailed
	case errors.As(err, &wrong), errors.As(err, &problems), errors.As(err, &exists),
		errors.As(err, &other), errors.As(err, &foreign), errors.As(err, &busy),
		errors.As(err, &channel), errors.As(err, &shape), errors.As(err, &size), errors.As(err, &nobody), errors.As(err, &deviation),
		errors.As(err, &unsolved), errors.As(err, &limit), errors.As(err, &unlike), errors.As(err, &parameter), errors.As(err, &noRun),
		errors.As(err, &overflow), errors.As(err, &infinite): // numbers out of range are the scenario's
		return exitWrong
	case errors.As(err, &empty), errors.As(err, &none), errors.As(err, &unstable), errors.As(err, &atOnce), errors.As(err, &refused),
		errors.As(err, &missing), errors.As(err, &negative), errors.As(err, &unfound):
		return exitNoEquilibrium
	default:
		return exitIO
	}
}
