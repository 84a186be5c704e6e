//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package output

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestLockOnARemovedFileIsWorthNothing: the winner must hold the file that the
// next one will find, so one that was removed between opening and locking does
// not count.
func TestLockOnARemovedFileIsWorthNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	f, err := os.Create(path)
	require.NoError(t, err)
	defer f.Close()
	require.NoError(t, os.Remove(path))
	assert.ErrorIs(t, hold(f, path), errGone)

	next, err := acquire(path)
	require.NoError(t, err, "a new file, so a new lock")
	assert.ErrorIs(t, hold(f, path), errGone)
	next.release()
	next.release()
}
