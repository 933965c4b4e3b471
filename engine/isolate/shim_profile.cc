// Where time and memory went: V8's CPU profiler, asked for a stack every so often
// by its own thread, and by us whenever the guest has allocated so much. No code of
// the guest's runs for either, and nothing is put on V8's heap.
#include "shim_room.h"
#include "v8profile.h"

#include <unistd.h>

#include <cmath>
#include <ctime>
#include <deque>
#include <map>
#include <optional>
#include <tuple>
#include <unordered_map>

namespace shim {

constexpr size_t kMaxNodes = 3000, kMaxFunctions = 1000, kMaxTicks = 2000;  // of a part
constexpr size_t kMaxName = 80;                                              // bytes
constexpr size_t kMaxAllocations = 400;  // distinct lines, in a run
constexpr size_t kMaxUnplaced = 2000;    // samples that wait for their stack
constexpr size_t kMaxParts = 8;          // that wait to be taken
// Mean bytes between two samples: few at first, so that a small guest has a
// profile, then a constant share of all that was allocated.
constexpr double kMinStep = 32 << 10, kMaxStep = 1 << 20, kStepShare = 1.0 / 512;

// V8's clock is one microsecond ahead, so that it never shows 0.
constexpr int64_t kAhead = 1;

int64_t NowOfV8() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return int64_t(t.tv_sec) * 1000000 + t.tv_nsec / 1000 + kAhead;
}

struct FunctionKey {
  std::string name;
  int kind, line, column;
  auto operator<=>(const FunctionKey&) const = default;
};

// A list of functions, each once.
class Functions {
 public:
  explicit Functions(size_t max) : max_(max) {}

  int Index(const FunctionKey& key) {
    auto known = index_.find(key);
    if (known != index_.end()) return known->second;
    if (list_.size() >= max_) return Index(FunctionKey{"", key.kind, 0, 0}, true);
    return Index(key, true);
  }
  // Valid until the next Index.
  const std::vector<FunctionKey>& List() const { return list_; }

 private:
  int Index(const FunctionKey& key, bool) {
    auto [at, added] = index_.try_emplace(key, int(list_.size()));
    if (added) list_.push_back(key);
    return at->second;
  }
  size_t max_;
  std::map<FunctionKey, int> index_;
  std::vector<FunctionKey> list_;
};

// What a part owns; sr_part points into it.
struct OwnedPart {
  sr_part view{};
  std::string names;
  std::vector<sr_function> functions, allocators;
  std::vector<sr_call_node> nodes;
  std::vector<sr_tick> ticks;
  std::vector<sr_allocation> allocations;

  static void Show(const Functions& from, std::vector<sr_function>& to, std::string& names) {
    for (auto& f : from.List()) to.push_back({names.data() + names.size(), int(f.name.size()), f.kind, f.line, f.column}), names += f.name;
  }
};

// An allocation that was sampled. It stands for the bytes since the one before.
struct Allocation {
  Profile* profile;
  uint64_t bytes;
  int64_t from_us, to_us;  // when its stack was taken
  int place = -1;          // index into the profile's allocations; -1: not yet known
  bool alive = true;
  Address* handle = nullptr;
};

// A node of the tree that we make, or the nearest one above a frame that is not
// shown, with the line that it was called from.
struct Shown {
  int node, line;
};

class Profile {
 public:
  Profile(sr_room* room, int every_us) : room_(room), every_us_(every_us), watch_{this} {}

  bool Begin() {
    v8::CpuProfiler::UseDetailedSourcePositionsForProfiling(room_->isolate);
    for (int i = 0; i < 4; i++) {
      titles_[i].Set(room_->isolate, NewString(room_->isolate, std::string(1, char('a' + i))).As<v8::Value>());
    }
    profiler_ = v8::CpuProfiler::New(room_->isolate, v8::kDebugNaming, v8::kLazyLogging);
    profiler_->SetSamplingInterval(every_us_);
    if (!Start(0)) return false;
    Heap()->AddAllocationObserversToAllSpaces(Observer(), Observer());
    return true;
  }

