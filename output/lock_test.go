package output

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const holdVariable = "OUTPUT_TEST_HOLD"

// TestMain serves TestAnotherProcessIsKeptOut as the other process: it holds
// the directory until its standard input ends, or until it is killed.
func TestMain(m *testing.M) {
	dir := os.Getenv(holdVariable)
	if dir == "" {
		os.Exit(m.Run())
	}
	d, err := Open(dir, []byte("a"), OpenOptions{})
	if err != nil {
		panic(err)
	}
	if err := (&job{id: "a", opened: d}).compute(0); err != nil {
		panic(err)
	}
	os.Stdout.WriteString("open\n")
	bufio.NewReader(os.Stdin).ReadString('\n')
	os.Exit(0) // without Close, like a crash
}

func TestAnotherProcessIsKeptOut(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	other := exec.Command(os.Args[0], "-test.run=^$")
	other.Env = append(os.Environ(), holdVariable+"="+dir)
	input, err := other.StdinPipe()
	require.NoError(t, err)
	output, err := other.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, other.Start())
	line, err := bufio.NewReader(output).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "open\n", line)

	before := tree(t, dir)
	for _, o := range []OpenOptions{{}, {Resume: true}, {Force: true}} {
		_, err := Open(dir, []byte("a"), o)
		var busy *BusyError
		require.ErrorAs(t, err, &busy)
		assert.Equal(t, dir, busy.Dir)
		assert.Contains(t, err.Error(), dir)
	}
	assert.Equal(t, before, tree(t, dir))

	require.NoError(t, input.Close())
	require.NoError(t, other.Wait())
	j := &job{id: "a"}
	j.finish(t, dir, OpenOptions{Resume: true})
	assert.Equal(t, blocks-1, j.made, "the other's segment is used")
}

func TestTwoOpensExcludeEachOther(t *testing.T) {
	dir := t.TempDir()
	first, err := Open(dir, []byte("a"), OpenOptions{})
	require.NoError(t, err)
	_, err = Open(dir, []byte("b"), OpenOptions{Force: true})
	var busy *BusyError
	require.ErrorAs(t, err, &busy)
	require.NoError(t, first.Close())
	second, err := Open(dir, []byte("b"), OpenOptions{})
	require.NoError(t, err)
	require.NoError(t, second.Close())
}

// TestRacingOpens: of many that start at once, none fails for another reason
// than that somebody is at work, and the last one standing completes the run.
func TestRacingOpens(t *testing.T) {
	dir := t.TempDir()
	results := make(chan error, 8)
	for range cap(results) {
		go func() {
			j := &job{id: "a"}
			err := j.run(disk{}, dir, OpenOptions{Resume: true})
			if j.opened != nil {
				if again := j.opened.Close(); err == nil {
					err = again
				}
			}
			results <- err
		}()
	}
	done := 0
	for range cap(results) {
		err := <-results
		var busy *BusyError
		if err == nil {
			done++
		} else {
			assert.ErrorAs(t, err, &busy)
		}
	}
	assert.Positive(t, done)
	assert.NoError(t, Verify(dir))
}
