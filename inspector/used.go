package inspector

import "sealedroom/engine"

// Used returns how much of a limit the run used so far, in the limit's unit; 0
// where that is not known.
func (s *State) Used(limit engine.Limit) int64 {
	switch limit {
	case engine.MemoryLimit:
		return s.PeakHeap
	case engine.WallLimit:
		return int64(s.Spent().Wall)
	case engine.CallsLimit:
		return int64(s.CallCount)
	case engine.OutputLimit:
		return int64(s.ConsoleBytes)
	}
	if s.Ended == nil {
		return 0
	}
	switch result := s.Ended.Result; {
	case limit == engine.CPULimit:
		return int64(s.Ended.Time.CPU)
	case limit == engine.ResultLimit && result != nil:
		return int64(max(result.Bytes, len(result.Preview)))
	}
	return 0
}