  ~Profile() {
    for (auto& a : unplaced_) Forget(*a);
    for (auto& [a, owned] : placed_) Forget(*a);
  }

  // Makes a part in two steps, some time apart: the next one begins, and then this
  // one ends. V8's thread is behind, and by the second has seen all of the first.
  void Next() {
    if (overlapping_) {
      overlapping_ = false;
      Take(1 - turn_);
      return;
    }
    if (!Start(1 - turn_)) return;
    turn_ = 1 - turn_;
    overlapping_ = true;
    since_us_ = NowOfV8();
  }

  void End() {
    Heap()->RemoveAllocationObserversFromAllSpaces(Observer(), Observer());
    usleep(2 * every_us_);  // for V8's thread
    if (overlapping_) Take(1 - turn_);
    since_us_ = NowOfV8();
    Take(turn_);
    profiler_->Dispose();
    for (auto& title : titles_) title.Clear();
  }

  // Called by V8 in the midst of an allocation, when the heap must not change.
  void Sample(size_t bytes, Address object) {
    allocated_ += bytes;
    if (unplaced_.size() >= kMaxUnplaced) {
      unseen_ += bytes;
      return;
    }
    auto a = std::make_unique<Allocation>();
    a->profile = this;
    a->bytes = bytes;
    a->from_us = NowOfV8();
    v8::CpuProfiler::CollectSample(room_->isolate, std::nullopt);
    a->to_us = NowOfV8();
    constexpr Address kTag = 1;
    a->handle = v8::api_internal::GlobalizeReference(reinterpret_cast<v8::internal::Isolate*>(room_->isolate), object | kTag);
    v8::api_internal::MakeWeak(a->handle, a.get(), OnDeath, v8::WeakCallbackType::kParameter);
    unplaced_.push_back(std::move(a));
    if (unplaced_.size() == kMaxUnplaced / 2 || unplaced_.size() == kMaxUnplaced * 3 / 4) sr_profile_request(room_);
  }

  intptr_t NextStep() {
    double mean = std::clamp(allocated_ * kStepShare, kMinStep, kMaxStep);
    // Exponential, so that no rhythm of the guest's escapes it.
    random_ = random_ * 6364136223846793005u + 1442695040888963407u;
    double uniform = (double(random_ >> 11) + 1) / double(1ull << 53);
    return intptr_t(std::clamp(-std::log(uniform) * mean, 64.0, 8 * kMaxStep));
  }

  std::vector<std::unique_ptr<OwnedPart>> parts;  // guarded by the room's mutex

 private:
  // V8's internal AllocationObserver, whose methods it calls by their order. Its
  // destructors come first.
  struct Watch {
    explicit Watch(Profile* p) : profile(p) {}
    virtual void Destroy() {}
    virtual void DestroyAndFree() {}
    virtual void Step(int bytes, Address object, size_t) { profile->Sample(size_t(std::max(bytes, 0)), object); }
    virtual intptr_t GetNextStepSize() { return profile->NextStep(); }
    intptr_t step = intptr_t(kMinStep);
    Profile* profile;
  };

  v8::internal::AllocationObserver* Observer() { return reinterpret_cast<v8::internal::AllocationObserver*>(&watch_); }
  v8::internal::Heap* Heap() {
    return reinterpret_cast<v8::internal::HeapProfiler*>(room_->isolate->GetHeapProfiler())->heap();
  }

  static void Forget(Allocation& a) {
    if (a.handle) v8::api_internal::DisposeGlobal(a.handle);
    a.handle = nullptr;
  }

  static void OnDeath(const v8::WeakCallbackInfo<void>& info) {
    auto a = static_cast<Allocation*>(info.GetParameter());
    Forget(*a);
    a->alive = false;
    if (a->place < 0) return;  // Place frees it
    a->profile->allocations_[a->place].live_bytes -= a->bytes;
    a->profile->placed_.erase(a);
  }

  // Each part is two profiles of the same stacks: one has the lines that functions
  // were called from, the other the lines where they begin.
  v8::Local<v8::String> Title(int turn, int mode) { return titles_[2 * turn + mode].Get().As<v8::String>(); }

