package output

import (
	"errors"
	"fmt"
	"path"
	"path/filepath"
)

// File is a result file on its way. Until Publish it stands in .partial.
type File struct {
	dir    *Directory
	sink   *sink
	info   FileInfo
	state  fileState
	failed error
}

type fileState int

const (
	fileOpen fileState = iota
	fileWhole
	fileDropped
)

// Create starts a result file. Its name, with slashes, must be one of a run
// directory: a table (market.parquet, or market.parquet/part-00000.parquet),
// report.html, or plots/*.svg and *.png.
func (d *Directory) Create(name string) (*File, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.usable(); err != nil {
		return nil, err
	}
	if !d.contract.covers(name) {
		return nil, fmt.Errorf("output: %q is not a result file of a run directory", name)
	}
	if f := d.files[name]; f != nil && f.state != fileDropped {
		return nil, fmt.Errorf("output: %q is written already", name)
	}
	if folder := path.Dir(name); folder != "." {
		if err := d.disk.mkdir(d.result(folder)); err != nil {
			return nil, err
		}
	}
	s, err := d.disk.create(d.result(name))
	if err != nil {
		return nil, err
	}
	f := &File{dir: d, sink: s, info: FileInfo{Name: name}}
	d.files[name] = f
	return f, nil
}

func (d *Directory) result(name string) string {
	return d.partial(resultsName, filepath.FromSlash(name))
}

// Write appends p. It is buffered: an error may come later, but no later than
// Close.
func (f *File) Write(p []byte) (int, error) {
	if f.state != fileOpen {
		return 0, errors.New("output: write to a closed file")
	}
	return f.sink.Write(p)
}

// SetRows notes the number of rows for the manifest.
func (f *File) SetRows(n int64) { f.info.Rows = n }

// Info returns what the manifest will say; size and checksum are known after
// Close.
func (f *File) Info() FileInfo { return f.info }

// Close makes the contents durable. After an error the file does not exist.
func (f *File) Close() error {
	if f.state != fileOpen {
		return f.failed
	}
	f.state = fileDropped
	if f.failed = f.sink.finish(); f.failed == nil {
		f.state = fileWhole
		f.info.Bytes, f.info.SHA256 = f.sink.size, f.sink.hex()
	}
	return f.failed
}

// Abort drops the file. After Close it does nothing.
func (f *File) Abort() error {
	if f.state == fileOpen {
		f.drop()
	}
	return nil
}

func (f *File) drop() {
	if f.state == fileOpen {
		f.state = fileDropped
		f.sink.abort()
	}
}
