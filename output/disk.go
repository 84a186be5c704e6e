package output

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io/fs"
	"os"
	"path/filepath"
)

// disk makes every change that the package makes to a file system, so that a
// test can stop the world before any of them. A change that must survive the
// machine is synced: the file's data first, then, after a rename, its directory.
type disk struct {
	// fault, if not nil, is asked before each change and can make it fail;
	// from is empty except for a rename. A write that fails leaves half of its
	// bytes, as a full disk does.
	fault func(op, path, from string) error
}

func (k disk) try(op, path string, change func() error) error {
	return k.tryFrom(op, path, "", change)
}

func (k disk) tryFrom(op, path, from string, change func() error) error {
	if k.fault != nil {
		if err := k.fault(op, path, from); err != nil {
			return fail(op, path, err)
		}
	}
	return fail(op, path, change())
}

// mkdir makes one directory; one that is there already is fine.
func (k disk) mkdir(path string) error {
	return k.try("create directory", path, func() error {
		err := os.Mkdir(path, 0o777)
		if errors.Is(err, fs.ErrExist) && isDir(path) {
			return nil
		}
		return err
	})
}

func (k disk) rename(from, to string) error {
	return k.tryFrom("rename", to, from, func() error { return os.Rename(from, to) })
}

// remove removes a file, a link or an empty directory; a missing one is fine.
func (k disk) remove(path string) error {
	return k.try("remove", path, func() error {
		if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	})
}

// removeTree removes a directory of this package's own; links in it are
// removed, not followed.
func (k disk) removeTree(path string) error {
	return k.try("remove", path, func() error { return os.RemoveAll(path) })
}

func (k disk) syncDir(path string) error {
	return k.try("sync", path, func() error { return syncDirectory(path) })
}

// replace gives a file new contents in one step: whoever looks finds the old
// ones or the new ones. The new ones are prepared under the name temporary, on
// the same file system.
func (k disk) replace(path, temporary string, data []byte) error {
	if err := k.remove(temporary); err != nil {
		return err
	}
	s, err := k.create(temporary)
	if err != nil {
		return err
	}
	if _, err := s.Write(data); err != nil {
		s.abort()
		return err
	}
	if err := s.finish(); err != nil {
		return err
	}
	if err := k.rename(temporary, path); err != nil {
		return err
	}
	return k.syncDir(filepath.Dir(path))
}

// sink is a new file that is buffered, counted and hashed while it is written.
type sink struct {
	disk disk
	path string
	file *os.File
	buf  *bufio.Writer
	sum  hash.Hash
	size int64
}

// create starts a file that must not exist.
func (k disk) create(path string) (*sink, error) {
	s := &sink{disk: k, path: path, sum: sha256.New()}
	err := k.try("create", path, func() (err error) {
		s.file, err = os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		return err
	})
	if err != nil {
		return nil, err
	}
	s.buf = bufio.NewWriterSize((*rawSink)(s), 1<<17)
	return s, nil
}

// Write buffers p; an error may come late, but no later than finish.
func (s *sink) Write(p []byte) (int, error) { return s.buf.Write(p) }

// rawSink is the sink below its buffer.
type rawSink sink

// Write writes, counts and hashes what the buffer hands down.
func (s *rawSink) Write(p []byte) (n int, err error) {
	if s.disk.fault != nil {
		if err := s.disk.fault("write", s.path, ""); err != nil {
			n, _ = s.file.Write(p[:len(p)/2])
			return n, fail("write", s.path, err)
		}
	}
	n, err = s.file.Write(p)
	s.sum.Write(p[:n])
	s.size += int64(n)
	return n, fail("write", s.path, err)
}

// finish makes the data durable and closes the file; if that fails, the file
// is removed as far as possible.
func (s *sink) finish() error {
	err := s.buf.Flush()
	if err == nil {
		err = s.disk.try("sync", s.path, s.file.Sync)
	}
	if err != nil {
		s.abort()
		return err
	}
	return fail("close", s.path, s.file.Close())
}

// abort closes and removes the file; an error on the way has no consequence.
func (s *sink) abort() {
	_ = s.file.Close()
	_ = s.disk.remove(s.path)
}

func (s *sink) hex() string { return hex.EncodeToString(s.sum.Sum(nil)) }

// isDir and isFile do not follow links.
func isDir(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.IsDir()
}

func isFile(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.Mode().IsRegular()
}