  bool Start(int turn) {
    for (auto mode : {v8::kLeafNodeLineNumbers, v8::kCallerLineNumbers}) {
      if (profiler_->StartProfiling(Title(turn, mode), mode, true, kMaxTicks + kMaxUnplaced) !=
          v8::CpuProfilingStatus::kStarted) {
        return false;
      }
    }
    return true;
  }

  void Take(int turn) {
    auto begins = profiler_->StopProfiling(Title(turn, v8::kLeafNodeLineNumbers));
    auto calls = profiler_->StopProfiling(Title(turn, v8::kCallerLineNumbers));
    auto part = std::make_unique<OwnedPart>();
    if (begins && calls) Build(begins, calls, *part);
    if (begins) begins->Delete();
    if (calls) calls->Delete();
    std::lock_guard<std::mutex> lock(room_->mutex);
    if (parts.size() < kMaxParts) parts.push_back(std::move(part));
  }

  // One sample of a CpuProfile, as V8 keeps it in a std::deque. The public API has
  // all of it but the line.
  struct V8Sample {
    const void* node;
    int64_t at_us;
    int line;
    uint16_t state;
    uint8_t embedder_state;
    std::optional<uint64_t> trace_id;
  };
  struct V8Profile {
    void* before[6];
    int64_t start, end;
    std::deque<V8Sample> samples;
  };

  // Samples reads V8's samples, if they are where we take them to be: each must be
  // the one that the public API returns.
  static const std::deque<V8Sample>* Samples(const v8::CpuProfile* profile) {
    auto seen = reinterpret_cast<const V8Profile*>(profile);
    if (seen->start != profile->GetStartTime() || seen->end != profile->GetEndTime()) return nullptr;
    int n = profile->GetSamplesCount();
    if (seen->samples.size() != size_t(n)) return nullptr;
    for (int i = 0; i < n; i++) {
      auto& s = seen->samples[i];
      if (s.node != profile->GetSample(i) || s.at_us != profile->GetSampleTimestamp(i)) return nullptr;
    }
    return &seen->samples;
  }

  struct Stack {
    int64_t at_us;
    const v8::CpuProfileNode *begin, *call;
    int line;
  };

  void Build(v8::CpuProfile* begins, v8::CpuProfile* calls, OwnedPart& part) {
    functions_.emplace(kMaxFunctions);
    nodes_.clear();
    nodes_.push_back({-1, 0, 0});
    children_.clear();
    shown_.clear();
    begin_lines_.clear();
    auto lines = Samples(calls);
    std::vector<Stack> stacks;
    int n = begins->GetSamplesCount(), m = calls->GetSamplesCount(), early = 0;
    for (int i = 0; i < n; i++) NoteLines(begins->GetSample(i));
    // The second of the pair began later, and V8's thread saw it to its end.
    while (early < n && m > 0 && begins->GetSampleTimestamp(early) != calls->GetSampleTimestamp(0)) early++;
    for (int j = 0; j < m; j++) {
      int i = early + j;
      int64_t at = calls->GetSampleTimestamp(j);
      bool paired = i < n && begins->GetSampleTimestamp(i) == at;
      stacks.push_back({at, paired ? begins->GetSample(i) : nullptr, calls->GetSample(j), lines ? (*lines)[j].line : 0});
    }
    std::stable_sort(stacks.begin(), stacks.end(), [](auto& a, auto& b) { return a.at_us < b.at_us; });

    functions_->Index({"(root)", SR_ENGINE, 0, 0});
    size_t next = 0;  // of unplaced_
    for (auto& s : stacks) {
      while (next < unplaced_.size() && unplaced_[next]->to_us < s.at_us) next++;
      Shown top = Leaf(s);
      bool of_allocation = next < unplaced_.size() && unplaced_[next]->from_us <= s.at_us;
      if (of_allocation) {
        unplaced_[next++]->place = PlaceOf(top);
      } else if (part.ticks.size() < kMaxTicks) {
        part.ticks.push_back({s.at_us - kAhead, top.node, top.line});
      }
    }
    KeepPlaced();
    Fill(part);
  }

