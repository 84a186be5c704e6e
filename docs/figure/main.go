// Command figure draws one picture of a double auction from its run directory:
// the price fan, and the inventories of the agents beside what theory expects.
//
//	go run ./cmd/sim run five-traders --out runs/five-traders
//	go run ./docs/figure runs/five-traders > docs/images/five-traders.svg
//
// The picture depends on the run directory alone, byte for byte.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run ./docs/figure RUNDIR > figure.svg")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "figure:", err)
		os.Exit(1)
	}
}

// run writes the picture of a run directory as SVG, or nothing at all.
func run(dir string, w io.Writer) error {
	d, err := load(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w; a complete run is needed: go run ./cmd/sim run five-traders --out %s", err, dir)
	}
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := d.draw(&b); err != nil {
		return err
	}
	_, err = w.Write(b.Bytes())
	return err
}
