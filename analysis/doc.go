// Package analysis is what theory says about a run, and the verdict: every
// estimate beside its closed form.
//
// Expected moments come from the linear recursion of the inventories with the
// policy's matrices, never from simulation. Of m judged rows the largest |z|
// may reach Φ⁻¹(1 − 1e-4/(2m)), so a correct program fails a run with
// probability below 1e-4. Rows whose exact standard error is zero are
// identities and must hold to rounding.
//
// Units are those of the simulation. Functions are pure and deterministic.
package analysis