  Shown Leaf(const Stack& s) {
    Shown top = Show(s.begin, s.call);
    if (IsShown(s.call) && s.line > 0 && nodes_[top.node].function >= 0) top.line = s.line;
    return top;
  }

  int KindOf(const v8::CpuProfileNode* n) {
    if (n->GetSourceType() == v8::CpuProfileNode::kInternal || n->GetSourceType() == v8::CpuProfileNode::kUnresolved) {
      return SR_ENGINE;
    }
    if (n->GetScriptId() == 0) return SR_BUILTIN;
    return n->GetScriptId() == room_->guest_script ? SR_GUEST : SR_EVALUATED;
  }

  // The room's own scripts are older than the guest's.
  bool IsShown(const v8::CpuProfileNode* n) { return n->GetScriptId() == 0 || n->GetScriptId() >= room_->guest_script; }

  // NoteLines notes where a node's functions begin, for stacks that only the other
  // profile has.
  void NoteLines(const v8::CpuProfileNode* n) {
    for (; n && begin_lines_.try_emplace({n->GetFunctionNameStr(), n->GetColumnNumber()}, n->GetLineNumber()).second;) n = n->GetParent();
  }

  int BeginLine(const v8::CpuProfileNode* begin, const v8::CpuProfileNode* call) {
    if (begin) return begin->GetLineNumber();
    auto known = begin_lines_.find({call->GetFunctionNameStr(), call->GetColumnNumber()});
    return known == begin_lines_.end() ? 0 : known->second;
  }

  // Show returns where a frame goes in the tree that we make. begin may be null.
  Shown Show(const v8::CpuProfileNode* begin, const v8::CpuProfileNode* call) {
    auto above = call->GetParent();
    if (!above) return {0, 0};
    auto known = shown_.find({begin, call});
    if (known != shown_.end()) return known->second;
    Shown parent = Show(begin ? begin->GetParent() : nullptr, above);
    // Where V8 does not know that line it gives the one where the function begins.
    bool has_line = above->GetParent() && above->GetScriptId() != 0 && IsShown(above);
    int line = has_line ? call->GetLineNumber() : parent.line;
    Shown out{parent.node, line};
    if (IsShown(call)) out = {Child(parent.node, call, BeginLine(begin, call), line), 0};
    return shown_[{begin, call}] = out;
  }

  int Child(int parent, const v8::CpuProfileNode* n, int begin_line, int line) {
    const char* name = n->GetFunctionNameStr();
    int kind = KindOf(n);
    bool has_place = kind == SR_GUEST || kind == SR_EVALUATED;
    int function = functions_->Index({std::string(name, strnlen(name, kMaxName)), kind, has_place ? std::max(begin_line, 0) : 0,
                                      has_place ? std::max(n->GetColumnNumber(), 0) : 0});
    auto key = std::make_tuple(parent, function, line);
    auto known = children_.find(key);
    if (known != children_.end()) return known->second;
    if (nodes_.size() >= kMaxNodes) return parent;
    nodes_.push_back({parent, function, line});
    return children_[key] = int(nodes_.size()) - 1;
  }

  // PlaceOf returns the index of the newest line of the guest's: what V8 or
  // evaluated code allocates counts for the line that had it do so.
  int PlaceOf(Shown top) {
    int node = top.node, line = top.line;
    while (node > 0 && functions_->List()[nodes_[node].function].kind != SR_GUEST) {
      line = nodes_[node].line;
      node = nodes_[node].parent;
    }
    FunctionKey key = node > 0 ? functions_->List()[nodes_[node].function] : FunctionKey{"", SR_ENGINE, 0, 0};
    return Place(allocators_.Index(key), node > 0 ? line : 0);
  }

  int Place(int function, int line) {
    auto known = places_.find({function, line});
    if (known != places_.end()) return known->second;
    if (allocations_.size() >= kMaxAllocations) {
      function = allocators_.Index({"", SR_ENGINE, 0, 0}), line = 0;
      known = places_.find({function, line});
      if (known != places_.end()) return known->second;
    }
    allocations_.push_back({function, line, 0, 0});
    return places_[{function, line}] = int(allocations_.size()) - 1;
  }

