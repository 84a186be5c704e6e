//go:build !unix

package output

// syncDirectory does nothing: the system has no such operation, and keeps the
// order of changes to names by itself.
func syncDirectory(string) error { return nil }
