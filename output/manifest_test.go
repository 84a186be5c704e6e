package output

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const scenario = `{"name": "a<b> & Σ\u2028", "discount_rate": 1.0, "step": 1e-3}`

func publish(t *testing.T, dir string, m Manifest) {
	t.Helper()
	d, err := Open(dir, []byte("identity"), OpenOptions{})
	require.NoError(t, err)
	for _, name := range []string{"statistics.parquet", "agents.parquet/part-00000.parquet", "report.html", "plots/fan.svg"} {
		f, err := d.Create(name)
		require.NoError(t, err)
		_, err = f.Write([]byte("contents of " + name))
		require.NoError(t, err)
		f.SetRows(int64(len(name)))
		require.NoError(t, f.Close())
	}
	require.NoError(t, d.Publish(m))
	require.True(t, d.Complete())
	require.NoError(t, d.Close())
}

func TestManifestSaysWhatIsThere(t *testing.T) {
	dir := t.TempDir()
	publish(t, dir, Manifest{
		Walras: "1.2.3", Scenario: json.RawMessage(scenario), Seed: 1<<64 - 1,
		Versions: map[string]string{"go": "go1.26"}, Policy: json.RawMessage("[1,\n2]"), Environment: json.RawMessage(`{"host":"x"}`),
	})
	m, err := ReadManifest(dir)
	require.NoError(t, err)
	assert.Equal(t, "complete", m.Status)
	assert.Equal(t, uint64(1<<64-1), m.Seed)
	assert.JSONEq(t, scenario, string(m.Scenario))
	assert.JSONEq(t, "[1,2]", string(m.Policy))
	// printf identity | sha256sum
	assert.Equal(t, "689f6a627384c7dcb2dcc1487e540223e77bdf9dcd0d8be8a326eda65b0ce9a4", m.Identity)
	var names []string
	for _, f := range m.Files {
		names = append(names, f.Name)
		assert.Equal(t, int64(len(f.Name)), f.Rows)
		assert.Equal(t, int64(len("contents of "+f.Name)), f.Bytes)
		assert.Equal(t, checksum([]byte("contents of "+f.Name)), f.SHA256)
	}
	assert.Equal(t, []string{"agents.parquet/part-00000.parquet", "plots/fan.svg", "report.html", "statistics.parquet"}, names)
	assert.NoError(t, Verify(dir))
	assert.NoDirExists(t, filepath.Join(dir, partialName))
}

// TestDigestIsThatOfTheText computes it with sha256sum, as Digest's comment
// says.
func TestDigestIsThatOfTheText(t *testing.T) {
	dir := t.TempDir()
	publish(t, dir, Manifest{Scenario: json.RawMessage(scenario)})
	m, err := ReadManifest(dir)
	require.NoError(t, err)
	script := `{ sed -n 's/^    {"name":"\([^"]*\)".*"sha256":"\([^"]*\)"}.*/\1 \2/p' manifest.json |
	    grep -v -e '^report.html ' -e '^plots/' | LC_ALL=C sort
	  sed -n 's/^  "scenario": \(.*\),$/\1/p' manifest.json; } | sha256sum`
	shell := exec.Command("sh", "-c", script)
	shell.Dir = dir
	out, err := shell.Output()
	require.NoError(t, err)
	assert.Equal(t, m.Digest, strings.Fields(string(out))[0])

	text := "agents.parquet/part-00000.parquet " + checksum([]byte("contents of agents.parquet/part-00000.parquet")) +
		"\nstatistics.parquet " + checksum([]byte("contents of statistics.parquet")) +
		"\n" + `{"name":"a<b> & Σ\u2028","discount_rate":1.0,"step":1e-3}` + "\n"
	assert.Equal(t, checksum([]byte(text)), m.Digest)
}

func TestDigestIsOfResultsAndScenarioOnly(t *testing.T) {
	files := []FileInfo{{Name: "b.parquet", SHA256: "2", Rows: 5}, {Name: "a.parquet", SHA256: "1"}}
	digest := Digest([]byte(`{"a": 1}`), files)
	same := []FileInfo{files[1], {Name: "b.parquet", SHA256: "2"}, {Name: "report.html", SHA256: "3"}, {Name: "plots/x.svg", SHA256: "4"}}
	assert.Equal(t, digest, Digest([]byte(`{"a":1}`), same))
	assert.NotEqual(t, digest, Digest([]byte(`{"a":2}`), files))
	assert.NotEqual(t, digest, Digest([]byte(`{"a":1}`), files[:1]))
	assert.NotEqual(t, digest, Digest([]byte(`{"a":1}`), []FileInfo{{Name: "b.parquet", SHA256: "1"}, {Name: "a.parquet", SHA256: "2"}}))
}

