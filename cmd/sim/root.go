package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

const rootHelp = `sim solves, simulates and checks markets with strategic traders.

A scenario is a YAML file or the name of a built-in.

Results go to standard output, everything else to standard error. Exit status:
0 done, 1 a check failed, 2 the command or scenario is wrong, 3 no equilibrium,
4 reading or writing failed, 130 interrupted.`

const rootExamples = `  sim list                                 # what there is
  sim run five-traders                     # solve, simulate, judge, write runs/five-traders
  sim init five-traders mine.yaml          # a commented copy to edit
  sim check mine.yaml                      # every problem at once
  sim run mine.yaml --set agents.t1.holding_cost=2 --out runs/mine-2
  sim solve mine.yaml --json               # the equilibrium, to read by program
  sim sweep mine.yaml --over discount_rate=1:5:9
                                           # one table of many markets
  sim report runs/five-traders             # one page of a run, with plots
  sim deviate mine.yaml                    # what each agent gains by leaving its policy
  sim verify                               # Monte Carlo against closed forms, everywhere
  sim verify --papers                      # what the papers print, beside what is computed`

// execute runs one command line and returns the exit status.
func execute(ctx context.Context, args []string, io streams) int {
	root := newRoot(io)
	root.SetArgs(args)
	root.SetIn(io.in)
	root.SetOut(io.out)
	root.SetErr(io.err)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	return explain(io.err, err)
}

func newRoot(io streams) *cobra.Command {
	root := &cobra.Command{
		Use: "sim", Short: "Markets with strategic traders: solve, simulate, check", Long: rootHelp, Example: rootExamples,
		SilenceErrors: true, SilenceUsage: true, Version: versionLine(),
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(c, args[0])
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SuggestionsMinimumDistance = 2
	root.Flags().Bool("version", false, "print version, Go version and platform")
	root.SetVersionTemplate("{{.Version}}\n")
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usage(fmt.Sprintf("%v%s %s --help", err, nearFlag(c, err), c.CommandPath()))
	})
	root.AddCommand(newList(io), newInit(io), newCheck(io), newSolve(io), newRun(io), newSweep(io), newDeviate(io), newVerify(io), newReport(io), newCalibrate(io), newSchema(io), newVersion(io))
	for _, c := range root.Commands() {
		c.Args = asUsage(c.Args)
		if c.ValidArgsFunction == nil {
			c.ValidArgsFunction = cobra.NoFileCompletions
		}
		c.Flags().VisitAll(func(f *pflag.Flag) { completeFlag(c, f) })
	}
	return root
}

// completeFlag keeps file names from flags that are none: a number is anybody's
// choice, a directory one of the directories.
func completeFlag(c *cobra.Command, f *pflag.Flag) {
	switch what, _ := pflag.UnquoteUsage(f); {
	case what == "directory":
		completes(c, f.Name, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		})
	case slices.Contains([]string{"int", "int64", "uint64", "float64"}, f.Value.Type()):
		completes(c, f.Name, cobra.NoFileCompletions)
	}
}

// unknownCommand names near commands.
func unknownCommand(c *cobra.Command, name string) error {
	if near := c.SuggestionsFor(name); len(near) > 0 {
		return usage(fmt.Sprintf("unknown command %q; did you mean %q? See sim --help", name, near[0]))
	}
	return usage(fmt.Sprintf("unknown command %q; see sim --help", name))
}

// nearFlag names a flag that may have been meant, and where to look.
func nearFlag(c *cobra.Command, err error) string {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) || unknown.GetSpecifiedShortnames() != "" {
		return "; see"
	}
	// Flags are compared as commands are, so that both mean the same by near.
	names := &cobra.Command{SuggestionsMinimumDistance: 2}
	c.Flags().VisitAll(func(f *pflag.Flag) {
		names.AddCommand(&cobra.Command{Use: f.Name, Run: func(*cobra.Command, []string) {}})
	})
	near := names.SuggestionsFor(unknown.GetSpecifiedName())
	if len(near) == 0 {
		return "; see"
	}
	return fmt.Sprintf("; did you mean --%s? See", near[0])
}

// asUsage makes errors about arguments errors of usage.
func asUsage(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if check == nil {
			return nil
		}
		if err := check(c, args); err != nil {
			return usage(fmt.Sprintf("%v; usage: %s", err, c.UseLine()))
		}
		return nil
	}
}
