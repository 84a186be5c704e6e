//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"walras/output"
)

// patience is how long any of the processes below may take.
const patience = 3 * time.Minute

// longRun is a run of a little more than two segments, each a few seconds of
// work, with all outcomes kept: there is time to interrupt it, and data to lose.
func longRun(dir string, more ...string) []string {
	line := []string{"run", "five-traders", "--set", "clock.step=0.05", "--paths", "300000", "--seed", "2", "--out", dir}
	return append(line, more...)
}

// build makes the binary that the tests below start and stop.
func build(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("starts runs of several seconds")
	}
	binary := filepath.Join(t.TempDir(), "sim")
	text, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput()
	require.NoError(t, err, string(text))
	return binary
}

// process is a command that was started.
type process struct {
	cmd    *exec.Cmd
	stderr bytes.Buffer
	ended  chan struct{}
}

func begin(t *testing.T, binary string, args ...string) *process {
	t.Helper()
	p := &process{cmd: exec.Command(binary, args...), ended: make(chan struct{})}
	p.cmd.Stderr = &p.stderr
	require.NoError(t, p.cmd.Start())
	go func() {
		defer close(p.ended)
		_ = p.cmd.Wait() // its outcome is in ProcessState
	}()
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		<-p.ended
	})
	return p
}

// wait returns how long the process still took, and its exit status; -1 when a
// signal ended it.
func (p *process) wait(t *testing.T) (time.Duration, int) {
	t.Helper()
	from := time.Now()
	select {
	case <-p.ended:
	case <-time.After(patience):
		require.Fail(t, "the process does not end")
	}
	return time.Since(from), p.cmd.ProcessState.ExitCode()
}

// finish runs a command that must succeed.
func finish(t *testing.T, binary string, args ...string) {
	t.Helper()
	p := begin(t, binary, args...)
	_, status := p.wait(t)
	require.Equal(t, exitDone, status, p.stderr.String())
}

// segments are the files of that kind of an unfinished run: .temporary is being
// written, .commit marks what is complete.
func segments(t *testing.T, dir, kind string) []string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(dir, ".partial", "segments", "*"+kind))
	require.NoError(t, err)
	return list
}

// until waits for n files of that kind to be there.
func (p *process) until(t *testing.T, dir, kind string, n int) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for len(segments(t, dir, kind)) < n {
		select {
		case <-p.ended:
			require.Fail(t, "the run ended too early", p.stderr.String())
		case <-time.After(2 * time.Millisecond):
		}
		require.True(t, time.Now().Before(deadline), "no segment appears")
	}
}

// killAfter ends the process with kill -9 at a random moment after it has
// committed n segments.
func (p *process) killAfter(t *testing.T, dir string, n int, within time.Duration) {
	t.Helper()
	p.until(t, dir, ".commit", n)
	delay := rand.N(within)
	t.Logf("killed %v after commit %d", delay, n)
	time.Sleep(delay)
	require.NoError(t, p.cmd.Process.Kill())
	_, status := p.wait(t)
	require.Equal(t, -1, status, "the run ended before it was killed; the delay was %v", delay)
}

// finals returns the files under their final names.
func finals(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	found := make(map[string][]byte)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		if e.Name() == ".partial" {
			continue
		}
		found[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name()))
		require.NoError(t, err)
	}
	return found
}

// assertSame compares two complete runs: every byte of every file, except what
// the manifest says about the machine and the time.
func assertSame(t *testing.T, want, got map[string][]byte) {
	t.Helper()
	if want["sweep.parquet"] != nil {
		require.Len(t, want, 2)
	} else {
		require.Len(t, want, 6)
	}
	require.Len(t, got, len(want))
	for name, bytes := range want {
		if name == "manifest.json" {
			assert.Equal(t, withoutMachine(t, bytes), withoutMachine(t, got[name]))
		} else {
			assert.True(t, string(bytes) == string(got[name]), "%s differs", name)
		}
	}
}

func withoutMachine(t *testing.T, text []byte) map[string]any {
	t.Helper()
	var m map[string]any
	require.NoError(t, json.Unmarshal(text, &m))
	require.Contains(t, m, "environment")
	require.Len(t, m["digest"], 64)
	delete(m, "environment")
	return m
}

// TestInterruptions kills and interrupts long runs at random moments. Whatever
// the moment, nothing stands under a final name that is not complete, and what
// --resume makes of the rest is the uninterrupted run, byte for byte.
func TestInterruptions(t *testing.T) {
	binary := build(t)
	reference := filepath.Join(t.TempDir(), "reference")
	finish(t, binary, longRun(reference, "--quiet")...)
	require.NoError(t, output.Verify(reference))
	want := finals(t, reference)

	t.Run("kill -9", func(t *testing.T) { killAndResume(t, binary, want) })
	t.Run("kill -9 while replacing", func(t *testing.T) { killWhileReplacing(t, binary) })
	t.Run("interrupt", func(t *testing.T) { interruptAndResume(t, binary, want) })
}