func TestSameRunSameBytes(t *testing.T) {
	one, two := t.TempDir(), t.TempDir()
	m := Manifest{Walras: "1", Scenario: json.RawMessage(scenario), Versions: map[string]string{"b": "2", "a": "1", "c": "3"}}
	publish(t, one, m)
	publish(t, two, m)
	assert.Equal(t, tree(t, one), tree(t, two))
}

func TestVerifyFindsEveryProblem(t *testing.T) {
	cases := map[string]struct {
		spoil func(dir string) error
		want  string
	}{
		"content": {func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "report.html"), []byte("contents of Report.html"), 0o666)
		}, "report.html: the checksum"},
		"size":     {func(dir string) error { return os.Truncate(filepath.Join(dir, "statistics.parquet"), 3) }, "statistics.parquet: 3 bytes instead of 30"},
		"missing":  {func(dir string) error { return os.Remove(filepath.Join(dir, "plots", "fan.svg")) }, "fan.svg: no such file"},
		"scenario": {edit(`"discount_rate":1.0`, `"discount_rate":1.5`), "manifest.json: the digest"},
		"status":   {edit(`"complete"`, `"partial"`), `status "partial"`},
		"outside":  {edit(`"name":"report.html"`, `"name":"../report.html"`), "outside"},
		"broken":   {edit(`"seed": 0`, `"seed": -`), "manifest.json"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			publish(t, dir, Manifest{Scenario: json.RawMessage(scenario)})
			require.NoError(t, Verify(dir))
			require.NoError(t, c.spoil(dir))
			err := Verify(dir)
			var e *Error
			require.ErrorAs(t, err, &e)
			assert.ErrorContains(t, err, c.want)
			assert.Contains(t, err.Error(), dir)
		})
	}
	_, err := ReadManifest(t.TempDir())
	assert.ErrorIs(t, err, fs.ErrNotExist)
}

func edit(old, text string) func(dir string) error {
	return func(dir string) error {
		path := filepath.Join(dir, manifestName)
		data, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(data), old) {
			return fs.ErrInvalid
		}
		return os.WriteFile(path, []byte(strings.Replace(string(data), old, text, 1)), 0o666)
	}
}

func TestPublishRefusesWhatIsNotSo(t *testing.T) {
	dir := t.TempDir()
	d, err := Open(dir, []byte("a"), OpenOptions{})
	require.NoError(t, err)
	defer d.Close()
	f, err := d.Create("market.parquet")
	require.NoError(t, err)
	assert.ErrorContains(t, d.Publish(Manifest{}), "not closed")
	require.NoError(t, f.Close())
	for name, m := range map[string]Manifest{
		"not created":      {Files: []FileInfo{{Name: "agents.parquet"}}},
		"not what the man": {Files: []FileInfo{{Name: "market.parquet", SHA256: "ff"}}},
		"digest":           {Digest: "ff"},
		"manifest: policy": {Policy: json.RawMessage("{")},
	} {
		assert.ErrorContains(t, d.Publish(m), name)
	}
	assert.NoFileExists(t, filepath.Join(dir, "market.parquet"))
	require.NoError(t, d.Publish(Manifest{Files: []FileInfo{{Name: "market.parquet", Rows: 7}}}))
	m, err := ReadManifest(dir)
	require.NoError(t, err)
	assert.Equal(t, int64(7), m.Files[0].Rows)
}

func TestOnlyResultFilesAreCreated(t *testing.T) {
	d, err := Open(t.TempDir(), []byte("a"), OpenOptions{Tables: []string{"sweep"}})
	require.NoError(t, err)
	defer d.Close()
	for _, name := range []string{"market.parquet", "checks.parquet/part-00012.parquet", "report.html", "plots/price-fan.png", "sweep.parquet"} {
		f, err := d.Create(name)
		require.NoError(t, err, name)
		_, err = d.Create(name)
		assert.Error(t, err, "%s twice", name)
		require.NoError(t, f.Abort())
		f, err = d.Create(name)
		require.NoError(t, err, "%s after Abort", name)
		require.NoError(t, f.Close())
		_, err = f.Write([]byte("late"))
		assert.Error(t, err)
	}
	for _, name := range []string{
		"", ".", "manifest.json", ".partial", "notes.txt", "deviations.parquet", "../market.parquet", "/market.parquet", "market.parquet/",
		"market.parquet/x.parquet", "market.parquet/part-/../x.parquet", "plots/../x.svg", "plots/.svg", "plots/a b.svg", "plots/x/y.svg",
		"plots/x.html", "agents.parquet/part-0\n.parquet", `plots\x.svg`, "plots/.hidden.svg", "report.html/x",
	} {
		_, err := d.Create(name)
		assert.ErrorContains(t, err, "not a result file", "%q", name)
	}
	assert.Panics(t, func() { newContract([]string{"../x"}) })
}
