package host

// Nothing of this is implemented here: workers are scheduled like everything else.

func thisCore() (int, bool) { return 0, false }

func keepOn([]int, int) {}

func freeCores([]int) {}

func thisThread() int { return 0 }

func startSoon(int) {}

func (p *Process) schedule(class schedClass) { p.class = class }
