package montecarlo

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
)

// Run plays the blocks [from, to) on the given number of workers and hands
// every finished block to sink, in order and from one goroutine at a time. A
// cancelled context ends the run with its error once the blocks before the
// first unfinished one have been handed over; so does an error of a block or of
// sink.
func (s *Simulation) Run(ctx context.Context, from, to int64, workers int, sink func(*Result) error) error {
	if workers < 1 {
		panic("montecarlo: a run needs a worker")
	}
	if s.Arrivals != nil {
		if err := s.Arrivals.Validate(); err != nil {
			return err
		}
	}
	list, err := s.agents()
	if err != nil {
		return err
	}
	layout, ticks := s.layout(), newCalendar(s)
	var stop atomic.Bool
	defer context.AfterFunc(ctx, func() { stop.Store(true) })()
	q := newQueue(from, to, workers)
	var group sync.WaitGroup
	for range min(int64(workers), max(1, to-from)) {
		w, err := newWorker(s, layout, ticks, list, &stop)
		if err != nil {
			stop.Store(true)
			q.fail(err)
			break
		}
		group.Go(func() { work(w, q) })
	}
	err = q.deliver(sink)
	stop.Store(true)
	q.close()
	group.Wait()
	if errors.Is(err, errStopped) && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// work plays blocks until there are none left.
func work(w *worker, q *queue) {
	for {
		block, ok := q.take()
		if !ok {
			return
		}
		result, err := w.play(block)
		q.put(block, result, err)
		if err != nil {
			return
		}
	}
}

// queue hands out blocks and puts results back in order. At most a few blocks
// per worker are ahead of the first unfinished one, so memory does not grow
// with the number of paths.
type queue struct {
	mutex    sync.Mutex
	changed  *sync.Cond
	next     int64 // to hand out
	head     int64 // to deliver
	to       int64
	window   int64
	finished map[int64]outcome
	closed   bool
}

type outcome struct {
	result *Result
	err    error
}

func newQueue(from, to int64, workers int) *queue {
	q := &queue{next: from, head: from, to: to, window: int64(4 * workers), finished: make(map[int64]outcome)}
	q.changed = sync.NewCond(&q.mutex)
	return q
}

func (q *queue) take() (int64, bool) {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	for !q.closed && q.next < q.to && q.next >= q.head+q.window {
		q.changed.Wait()
	}
	if q.closed || q.next >= q.to {
		return 0, false
	}
	q.next++
	return q.next - 1, true
}

func (q *queue) put(block int64, result *Result, err error) {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	q.finished[block] = outcome{result, err}
	q.changed.Broadcast()
}

// fail makes the first undelivered block end with err.
func (q *queue) fail(err error) { q.put(q.head, nil, err) }

func (q *queue) close() {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	q.closed = true
	q.changed.Broadcast()
}

// deliver passes results to sink in order until the last block or an error.
func (q *queue) deliver(sink func(*Result) error) error {
	for {
		q.mutex.Lock()
		if q.head == q.to {
			q.mutex.Unlock()
			return nil
		}
		o, ok := q.finished[q.head]
		for !ok {
			q.changed.Wait()
			o, ok = q.finished[q.head]
		}
		delete(q.finished, q.head)
		q.mutex.Unlock()
		if o.err != nil {
			return o.err
		}
		if err := sink(o.result); err != nil {
			return err
		}
		q.mutex.Lock()
		q.head++
		q.changed.Broadcast()
		q.mutex.Unlock()
	}
}
