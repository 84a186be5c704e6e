package report_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"walras/output"
	"walras/report"
)

// relist makes the manifest that of the tables as they are now.
func relist(t *testing.T, dir string) {
	t.Helper()
	m, err := output.ReadManifest(dir)
	require.NoError(t, err)
	m.Files = nil
	for _, pattern := range []string{"*.parquet", "*.parquet/*.parquet"} {
		names, err := filepath.Glob(filepath.Join(dir, pattern))
		require.NoError(t, err)
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				continue // a folder of parts
			}
			local, err := filepath.Rel(dir, name)
			require.NoError(t, err)
			sum := sha256.Sum256(data)
			m.Files = append(m.Files, output.FileInfo{Name: filepath.ToSlash(local), Bytes: int64(len(data)), SHA256: hex.EncodeToString(sum[:])})
		}
	}
	m.Digest = output.Digest(m.Scenario, m.Files)
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	require.NoError(t, e.Encode(m))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "manifest.json"), text.Bytes(), 0o666))
	require.NoError(t, output.Verify(dir))
}

func TestADirectoryWithoutARunIsRefused(t *testing.T) {
	empty, nothing := t.TempDir(), t.TempDir()
	manifest := filepath.Join(nothing, "manifest.json")
	require.NoError(t, os.WriteFile(manifest, []byte("{}"), 0o666))
	for place, want := range map[string]string{
		empty: "there is no manifest.json", nothing: "its manifest.json has no status or no scenario", manifest: "it is a file",
	} {
		_, err := report.Write(place)
		var none *report.NoRunError
		require.ErrorAs(t, err, &none)
		assert.EqualError(t, err, place+" holds no complete run or sweep: "+want+"; give the directory that sim run or sim sweep has written")
	}
}

// TestDamagedResultsAreRefused, whether a page shows them or not; what is not of the
// run is not read.
func TestDamagedResultsAreRefused(t *testing.T) {
	for want, spoil := range map[string]func(name string) error{
		"the checksum does not match": func(name string) error {
			data, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			data[len(data)/2] ^= 1
			return os.WriteFile(name, data, 0o666)
		},
		"4 bytes instead of":        func(name string) error { return os.Truncate(name, 4) },
		"no such file or directory": os.Remove,
	} {
		for _, table := range []string{"market", "outcomes"} {
			dir := play(t, "merger", "clock.horizon=1", "monte_carlo.paths=6", "record.paths=2")
			name := filepath.Join(dir, table+".parquet")
			require.NoError(t, spoil(name))
			_, err := report.Write(dir)
			var damaged *output.Error
			require.ErrorAs(t, err, &damaged)
			assert.Equal(t, name, damaged.Path)
			assert.ErrorContains(t, err, "the results are not those that the run has written")
			assert.ErrorContains(t, err, want)
			assert.NoFileExists(t, filepath.Join(dir, "report.html"))
		}
	}
	dir := play(t, "merger", "clock.horizon=1", "monte_carlo.paths=6", "record.paths=2")
	before, _ := page(t, dir)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "sweep.parquet"), []byte("of somebody else"), 0o666))
	after, _ := page(t, dir)
	assert.True(t, before == after)
}

// TestScenariosOfOtherVersionsSayWhere they stand.
func TestScenariosOfOtherVersionsSayWhere(t *testing.T) {
	dir := play(t, "merger", "clock.horizon=1", "monte_carlo.paths=6", "record.paths=2")
	manifest := filepath.Join(dir, "manifest.json")
	text, err := os.ReadFile(manifest)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(manifest, []byte(strings.Replace(string(text), `"scenario": {"schema":1`, `"scenario": {"schema":7`, 1)), 0o666))
	relist(t, dir)
	_, err = report.Write(dir)
	assert.ErrorContains(t, err, manifest+" (scenario):1:")
	assert.ErrorContains(t, err, "schema")
}