  // KeepPlaced counts the samples that have a place. One that the next part has too
  // waits for it; an older one without a place has none.
  void KeepPlaced() {
    int nowhere = Place(allocators_.Index({"", SR_ENGINE, 0, 0}), 0);
    allocations_[nowhere].bytes += unseen_;
    unseen_ = 0;
    std::vector<std::unique_ptr<Allocation>> later;
    for (auto& a : unplaced_) {
      if (a->place < 0 && a->from_us >= since_us_) {
        later.push_back(std::move(a));
        continue;
      }
      if (a->place < 0) a->place = nowhere;
      allocations_[a->place].bytes += a->bytes;
      if (!a->alive) continue;
      allocations_[a->place].live_bytes += a->bytes;
      auto raw = a.get();
      placed_.emplace(raw, std::move(a));
    }
    unplaced_ = std::move(later);
  }

  void Fill(OwnedPart& part) {
    size_t names = 0;
    for (auto list : {&functions_->List(), &allocators_.List()}) {
      for (auto& f : *list) names += f.name.size();
    }
    part.names.reserve(names);  // pointers into it stay good
    OwnedPart::Show(*functions_, part.functions, part.names);
    OwnedPart::Show(allocators_, part.allocators, part.names);
    part.nodes = nodes_;
    part.allocations = allocations_;
    part.view = {part.functions.data(), part.nodes.data(), part.ticks.data(), part.allocators.data(), part.allocations.data(),
                 int(part.functions.size()), int(part.nodes.size()), int(part.ticks.size()), int(part.allocators.size()),
                 int(part.allocations.size())};
  }

  struct PairHash {
    size_t operator()(const std::pair<const void*, const void*>& p) const {
      return std::hash<const void*>()(p.first) * 31 + std::hash<const void*>()(p.second);
    }
  };

  sr_room* room_;
  int every_us_;
  Watch watch_;
  Kept titles_[4];
  v8::CpuProfiler* profiler_ = nullptr;
  int turn_ = 0;             // which pair of titles samples now
  bool overlapping_ = false;  // the other one does too
  int64_t since_us_ = 0;      // when the newer of them began

  // Of the part that is being built.
  std::optional<Functions> functions_;
  std::vector<sr_call_node> nodes_;
  std::map<std::tuple<int, int, int>, int> children_;
  std::unordered_map<std::pair<const void*, const void*>, Shown, PairHash> shown_;
  std::map<std::pair<const void*, int>, int> begin_lines_;  // by name and column

  // Of the whole run.
  double allocated_ = 0;
  uint64_t unseen_ = 0, random_ = 88172645463325252u;
  Functions allocators_{kMaxAllocations};
  std::vector<sr_allocation> allocations_;
  std::map<std::pair<int, int>, int> places_;
  std::vector<std::unique_ptr<Allocation>> unplaced_;
  std::unordered_map<Allocation*, std::unique_ptr<Allocation>> placed_;
};

void OnPart(v8::Isolate*, void* data) {
  auto room = static_cast<sr_room*>(data);
  if (room->part_pending.exchange(false) && room->profile) room->profile->Next();
}

}  // namespace shim

using namespace shim;

extern "C" {

int sr_profile_begin(sr_room* room, int every_us) {
  Entered in(room);
  delete room->profile;
  room->profile = new Profile(room, every_us);
  return room->profile->Begin();
}

void sr_profile_request(sr_room* room) {
  if (!room->part_pending.exchange(true)) room->isolate->RequestInterrupt(OnPart, room);
}

void sr_profile_end(sr_room* room) {
  if (!room->profile) return;
  room->part_pending = false;
  Entered in(room);
  room->profile->End();
}

const sr_part* sr_profile_take(sr_room* room) {
  std::lock_guard<std::mutex> lock(room->mutex);
  if (!room->profile || room->profile->parts.empty()) return nullptr;
  auto part = std::move(room->profile->parts.front());
  room->profile->parts.erase(room->profile->parts.begin());
  return &part.release()->view;
}

void sr_profile_free(const sr_part* view) {
  delete reinterpret_cast<OwnedPart*>(const_cast<sr_part*>(view));  // its first member
}

}  // extern "C"
