package output

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// Error is a failure of reading or writing: what was tried, on which path, and
// the reason, which errors.Is and errors.As find underneath.
type Error struct {
	Op   string // what was tried: "write", "rename", "verify", …
	Path string // the file or directory
	Err  error  // the reason
}

// Error names the operation, the path and the reason, each once.
func (e *Error) Error() string {
	return fmt.Sprintf("%s %s: %v", e.Op, e.Path, reason(e.Err))
}

// Unwrap returns the reason.
func (e *Error) Unwrap() error { return e.Err }

// reason strips the wrappers of package os, which would repeat the path.
func reason(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	var call *os.SyscallError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	case errors.As(err, &call):
		return call.Err
	}
	return err
}

// fail wraps err once; nil stays nil.
func fail(op, path string, err error) error {
	var known *Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	return &Error{Op: op, Path: path, Err: err}
}

// ExistsError refuses a directory that holds a run, complete or not, when
// neither resuming nor replacing was asked for.
type ExistsError struct {
	Dir        string
	Unfinished bool // the run is not complete: it can be resumed
}

// Error says what to do next.
func (e *ExistsError) Error() string {
	state := "exists"
	if e.Unfinished {
		state = "holds an unfinished run"
	}
	return e.Dir + " " + state + "; use --resume to continue, --force to replace, or --out elsewhere"
}

// OtherRunError refuses to resume a directory that belongs to another identity:
// another scenario, other settings, or another version of the program.
type OtherRunError struct{ Dir string }

// Error says what to do next.
func (e *OtherRunError) Error() string {
	return e.Dir + " belongs to another scenario or version; use --force to replace it, or --out elsewhere"
}

// ForeignError refuses a directory with contents that no run has written.
type ForeignError struct {
	Dir    string
	Reason string
}

// Error says why, and that nothing was touched.
func (e *ForeignError) Error() string {
	return e.Dir + " " + e.Reason + "; nothing was changed; use --out elsewhere"
}

// BusyError says that another process works in the directory.
type BusyError struct {
	Dir string
	// Lock is set where the system has no locks that end with their process:
	// the file to remove if no process is at work.
	Lock string
}

// Error names the directory, and the lock file where it may be stale.
func (e *BusyError) Error() string {
	s := e.Dir + " is in use by another process"
	if e.Lock != "" {
		s += " (if there is none, remove " + e.Lock + ")"
	}
	return s
}

// RowError is a value that must not be written. Nothing of its batch was.
type RowError struct {
	Column  string
	Row     int64 // counted from 0 over the whole table
	Problem string
}

// Error names column, row and problem.
func (e *RowError) Error() string {
	return fmt.Sprintf("column %s, row %d: %s", e.Column, e.Row, e.Problem)
}
