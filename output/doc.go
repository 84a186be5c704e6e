// Package output writes what a run leaves behind: tables as Parquet files, and
// the run directory that holds them, with its manifest and, while the run is
// under way, its committed segments.
//
// # Purpose
//
// A [Table] streams typed columns into one Parquet file. A [Directory] is the
// place of one run: everything is prepared under dir/.partial and moved to its
// final name only when all of it is complete, the manifest last. What is under
// a final name is therefore always whole, whenever the process was killed, and
// a run that was interrupted continues from its committed segments. [WriteTable]
// is for a table that belongs to no run.
//
// # Non-goals
//
// The package knows nothing about markets, agents or statistics: column names,
// units and the meaning of a segment's bytes belong to the caller. It never
// prints, never exits, never reads the wall clock, and starts no goroutines.
//
// # Units
//
// Sizes are bytes, ranges of blocks are half open, [First, Last). The unit of
// a column is the caller's text; it is stored in the file under the key
// unit.<column>.
//
// # Concurrency
//
// A Table, a Batch, a File and a SegmentWriter belong to one goroutine at a
// time; different ones may be used at once. The methods of Directory may be
// called from several goroutines, Publish and Close after everything else.
// Two processes on one directory exclude each other by a lock.
//
// # Determinism
//
// The bytes of a table depend on its schema, metadata and rows alone: not on
// how the rows were cut into batches, not on time, host or number of workers.
//
// # Errors
//
// Failures of reading and writing are *[Error] and name path and reason.
// Refusals are types of their own: *[ExistsError], *[OtherRunError],
// *[ForeignError], *[BusyError]. A row that must not be written (NaN, a null
// or a kind that the column does not take) is a *[RowError]. Misuse of the
// package panics or is a plain error that starts with "output: ".
package output
