package output

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// FileInfo describes one file of a run directory.
type FileInfo struct {
	Name   string `json:"name"` // with slashes, relative to the directory
	Rows   int64  `json:"rows"` // 0 for files that are not tables
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Manifest says what a run directory holds and where it comes from. Its file,
// manifest.json, is the last to appear: where it stands, the run is complete.
type Manifest struct {
	Walras      string            `json:"walras"` // version of the program
	Status      string            `json:"status"` // "complete"
	Passed      bool              `json:"passed"` // the verdict of the run
	Scenario    json.RawMessage   `json:"scenario"`
	Seed        uint64            `json:"seed"`
	Versions    map[string]string `json:"versions,omitempty"` // go, platform, …
	Policy      json.RawMessage   `json:"policy,omitempty"`
	Files       []FileInfo        `json:"files"`
	Digest      string            `json:"digest"`
	Identity    string            `json:"identity"`              // SHA-256 of the identity text
	Environment json.RawMessage   `json:"environment,omitempty"` // host, workers, elapsed: not in the digest
}

// Digest identifies the results of a run: hexadecimal SHA-256 of a text that
// has one line
//
//	NAME SP SHA256 LF
//
// for every table (report.html and plots/ show results and are left out),
// sorted by bytes, and then the canonical resolved scenario as one line of
// JSON without insignificant white space, also ended by LF. manifest.json
// keeps the scenario in exactly that form, on a line of its own, so that
//
//	{ jq -r '.files[] | .name + " " + .sha256' manifest.json |
//	    grep -v -e '^report.html ' -e '^plots/' | LC_ALL=C sort
//	  sed -n 's/^  "scenario": \(.*\),$/\1/p' manifest.json; } | sha256sum
//
// prints it again.
func Digest(scenario []byte, files []FileInfo) string {
	var lines []string
	for _, f := range files {
		if isResult(f.Name) {
			lines = append(lines, f.Name+" "+f.SHA256+"\n")
		}
	}
	slices.Sort(lines)
	return checksum([]byte(strings.Join(lines, "") + string(compact(scenario)) + "\n"))
}

// compact removes insignificant white space; what is not JSON stays as it is.
func compact(raw []byte) []byte {
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil {
		return raw
	}
	return b.Bytes()
}

func checksum(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// encode writes one line for each member and for each file, so that people,
// diff and sed can read a manifest with a large policy.
func (m *Manifest) encode() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("{\n")
	members := []struct {
		key   string
		value any
	}{ // in the order of Manifest
		{"walras", m.Walras}, {"status", m.Status}, {"passed", m.Passed}, {"scenario", m.Scenario},
		{"seed", m.Seed}, {"versions", m.Versions}, {"policy", m.Policy},
		{"files", m.Files}, {"digest", m.Digest}, {"identity", m.Identity},
		{"environment", m.Environment},
	}
	for i, member := range members {
		text, err := line(member.value)
		if err != nil {
			return nil, fmt.Errorf("output: manifest: %s: %w", member.key, err)
		}
		if text == "null" {
			continue // not given
		}
		if i > 0 {
			b.WriteString(",\n")
		}
		fmt.Fprintf(&b, "  %q: %s", member.key, text)
	}
	b.WriteString("\n}\n")
	return b.Bytes(), nil
}

// line returns v as JSON on one line; a list of files has a line for each.
func line(v any) (string, error) {
	if files, ok := v.([]FileInfo); ok && len(files) > 0 {
		var rows []string
		for _, f := range files {
			text, err := line(f)
			if err != nil {
				return "", err
			}
			rows = append(rows, "    "+text)
		}
		return "[\n" + strings.Join(rows, ",\n") + "\n  ]", nil
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // the scenario's bytes enter the digest as they are
	err := e.Encode(v)
	return strings.TrimSuffix(b.String(), "\n"), err
}

// ReadManifest reads the manifest of a complete run. Where there is none, the
// error is an *Error that wraps fs.ErrNotExist.
func ReadManifest(dir string) (*Manifest, error) {
	_, m, err := readManifest(filepath.Join(dir, manifestName))
	return m, err
}

func readManifest(path string) (text []byte, m *Manifest, err error) {
	if text, err = os.ReadFile(path); err == nil {
		m = new(Manifest)
		err = json.Unmarshal(text, m)
	}
	if err != nil {
		return nil, nil, fail("read", path, err)
	}
	return text, m, nil
}

// Verify compares a complete run with its manifest: the size and checksum of
// every file, and the digest. The error joins an *Error for each problem.
func Verify(dir string) error {
	m, err := ReadManifest(dir)
	if err != nil {
		return err
	}
	var problems []error
	for _, f := range m.Files {
		problems = append(problems, fail("verify", filepath.Join(dir, f.Name), verifyFile(dir, f)))
	}
	path := filepath.Join(dir, manifestName)
	if m.Status != "complete" {
		problems = append(problems, fail("verify", path, fmt.Errorf("status %q", m.Status)))
	}
	if m.Digest != Digest(m.Scenario, m.Files) {
		problems = append(problems, fail("verify", path, errors.New("the digest does not match the files and the scenario")))
	}
	return errors.Join(problems...)
}

func verifyFile(dir string, f FileInfo) error {
	if !filepath.IsLocal(filepath.FromSlash(f.Name)) {
		return errors.New("a path outside the directory")
	}
	path := filepath.Join(dir, filepath.FromSlash(f.Name))
	size, sum, err := hashFile(path)
	switch {
	case err != nil:
		return err
	case size != f.Bytes:
		return fmt.Errorf("%d bytes instead of %d", size, f.Bytes)
	case sum != f.SHA256:
		return errors.New("the checksum does not match")
	}
	return nil
}

func hashFile(path string) (size int64, sum string, err error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, "", fail("read", path, err)
	}
	defer file.Close()
	h := sha256.New()
	size, err = io.Copy(h, file)
	return size, hex.EncodeToString(h.Sum(nil)), fail("read", path, err)
}
