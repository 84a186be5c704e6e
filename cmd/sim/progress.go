package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/cheggaaa/pb/v3"
	"golang.org/x/term"
)

// logEvery is the time between lines where there is no terminal.
const logEvery = 10 * time.Second

// progress shows how far a run is: a bar with the time left on a terminal, a
// line every ten seconds elsewhere.
type progress struct {
	w     io.Writer
	what  string // is counted: paths
	quiet bool
	bar   *pb.ProgressBar
	begin time.Time
	last  time.Time
	first int64 // done before this command
	done  int64
}

func newProgress(w io.Writer, what string, quiet bool) *progress {
	now := time.Now()
	return &progress{w: w, what: what, quiet: quiet, begin: now, last: now, first: -1}
}

const barTemplate = `{{counters . "%s of %s" }} {{string . "what"}} {{bar . }} {{percent . }} {{rtime . "%s left" "%s" "?"}}`

// update is told how many are done; it is called from one goroutine.
func (p *progress) update(done, total int64) {
	p.done = done
	if p.first < 0 {
		p.first = done
	}
	if p.quiet {
		return
	}
	if p.bar == nil && isTerminal(p.w) {
		p.bar = pb.ProgressBarTemplate(barTemplate).New(0).SetTotal(total).SetWriter(p.w).Set("what", p.what)
		p.bar.SetCurrent(done)
		p.bar.Start()
	}
	if p.bar != nil {
		p.bar.SetCurrent(done)
		return
	}
	if now := time.Now(); now.Sub(p.last) >= logEvery {
		p.last = now
		fmt.Fprintf(p.w, "sim: %s of %s %s, about %s left\n", grouped(done), grouped(total), p.what, p.left(now, total))
	}
}

// left estimates the time to the end from the pace of this command.
func (p *progress) left(now time.Time, total int64) time.Duration {
	if p.done <= p.first {
		return 0
	}
	pace := float64(now.Sub(p.begin)) / float64(p.done-p.first)
	return time.Duration(pace * float64(total-p.done)).Round(time.Second)
}

func (p *progress) finish() {
	if p.bar != nil {
		p.bar.Finish()
	}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
