// Sim is the command of walras: it lists, checks, solves and runs scenarios of
// markets with strategic traders, and puts every Monte Carlo estimate beside
// its closed form.
//
// The command is thin: it reads flags, calls one function, and prints. Results
// go to standard output, everything else to standard error. Exit status: 0
// done, 1 a check failed, 2 the command or scenario is wrong, 3 no equilibrium,
// 4 reading or writing failed, 130 interrupted.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
)

//go:generate go test -run ^TestPages$ . -update

func main() { os.Exit(start()) }

func start() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// After the first interrupt the default action is restored, so that a
	// second one ends the process at once.
	context.AfterFunc(ctx, stop)
	return execute(ctx, os.Args[1:], streams{in: os.Stdin, out: os.Stdout, err: os.Stderr})
}

// streams are the standard streams of a command.
type streams struct {
	in  io.Reader
	out io.Writer
	err io.Writer
}