// killAndResume kills a run in its second segment, and its continuation in the
// third.
func killAndResume(t *testing.T, binary string, want map[string][]byte) {
	dir := filepath.Join(t.TempDir(), "run")
	begin(t, binary, longRun(dir, "--workers", "1")...).killAfter(t, dir, 1, time.Second)
	require.Empty(t, finals(t, dir))
	begin(t, binary, longRun(dir, "--resume", "--workers", "1")...).killAfter(t, dir, 2, 300*time.Millisecond)
	require.Empty(t, finals(t, dir))
	refused := begin(t, binary, longRun(dir)...)
	_, status := refused.wait(t)
	assert.Equal(t, exitWrong, status)
	assert.Contains(t, refused.stderr.String(), "holds an unfinished run; use --resume to continue")
	finish(t, binary, longRun(dir, "--resume", "--quiet")...)
	assertSame(t, want, finals(t, dir))
	assert.NoDirExists(t, filepath.Join(dir, ".partial"))
}

// killWhileReplacing kills a run that was to replace another one: the old one
// stays whole until the new one is.
func killWhileReplacing(t *testing.T, binary string) {
	dir := filepath.Join(t.TempDir(), "run")
	small := []string{"run", "symmetric", "--paths", "2000", "--out", dir, "--quiet"}
	finish(t, binary, small...)
	old := finals(t, dir)
	begin(t, binary, longRun(dir, "--force", "--workers", "1")...).killAfter(t, dir, 1, time.Second)
	require.NoError(t, output.Verify(dir))
	assertSame(t, old, finals(t, dir))
	finish(t, binary, append(small, "--force")...)
	assertSame(t, old, finals(t, dir))
	assert.NoDirExists(t, filepath.Join(dir, ".partial"))
}

// interruptAndResume does what Ctrl-C does: the run stops soon, keeps what it
// has finished though no segment is full, and says how to continue.
func interruptAndResume(t *testing.T, binary string, want map[string][]byte) {
	dir := filepath.Join(t.TempDir(), "run")
	p := begin(t, binary, longRun(dir)...)
	p.until(t, dir, ".temporary", 1)
	time.Sleep(50*time.Millisecond + rand.N(300*time.Millisecond))
	require.NoError(t, p.cmd.Process.Signal(syscall.SIGINT))
	took, status := p.wait(t)
	require.Equal(t, exitInterrupted, status, p.stderr.String())
	assert.Less(t, took, 5*time.Second)
	assert.Regexp(t, `^sim: interrupted after [0-9,]+ of 300,000 paths; continue with: sim run five-traders --set clock\.step=0\.05 --paths 300000 --seed 2 --out \S+ --resume\n$`, p.stderr.String())
	assert.NotContains(t, p.stderr.String(), "after 0 of")
	assert.Len(t, segments(t, dir, ".commit"), 1, "what was finished is kept")
	assert.Empty(t, finals(t, dir))
	finish(t, binary, longRun(dir, "--resume", "--quiet")...)
	assertSame(t, want, finals(t, dir))
}

// longSweep is a sweep of 60 points, each some hundredths of a second of work.
func longSweep(dir string, more ...string) []string {
	line := []string{"sweep", "five-traders", "--over", "discount_rate=1:2:60", "--simulate", "--paths", "10000", "--out", dir, "--plots=false"}
	return append(line, more...)
}

// TestSweepInterruptions kills a sweep and interrupts its continuation. The points
// that were finished stay, and the table is that of an uninterrupted sweep.
func TestSweepInterruptions(t *testing.T) {
	binary := build(t)
	reference, dir := filepath.Join(t.TempDir(), "reference"), filepath.Join(t.TempDir(), "sweep")
	finish(t, binary, longSweep(reference, "--quiet")...)
	require.NoError(t, output.Verify(reference))

	begin(t, binary, longSweep(dir, "--workers", "1")...).killAfter(t, dir, 3, 20*time.Millisecond)
	require.Empty(t, finals(t, dir))
	p := begin(t, binary, longSweep(dir, "--resume", "--workers", "1")...)
	p.until(t, dir, ".commit", 6)
	require.NoError(t, p.cmd.Process.Signal(syscall.SIGINT))
	took, status := p.wait(t)
	require.Equal(t, exitInterrupted, status, p.stderr.String())
	assert.Less(t, took, 5*time.Second)
	assert.Regexp(t, `^sim: interrupted after [0-9]+ of 60 points; continue with: sim sweep five-traders --over discount_rate=1:2:60 --simulate --paths 10000 --out \S+ --plots=false --resume\n$`, p.stderr.String())
	require.Empty(t, finals(t, dir))
	finish(t, binary, longSweep(dir, "--resume", "--quiet")...)
	assertSame(t, finals(t, reference), finals(t, dir))
	assert.NoDirExists(t, filepath.Join(dir, ".partial"))
}
