package main

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"walras/scenarios"
)

// source are the flags with which a scenario is loaded.
type source struct {
	sets  []string
	overs []string // axes of a sweep, where the command makes one
	paths int64
	seed  uint64
}

// add puts the flags on a command. Only commands that simulate take paths and
// seed.
func (s *source) add(c *cobra.Command, simulates bool) {
	c.Flags().StringArrayVar(&s.sets, "set", nil, "override a key: `key.path=value` (repeatable; agents by name: agents.t1.holding_cost=2)")
	completes(c, "set", completeSets)
	c.ValidArgsFunction = completeScenario
	if simulates {
		c.Flags().Int64Var(&s.paths, "paths", 0, "number of `paths` (monte_carlo.paths)")
		c.Flags().Uint64Var(&s.seed, "seed", 0, "`seed` of the random streams (monte_carlo.seed)")
	}
}

// load reads the scenario with the overrides of the command line.
func (s *source) load(c *cobra.Command, name string, io streams) (*scenarios.Scenario, error) {
	o := scenarios.Options{Sets: s.sets, Over: s.overs, Stdin: io.in}
	if f := c.Flags().Lookup("paths"); f != nil && f.Changed {
		o.Paths = &s.paths
	}
	if f := c.Flags().Lookup("seed"); f != nil && f.Changed {
		o.Seed = &s.seed
	}
	return scenarios.Load(name, o)
}

// again is the rest of a command line that continues what was begun: the overrides
// and those of the flags that were given.
func (s *source) again(c *cobra.Command, name string, flags ...string) string {
	words := []string{name}
	for _, set := range s.sets {
		words = append(words, "--set", set)
	}
	for _, axis := range s.overs {
		words = append(words, "--over", axis)
	}
	for _, flag := range flags {
		given := c.Flags().Lookup(flag)
		switch {
		case !given.Changed, given.Value.String() == given.DefValue:
		case given.Value.String() == "false":
			words = append(words, "--"+flag+"=false")
		case given.Value.String() == "true":
			words = append(words, "--"+flag)
		default:
			words = append(words, "--"+flag, given.Value.String())
		}
	}
	for i, word := range words {
		words[i] = quoted(word)
	}
	return strings.Join(append(words, "--resume"), " ")
}

var plainWord = regexp.MustCompile(`^[A-Za-z0-9_./:=,+-]+$`)

// quoted writes a word so that a shell reads it back as it was.
func quoted(word string) string {
	if plainWord.MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// completeScenario completes built-in names and files.
func completeScenario(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var list []string
	for _, info := range scenarios.Names() {
		list = append(list, info.Name+"\t"+info.Title)
	}
	return list, cobra.ShellCompDirectiveDefault
}

// completeFiles is completeScenario for commands that take several.
func completeFiles(c *cobra.Command, _ []string, text string) ([]string, cobra.ShellCompDirective) {
	return completeScenario(c, nil, text)
}

// completeInit completes the built-in name to copy; what the copy is called is
// anybody's choice.
func completeInit(c *cobra.Command, args []string, text string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveDefault
	}
	list, _ := completeScenario(c, args, text)
	return list, cobra.ShellCompDirectiveNoFileComp
}

// completes says how a flag of a command is completed.
func completes(c *cobra.Command, flag string, by cobra.CompletionFunc) {
	if err := c.RegisterFlagCompletionFunc(flag, by); err != nil {
		panic("sim: " + err.Error())
	}
}

// completeSets completes the keys of --set, and after a key of words its words.
func completeSets(c *cobra.Command, args []string, text string) ([]string, cobra.ShellCompDirective) {
	key, _, found := strings.Cut(text, "=")
	if !found {
		return completeKeys(c, args, text)
	}
	var list []string
	if len(args) > 0 {
		if s, err := scenarios.Load(args[0], scenarios.Options{}); err == nil {
			for _, word := range s.Words(key) {
				if set := key + "=" + word; takes(args[0], key, set) {
					list = append(list, set)
				}
			}
		}
	}
	return list, cobra.ShellCompDirectiveNoFileComp
}

// takes says whether a scenario finds nothing wrong with a key that is set like this;
// another key may have to follow.
func takes(name, key, set string) bool {
	_, err := scenarios.Load(name, scenarios.Options{Sets: []string{set}})
	var problems scenarios.Problems
	return !errors.As(err, &problems) || !slices.ContainsFunc(problems, func(p scenarios.Problem) bool { return p.Key == key })
}

// completeKeys completes the keys of --set, with agents' names where the
// scenario is known.
func completeKeys(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	keys := scenarios.Keys()
	if len(args) > 0 {
		if s, err := scenarios.Load(args[0], scenarios.Options{}); err == nil {
			keys = s.Keys()
		}
	}
	for i, k := range keys {
		keys[i] = strings.TrimSuffix(k, "=") + "="
	}
	return keys, cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveNoFileComp
}

// completeAxes completes the keys of --over: those of --set that a sweep may vary.
func completeAxes(c *cobra.Command, args []string, text string) ([]string, cobra.ShellCompDirective) {
	keys, directive := completeKeys(c, args, text)
	return slices.DeleteFunc(keys, func(k string) bool { return !scenarios.Sweepable(strings.TrimSuffix(k, "=")) }), directive
}
