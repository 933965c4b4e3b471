package isolate

import (
	"container/heap"
	"time"
)

// timerQueue holds what setTimeout and setInterval asked for, by due time. The
// callbacks stay in the prelude; here a timer is a number.
type timerQueue struct {
	due  []*timer
	byID map[int]*timer
	last int
}

type timer struct {
	id, index int
	due       time.Duration
	interval  time.Duration // 0: once
}

// minInterval keeps a repeating timer from starving everything else.
const minInterval = time.Millisecond

func (q *timerQueue) add(delay time.Duration, repeats bool) int {
	if q.byID == nil {
		q.byID = map[int]*timer{}
	}
	q.last++
	t := &timer{id: q.last, due: Now() + delay}
	if repeats {
		t.interval = max(delay, minInterval)
	}
	q.byID[t.id] = t
	heap.Push(q, t)
	return t.id
}

func (q *timerQueue) remove(id int) {
	if t, ok := q.byID[id]; ok {
		delete(q.byID, id)
		heap.Remove(q, t.index)
	}
}

// dueWithin says whether a timer is due by then.
func (q *timerQueue) dueWithin(d time.Duration) bool {
	return len(q.due) > 0 && q.due[0].due <= Now()+d
}

// wait sleeps until the next timer is due and returns its number; false when
// there is none, or when stopped closes first.
func (q *timerQueue) wait(stopped <-chan struct{}) (int, bool) {
	if len(q.due) == 0 {
		return 0, false
	}
	next := q.due[0]
	if delay := next.due - Now(); delay > 0 {
		alarm := time.NewTimer(delay)
		defer alarm.Stop()
		select {
		case <-stopped:
			return 0, false
		case <-alarm.C:
		}
	}
	if next.interval > 0 {
		next.due = Now() + next.interval
		heap.Fix(q, 0)
	} else {
		q.remove(next.id)
	}
	return next.id, true
}

// heap.Interface, by due time and then by age.
func (q *timerQueue) Len() int { return len(q.due) }
func (q *timerQueue) Less(i, j int) bool {
	a, b := q.due[i], q.due[j]
	return a.due < b.due || a.due == b.due && a.id < b.id
}
func (q *timerQueue) Swap(i, j int) {
	q.due[i], q.due[j] = q.due[j], q.due[i]
	q.due[i].index, q.due[j].index = i, j
}
func (q *timerQueue) Push(x any) {
	t := x.(*timer)
	t.index = len(q.due)
	q.due = append(q.due, t)
}
func (q *timerQueue) Pop() any {
	t := q.due[len(q.due)-1]
	q.due = q.due[:len(q.due)-1]
	return t
}
