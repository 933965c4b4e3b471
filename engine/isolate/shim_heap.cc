// The heap: its limit, its statistics, its collections.
#include "shim_room.h"

#include <ctime>

namespace shim {

constexpr size_t kHeadroom = 8 << 20;  // granted at each near-heap-limit event
// A full collection that leaves more than this part of the heap limit, and frees
// less than the other, is of no use. V8 would do several more before it calls
// its limit reached, each slower than the last.
constexpr double kNearlyFull = 0.85, kHardlyFreed = 0.04;
constexpr int kUselessGCs = 2;     // in a row end the run
constexpr int kHeadroomSteps = 3;  // then V8 may run out
constexpr size_t kMaxGCs = 512;    // between two readings

int64_t Now() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return int64_t(t.tv_sec) * 1000000000 + t.tv_nsec;
}

size_t OnNearHeapLimit(void* data, size_t current, size_t) {
  auto room = static_cast<sr_room*>(data);
  int times = ++room->near_limit;
  room->stopping = true;
  if (times == 1) {
    room->isolate->RequestInterrupt(OnStop, room);  // notes the line, then terminates
  } else {
    room->isolate->TerminateExecution();
  }
  return times <= kHeadroomSteps ? current + kHeadroom : current;
}

void ReadHeap(v8::Isolate* isolate, sr_sample* out) {
  v8::HeapStatistics heap;
  isolate->GetHeapStatistics(&heap);
  *out = {Now(), heap.used_heap_size(), heap.total_heap_size(), heap.external_memory(),
          heap.malloced_memory(), {}};
}

void OnSample(v8::Isolate* isolate, void* data) {
  auto room = static_cast<sr_room*>(data);
  sr_sample sample;
  ReadHeap(isolate, &sample);
  if (room->guest_script) {
    v8::HandleScope handles(isolate);
    sample.where = Caller(room);
  }
  room->sample_pending = false;
  std::lock_guard<std::mutex> lock(room->mutex);
  room->sample = sample;
  room->sample_fresh = true;
}

void BeforeGC(v8::Isolate* isolate, v8::GCType type, v8::GCCallbackFlags, void* data) {
  sr_sample heap;
  ReadHeap(isolate, &heap);
  static_cast<sr_room*>(data)->gc_open = {heap.at_ns, 0, type, 1, heap.used, 0};
}

void WatchFullGC(sr_room* room, const sr_gc& gc) {
  bool useless = gc.after > kNearlyFull * room->heap_limit &&
                 double(gc.before) - double(gc.after) < kHardlyFreed * room->heap_limit;
  room->useless_gcs = useless ? room->useless_gcs + 1 : 0;
  if (room->useless_gcs < kUselessGCs || room->stopping.exchange(true)) return;
  room->near_limit++;
  room->isolate->RequestInterrupt(OnStop, room);
}

void AfterGC(v8::Isolate* isolate, v8::GCType type, v8::GCCallbackFlags, void* data) {
  auto room = static_cast<sr_room*>(data);
  sr_sample heap;
  ReadHeap(isolate, &heap);
  sr_gc gc = room->gc_open;
  if (gc.type != type) return;
  gc.took_ns = heap.at_ns - gc.at_ns;
  gc.after = heap.used;
  if (type == v8::kGCTypeMarkSweepCompact) WatchFullGC(room, gc);
  std::lock_guard<std::mutex> lock(room->mutex);
  room->sample = heap;  // a GC is also the best moment to see the heap
  room->sample_fresh = true;
  if (room->gcs.size() < kMaxGCs) {
    room->gcs.push_back(gc);
    return;
  }
  sr_gc& last = room->gcs.back();
  last.count += 1;
  last.took_ns += gc.took_ns;
  last.after = gc.after;
}

void WatchHeap(sr_room* room) {
  room->gcs.reserve(kMaxGCs);
  // Added after v8go's own, this one takes its place: v8go would double the limit.
  room->isolate->AddNearHeapLimitCallback(OnNearHeapLimit, room);
  room->isolate->AddGCPrologueCallback(BeforeGC, room, v8::kGCTypeAll);
  room->isolate->AddGCEpilogueCallback(AfterGC, room, v8::kGCTypeAll);
}

}  // namespace shim

using namespace shim;

extern "C" {

int sr_near_heap_limit(sr_room* room) { return room->near_limit; }

void sr_request_sample(sr_room* room) {
  if (!room->sample_pending.exchange(true)) room->isolate->RequestInterrupt(OnSample, room);
}

int sr_take_sample(sr_room* room, sr_sample* out) {
  std::lock_guard<std::mutex> lock(room->mutex);
  if (!room->sample_fresh) return 0;
  room->sample_fresh = false;
  *out = room->sample;
  return 1;
}

int sr_take_gcs(sr_room* room, sr_gc* out, int capacity) {
  std::lock_guard<std::mutex> lock(room->mutex);
  int n = std::min<int>(capacity, room->gcs.size());
  std::copy_n(room->gcs.begin(), n, out);
  room->gcs.erase(room->gcs.begin(), room->gcs.begin() + n);
  return n;
}

void sr_heap(sr_room* room, sr_sample* out) {
  Entered in(room);
  ReadHeap(room->isolate, out);
}

int sr_spaces(sr_room* room, sr_space* out, int capacity) {
  Entered in(room);
  int n = std::min<int>(capacity, room->isolate->NumberOfHeapSpaces());
  for (int i = 0; i < n; i++) {
    v8::HeapSpaceStatistics space;
    room->isolate->GetHeapSpaceStatistics(&space, i);
    out[i] = {space.space_name(), space.space_used_size(), space.space_size()};
  }
  return n;
}

}  // extern "C"
