package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"walras/report"
)

func newReport(io streams) *cobra.Command {
	return &cobra.Command{
		Use: "report DIR", Short: "Make one HTML page, with plots, of a run or sweep directory", Args: cobra.ExactArgs(1),
		Long: `Make DIR/report.html and DIR/plots/*.svg, *.png from what stands in a run or sweep
directory: the scenario in words, the equilibrium, the verdict, plots of prices and
inventories beside theory, what agents gain by leaving their policies, and where the
numbers come from; of a sweep, its table and plots. The page is one file, without
scripts, and needs no network.

An earlier report is replaced. Results and manifest stay as they are; files that are
missing, or not those of the manifest, are refused with exit status 4.`,
		Example: `  sim report runs/five-traders
  sim run five-traders --report
  sim sweep liquidity-surface --report`,
		RunE: func(_ *cobra.Command, args []string) error {
			place, err := report.Write(args[0])
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(io.out, place)
			return err
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
	}
}

// addReport puts the flag on a command that writes a directory.
func addReport(c *cobra.Command, wanted *bool) {
	c.Flags().BoolVar(wanted, "report", false, "make report.html and plots in the directory, too")
}

// writeReport makes the report, if it is wanted, and tells where it is.
func writeReport(wanted bool, directory string, tell func(string)) error {
	if !wanted {
		return nil
	}
	place, err := report.Write(directory)
	if err == nil {
		tell("the report is " + place)
	}
	return err
}
