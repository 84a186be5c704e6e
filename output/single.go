package output

import (
	"bytes"
	"path/filepath"
)

// WriteTable writes one Parquet file that belongs to no run directory. fill
// appends the rows. The file appears under its name when it is whole, in one
// step, and replaces one that is there; after an error nothing has changed.
func WriteTable(path string, s Schema, metadata map[string]string, fill func(*Table) error) error {
	var data bytes.Buffer
	t, err := NewTable(&data, s, metadata)
	if err != nil {
		return err
	}
	if err := fill(t); err != nil {
		return err
	}
	if _, err := t.Close(); err != nil {
		return err
	}
	return writeWhole(disk{}, path, data.Bytes())
}

// writeWhole replaces a file by way of a temporary one beside it, of which
// nothing is left after an error.
func writeWhole(k disk, path string, data []byte) error {
	temporary := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+partialName)
	if err := k.replace(path, temporary, data); err != nil {
		_ = k.remove(temporary)
		return err
	}
	return nil
}
