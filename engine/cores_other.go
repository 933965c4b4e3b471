//go:build !linux

package engine

func keepTogether([]int) {}

func letGo([]int) {}

func thisThread() int { return 0 }

func startSoon(int) {}

func (p *process) schedule(schedClass) {}
