// Package scenarios turns a scenario file into a [Scenario]: a complete,
// checked description of one simulated market, every default filled in.
//
// # What it promises
//
//   - A Scenario returned by [Load] satisfies every rule of the scenario
//     format and of its market that can be decided without solving the model.
//     Whether an equilibrium exists is the solver's question, not asked here.
//   - A file that breaks a rule yields [Problems]: all of them at once, each
//     with file, line and column, the offending value, what is allowed and
//     what to do. Files are strict: unknown keys, wrong types, duplicate keys,
//     null, NaN and values out of range are problems, never defaults.
//   - No input panics or hangs: files are limited in bytes, depth and aliases,
//     sweeps in points, and every count is checked before it is multiplied.
//   - [Scenario.Canonical] is a fixed point: loading it gives the same
//     Scenario, and the same Scenario gives the same bytes.
//
// # What it is not
//
// It simulates nothing, knows no equilibrium, prints nothing and reads no
// clock. It reads the files it is given, the files they extend, and the
// built-in library that is compiled in (library/*.yaml).
//
// # Units
//
// The user's own, but consistent: discount_rate is per unit of time, a
// holding cost is money per squared asset unit and unit of time, a volatility
// is asset units (of a fundamental: money) per square root of time.
//
// # How it is built
//
// Every key is one entry in a table (keys.go, agents.go, a market's own file)
// that binds its name, documentation, range and default to a field. Reading,
// writing, the JSON Schema, completion and "did you mean" all follow from the
// tables. A further market is one file that returns a [market] and one line
// in registered; a further kind of agent is one entry in its market; a further
// key is one entry in a table.
//
// # Concurrency
//
// All functions may be called concurrently. A Scenario is not changed after
// it was returned; callers who share one must leave it alone too.
package scenarios
