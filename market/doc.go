// Package market clears the auction and settles trades, for a block of paths
// at once.
//
// The market knows schedules, not policies: it solves the linear system of
// what the seats submitted (SS §2.1, Theorem 1), so when a seat submits another
// intercept, other slopes or no order at all, only the auction knows the
// answer. It knows nothing of the kinds of agents or of their preferences.
//
// Conventions: quantities sold are positive; prices are deviations from the
// fundamental in money per asset unit; index order is [seat][path]. Values are
// not safe for concurrent use; a block and its market belong to one worker.
// Results are deterministic and do not depend on how paths are cut into blocks.
package market
