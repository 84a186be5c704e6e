//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package output

// acquireFlock has nothing to offer on this system.
func acquireFlock(string) (*lock, error) { return nil, errNoFlock }
