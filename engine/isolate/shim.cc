#ifdef REAL_V8_HEADERS
#include <libplatform/libplatform.h>
#include <v8.h>
#else
#include "v8api.h"
#endif

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <mutex>
#include <new>
#include <string>
#include <vector>

#include "headers_check.h"
#include "shim.h"

// Not in V8's public headers.
namespace v8::debug {
enum class EvaluateGlobalMode { kDefault, kDisableBreaks, kDisableBreaksAndThrowOnSideEffect };
// Evaluates in REPL mode: top-level await, and the completion value in a promise.
MaybeLocal<Value> EvaluateGlobal(Isolate*, Local<String> source, EvaluateGlobalMode, bool repl);
// Compiles a script whose frames no stack shows.
MaybeLocal<UnboundScript> CompileInspectorScript(Isolate*, Local<String> source);
}  // namespace v8::debug
namespace v8::internal {
struct V8 {
  static Platform* GetCurrentPlatform();
};
}  // namespace v8::internal
namespace v8::base {
void SetFatalFunction(void (*)(const char* file, int line, const char* message));
}

extern "C" {
// Implemented in Go.
void goBlocked(uintptr_t id, int how, char* name, int length, sr_position at, int count);
int goCounts(uintptr_t id, int how, char* name, int length);
void goFatal(uintptr_t id, int out_of_memory, char* message);
}

using v8::internal::Address;

namespace {

constexpr size_t kHeadroom = 8 << 20;      // granted at each near-heap-limit event
// A full collection that leaves more than this part of the heap limit, and frees
// less than the other, is of no use. V8 would do several more before it calls
// its limit reached, each slower than the last.
constexpr double kNearlyFull = 0.85, kHardlyFreed = 0.04;
constexpr int kUselessGCs = 2;             // in a row end the run
constexpr int kHeadroomSteps = 3;          // then V8 may run out
constexpr size_t kMaxRejections = 1024;    // kept; more only count
constexpr size_t kMaxGCs = 512;            // between two readings
constexpr int kStackFrames = 12;
constexpr size_t kDoorName = 120;          // UTF-16 units that are told

int64_t Now() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return int64_t(t.tv_sec) * 1000000000 + t.tv_nsec;
}

template <class T>
v8::Local<T> FromSlot(Address* slot) {
  v8::Local<T> out;
  static_assert(sizeof out == sizeof slot);
  memcpy(static_cast<void*>(&out), &slot, sizeof slot);
  return out;
}

template <class T>
Address* SlotOf(v8::Local<T> local) {
  Address* slot;
  memcpy(&slot, static_cast<void*>(&local), sizeof slot);
  return slot;
}

// v8go's m_value: {long id; Isolate*; m_ctx*; Global<Value>}, and its
// m_template: {Isolate*; Persistent<Template>}.
Address* SlotOfV8goValue(void* value) { return static_cast<Address**>(value)[3]; }
Address* SlotOfV8goTemplate(void* value) { return static_cast<Address**>(value)[1]; }

// A strong handle of our own.
class Kept {
 public:
  ~Kept() { Clear(); }
  void Set(v8::Isolate* isolate, v8::Local<v8::Value> value) {
    Clear();
    slot_ = v8::api_internal::GlobalizeReference(
        reinterpret_cast<v8::internal::Isolate*>(isolate), *SlotOf(value));
  }
  void Clear() {
    if (slot_) v8::api_internal::DisposeGlobal(slot_);
    slot_ = nullptr;
  }
  v8::Local<v8::Value> Get() const { return FromSlot<v8::Value>(slot_); }
  bool Empty() const { return slot_ == nullptr; }
  bool Is(v8::Local<v8::Promise> promise) const { return slot_ && *slot_ == *SlotOf(promise); }

 private:
  Address* slot_ = nullptr;
};

// A missing name that V8 queried, and that may have been looked for or stored to.
struct Query {
  Kept name;
  int how;
  sr_position at;
  int count;
};

struct Rejection {
  Address* promise;
  Address* reason;
};

}  // namespace

struct sr_room {
  v8::Isolate* isolate;
  Address* global;
  uintptr_t id;
  double heap_limit;
  int useless_gcs = 0;
  int own_script = 0;  // the prelude's
  bool dynamic_names = false;  // the guest's text may have `with` or eval

  Kept value, thrown;
  Kept global_object;  // what V8 looks names up on; the guest has its proxy only
  Query query;
  sr_position thrown_at{};
  std::string thrown_stack;

  std::vector<Rejection> rejections;
  size_t uncounted_rejections = 0;
  Kept uncounted_reason;  // of the newest of them

  std::atomic<bool> stopping{false};
  std::atomic<bool> sample_pending{false};
  std::atomic<int> near_limit{0};
  sr_position stopped_at{};

  std::mutex mutex;  // guards what follows, against readers on other threads
  bool sample_fresh = false;
  sr_sample sample{};
  std::vector<sr_gc> gcs;
  sr_gc gc_open{};

  v8::Local<v8::Context> Context() const {
    v8::Local<v8::Context> context;
    (void)FromSlot<v8::Object>(global)->GetCreationContext().ToLocal(&context);
    return context;
  }
};

namespace {

thread_local sr_room* current_room = nullptr;  // callbacks without a data pointer find the room here

void OnSample(v8::Isolate* isolate, void* data);

// Everything that touching the isolate needs, for one C call.
class Entered {
 public:
  explicit Entered(sr_room* room)
      : room_(room), locker_(room->isolate), enter_(room->isolate), handles_(room->isolate),
        context(room->Context()), outer_(current_room) {
    context->Enter();
    current_room = room;
    // The locker has dropped what V8 was asked to interrupt for in between.
    if (room->sample_pending) OnSample(room->isolate, room);
  }
  ~Entered() {
    current_room = outer_;
    context->Exit();
  }

 private:
  struct Enter {
    explicit Enter(v8::Isolate* i) : isolate(i) { isolate->Enter(); }
    ~Enter() { isolate->Exit(); }
    v8::Isolate* isolate;
  };
  sr_room* room_;
  v8::Locker locker_;
  Enter enter_;
  v8::HandleScope handles_;

 public:
  v8::Local<v8::Context> context;

 private:
  sr_room* outer_;
};

// ---- text -----------------------------------------------------------------

// The start of a string is read straight from its nodes: any V8 call would
// first flatten a rope, which costs the guest's heap as much as its length.
// The layout is V8's for pointer compression (checked in headers_check.h where
// the public headers tell, and by TestHeadReadsEveryKindOfString).
class StringNode {
 public:
  explicit StringNode(Address tagged) : at_(tagged - 1), base_(tagged & ~Address{0xffffffff}) {}
  int Kind() const { return Read<uint16_t>(Pointer(0), 8) & 0xf; }
  uint32_t Length() const { return Read<uint32_t>(at_, 8); }
  StringNode First() const { return StringNode(Pointer(12) + 1); }
  StringNode Second() const { return StringNode(Pointer(16) + 1); }
  uint32_t SliceOffset() const { return uint32_t(Read<int32_t>(at_, 16)) >> 1; }
  const char* Characters() const { return reinterpret_cast<const char*>(at_ + 12); }

  static constexpr int kOneByte = 8, kSeq = 0, kCons = 1, kSliced = 3, kThin = 5;

 private:
  template <class T>
  static T Read(Address from, int offset) {
    T out;
    memcpy(&out, reinterpret_cast<const void*>(from + offset), sizeof out);
    return out;
  }
  Address Pointer(int offset) const { return base_ + Read<uint32_t>(at_, offset) - 1; }
  Address at_, base_;
};

std::u16string Head(v8::Local<v8::String> string, size_t max) {
  std::u16string out;
  std::vector<StringNode> rest;  // right sides still to read; only the newest `max` can matter
  StringNode node(*SlotOf(string));
  size_t take = std::min<size_t>(max, node.Length());
  while (out.size() < take) {
    int kind = node.Kind(), shape = kind & 7;
    if (shape == StringNode::kCons) {
      if (rest.size() >= 2 * take) rest.erase(rest.begin(), rest.begin() + take);
      rest.push_back(node.Second());
      node = node.First();
      continue;
    }
    if (shape == StringNode::kThin) {
      node = node.First();
      continue;
    }
    size_t length = node.Length(), from = 0;
    if (shape == StringNode::kSliced) {
      from = node.SliceOffset();
      node = node.First();
      kind = node.Kind(), shape = kind & 7;
      if (shape == StringNode::kThin) node = node.First(), kind = node.Kind(), shape = kind & 7;
    }
    if (shape != StringNode::kSeq) break;  // external strings do not occur here
    size_t n = std::min(length, take - out.size());
    for (size_t i = 0; i < n; i++) {
      if (kind & StringNode::kOneByte) {
        out.push_back(uint8_t(node.Characters()[from + i]));
      } else {
        char16_t unit;
        memcpy(&unit, node.Characters() + 2 * (from + i), 2);
        out.push_back(unit);
      }
    }
    if (rest.empty()) break;
    node = rest.back();
    rest.pop_back();
  }
  return out;
}

std::string ToUtf8(const std::u16string& text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); i++) {
    uint32_t c = text[i];
    if (c >= 0xd800 && c < 0xdc00 && i + 1 < text.size() && (text[i + 1] & 0xfc00) == 0xdc00) {
      c = 0x10000 + ((c - 0xd800) << 10) + (text[++i] - 0xdc00);
    } else if (c >= 0xd800 && c < 0xe000) {
      c = 0xfffd;
    }
    if (c < 0x80) {
      out += char(c);
    } else if (c < 0x800) {
      out += {char(0xc0 | c >> 6), char(0x80 | (c & 63))};
    } else if (c < 0x10000) {
      out += {char(0xe0 | c >> 12), char(0x80 | (c >> 6 & 63)), char(0x80 | (c & 63))};
    } else {
      out += {char(0xf0 | c >> 18), char(0x80 | (c >> 12 & 63)), char(0x80 | (c >> 6 & 63)),
              char(0x80 | (c & 63))};
    }
  }
  return out;
}

// At most n units of a string from one on; cheap where it is flat, as sources are.
std::u16string Part(v8::Local<v8::String> string, size_t from, size_t n) {
  StringNode node(*SlotOf(string));
  if ((node.Kind() & 7) == StringNode::kThin) node = node.First();
  if (from >= node.Length()) return {};
  n = std::min<size_t>(n, node.Length() - from);
  if ((node.Kind() & 7) != StringNode::kSeq) return Head(string, from + n).substr(from);
  std::u16string out(n, 0);
  bool one_byte = node.Kind() & StringNode::kOneByte;
  for (size_t i = 0; i < n; i++) {
    const char* at = node.Characters() + (one_byte ? 1 : 2) * (from + i);
    if (one_byte) out[i] = uint8_t(*at);
    else memcpy(&out[i], at, 2);
  }
  return out;
}

sr_text CopyOut(const std::string& text) {
  sr_text out{static_cast<char*>(malloc(text.size() + 1)), int(text.size())};
  memcpy(out.data, text.data(), text.size());
  return out;
}

// ---- where ------------------------------------------------------------------

sr_position PositionOf(v8::Local<v8::StackFrame> frame) {
  v8::Location at = frame->GetLocation();
  return {at.GetLineNumber() + 1, at.GetColumnNumber() + 1};
}

// The newest frame of the guest's own text: lines of what it had evaluated
// mean nothing there.
sr_position GuestPosition(sr_room* room, v8::Local<v8::StackTrace> trace) {
  for (int i = 0; i < trace->GetFrameCount(); i++) {
    auto frame = trace->GetFrame(room->isolate, i);
    if (!frame->IsEval()) return PositionOf(frame);
  }
  return {};
}

sr_position Caller(sr_room* room) {
  return GuestPosition(room, v8::StackTrace::CurrentStackTrace(room->isolate, kStackFrames,
                                                               v8::StackTrace::kOverview));
}

// A name in a stack stays on its line, so that no guest can add frames to it.
std::string Name(v8::Local<v8::String> name) {
  if (name.IsEmpty()) return "";
  std::u16string text = Head(name, 200);
  std::replace_if(text.begin(), text.end(), [](char16_t c) { return c < ' '; }, u' ');
  return ToUtf8(text);
}

std::string StackText(sr_room* room, v8::Local<v8::StackTrace> trace) {
  std::string out;
  if (trace.IsEmpty()) return out;
  for (int i = 0; i < trace->GetFrameCount() && i < kStackFrames; i++) {
    auto frame = trace->GetFrame(room->isolate, i);
    auto at = PositionOf(frame);
    std::string where = "<eval>";
    if (!frame->IsEval()) {
      // The name that we gave comes first; only REPL scripts have none but a
      // sourceURL, and ours is the last there.
      where = Name(frame->GetScriptName());
      if (where.empty()) where = Name(frame->GetScriptNameOrSourceURL());
    }
    where += ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
    std::string function = Name(frame->GetFunctionName());
    if (!out.empty()) out += "\n";
    out += "    at " + (function.empty() ? where : function + " (" + where + ")");
  }
  return out;
}

void KeepThrown(sr_room* room, v8::Local<v8::Context> context, v8::Local<v8::Value> thrown,
                v8::Local<v8::Message> message) {
  room->thrown.Set(room->isolate, thrown);
  room->thrown_at = {};
  room->thrown_stack.clear();
  auto trace = v8::Exception::GetStackTrace(thrown);
  bool elsewhere = false;  // thrown by the prelude for a guest, or by what it had evaluated
  if (!message.IsEmpty()) {
    room->thrown_at = {message->GetLineNumber(context).FromMaybe(0),
                       message->GetStartColumn() + 1};
    elsewhere = message->GetScriptOrigin().ScriptId() == room->own_script;
    if (trace.IsEmpty()) trace = message->GetStackTrace();
  }
  if (!trace.IsEmpty() && trace->GetFrameCount() > 0) {
    if (elsewhere || trace->GetFrame(room->isolate, 0)->IsEval()) room->thrown_at = GuestPosition(room, trace);
  }
  room->thrown_stack = StackText(room, trace);
}

// Tells of the last query, unless the global has the name by now: then it was
// stored to, which is no attempt.
void TellQuery(sr_room* room) {
  Query& query = room->query;
  if (query.name.Empty()) return;
  auto name = query.name.Get().As<v8::String>();
  std::string text = ToUtf8(Head(name, kDoorName));
  bool stored = FromSlot<v8::Object>(room->global)->HasRealNamedProperty(room->Context(), name)
                    .FromMaybe(false);
  query.name.Clear();
  if (!stored) goBlocked(room->id, query.how, text.data(), int(text.size()), query.at, query.count);
}

// Ends a step: did it give a value, throw, or was it stopped?
int Ended(sr_room* room, v8::Local<v8::Context> context, v8::TryCatch& attempt) {
  TellQuery(room);
  if (room->stopping || attempt.HasTerminated()) return SR_TERMINATED;
  if (!attempt.HasCaught()) return SR_VALUE;
  KeepThrown(room, context, attempt.Exception(), attempt.Message());
  return SR_THREW;
}

// ---- V8's callbacks -----------------------------------------------------------

void OnStop(v8::Isolate* isolate, void* data) {
  auto room = static_cast<sr_room*>(data);
  {
    v8::HandleScope handles(isolate);
    room->stopped_at = Caller(room);
  }
  isolate->TerminateExecution();
}

// The first look at a guest's stack takes a quarter of a millisecond, and a
// second, soon after, a hundredth of that.
void OnPrepareStop(v8::Isolate* isolate, void* data) {
  auto room = static_cast<sr_room*>(data);
  v8::HandleScope handles(isolate);
  room->stopped_at = Caller(room);
}

size_t OnNearHeapLimit(void* data, size_t current, size_t) {
  auto room = static_cast<sr_room*>(data);
  int times = ++room->near_limit;
  room->stopping = true;
  if (times == 1) {
    room->isolate->RequestInterrupt(OnStop, room);  // tells the line, then terminates
  } else {
    room->isolate->TerminateExecution();
  }
  return times <= kHeadroomSteps ? current + kHeadroom : current;
}

void ReadHeap(v8::Isolate* isolate, sr_sample* out) {
  v8::HeapStatistics heap;
  isolate->GetHeapStatistics(&heap);
  *out = {Now(), heap.used_heap_size(), heap.total_heap_size(), heap.external_memory(),
          heap.malloced_memory()};
}

void OnSample(v8::Isolate* isolate, void* data) {
  auto room = static_cast<sr_room*>(data);
  sr_sample sample;
  ReadHeap(isolate, &sample);
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

void OnReject(v8::PromiseRejectMessage message) {
  sr_room* room = current_room;
  if (!room) return;
  auto& list = room->rejections;
  auto promise = message.GetPromise();
  auto keep = [&](v8::Local<v8::Value> v) {
    return v8::api_internal::GlobalizeReference(
        reinterpret_cast<v8::internal::Isolate*>(room->isolate), *SlotOf(v));
  };
  switch (message.GetEvent()) {
    case v8::kPromiseRejectWithNoHandler:
      if (list.size() < kMaxRejections) {
        list.push_back({keep(promise), keep(message.GetValue())});
      } else {
        room->uncounted_rejections++;
        room->uncounted_reason.Set(room->isolate, message.GetValue());
      }
      break;
    case v8::kPromiseHandlerAddedAfterReject:
      for (size_t i = list.size(); i-- > 0;) {
        if (*list[i].promise != *SlotOf(promise)) continue;
        v8::api_internal::DisposeGlobal(list[i].promise);
        v8::api_internal::DisposeGlobal(list[i].reason);
        list.erase(list.begin() + i);
        return;
      }
      if (room->uncounted_rejections > 0) room->uncounted_rejections--;
      break;
    default:
      break;
  }
}

bool Counts(sr_room* room, int how, v8::Local<v8::String> name) {
  std::string text = ToUtf8(Head(name, kDoorName));
  return goCounts(room->id, how, text.data(), int(text.size())) != 0;
}

void Blocked(sr_room* room, int how, v8::Local<v8::String> name) {
  TellQuery(room);
  std::string text = ToUtf8(Head(name, kDoorName));
  goBlocked(room->id, how, text.data(), int(text.size()), Caller(room), 1);
}

// The object behind the global has a handler that V8 asks only once it has
// found a name nowhere. It never intercepts: V8 goes on as if nobody had been
// query. A name that stands by itself is looked up on the global object; one
// that is read as a property is on its proxy, or on what inherits from it.
template <class T>
int HowRead(sr_room* room, const v8::PropertyCallbackInfo<T>& info) {
  return *SlotOf(info.This()) == *SlotOf(room->global_object.Get()) ? SR_NAME : SR_PROPERTY;
}

v8::Intercepted OnMissingRead(v8::Local<v8::Name> name, const v8::PropertyCallbackInfo<v8::Value>& info) {
  sr_room* room = current_room;
  if (!room || room->global_object.Empty()) return v8::Intercepted::kNo;
  int how = HowRead(room, info);
  if (Counts(room, how, name.As<v8::String>())) Blocked(room, how, name.As<v8::String>());
  return v8::Intercepted::kNo;
}

bool IsWord(char16_t c) {
  return c == u'_' || c == u'$' || c > 127 || (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'z') ||
         (c >= u'A' && c <= u'Z');
}

// What V8 queries a name for. V8 does not say: a look ('process' in globalThis,
// Reflect.has, a name inside of `with` or in a function that calls eval) and a
// store begin alike. The source at the place of the query tells most of them
// apart: V8's place of a store is its operator, or the target of a pattern.
enum class Use { kLook, kUnknown, kStore };

Use UseOf(sr_room* room, int how, v8::Local<v8::String> name) {
  if (how == SR_NAME && !room->dynamic_names) return Use::kStore;
  auto trace = v8::StackTrace::CurrentStackTrace(room->isolate, 1, v8::StackTrace::kOverview);
  if (trace->GetFrameCount() == 0) return Use::kUnknown;
  auto frame = trace->GetFrame(room->isolate, 0);
  auto source = frame->GetScriptSource();
  int at = frame->GetSourcePosition();
  if (source.IsEmpty() || at < 0) return Use::kUnknown;
  std::u16string text = Part(source, at, kDoorName + 20);
  size_t end = 0;
  while (end < text.size() && IsWord(text[end])) end++;
  std::u16string word = text.substr(0, end);
  while (end < text.size() && text[end] <= u' ') end++;
  bool calls = end < text.size() && text[end] == u'(';
  if (word == u"in") return Use::kLook;
  if (word == u"typeof" || word == Head(name, kDoorName)) return room->dynamic_names ? Use::kUnknown : Use::kStore;
  return calls && !word.empty() && word != u"set" && word != u"assign" ? Use::kUnknown : Use::kStore;
}

v8::Intercepted OnMissingQuery(v8::Local<v8::Name> name,
                               const v8::PropertyCallbackInfo<v8::Integer>& info) {
  sr_room* room = current_room;
  if (!room || room->global_object.Empty()) return v8::Intercepted::kNo;
  int how = HowRead(room, info);
  auto string = name.As<v8::String>();
  if (!Counts(room, how, string)) return v8::Intercepted::kNo;
  Use use = UseOf(room, how, string);
  if (use == Use::kLook) Blocked(room, how, string);
  if (use == Use::kStore) TellQuery(room);  // the name may be there soon
  if (use != Use::kUnknown) return v8::Intercepted::kNo;
  sr_position at = Caller(room);
  Query& query = room->query;
  bool again = !query.name.Empty() && *SlotOf(query.name.Get()) == *SlotOf(name) &&
               query.at.line == at.line && query.at.column == at.column;
  if (!again) {
    TellQuery(room);
    query.name.Set(room->isolate, name);
    query.how = how;
    query.at = at;
    query.count = 0;
  }
  query.count++;
  return v8::Intercepted::kNo;
}

v8::ModifyCodeGenerationFromStringsResult OnCodegen(v8::Local<v8::Context>,
                                                    v8::Local<v8::Value> source, bool) {
  // eval(5) is 5: nothing to generate code from. (IsString is inline in V8's headers.)
  if (!source->IsName() || source->IsSymbol()) return {true, {}};
  if (current_room) Blocked(current_room, SR_CODEGEN, source.As<v8::String>());
  return {};
}

v8::Local<v8::String> NewString(v8::Isolate* isolate, const std::string& text) {
  v8::Local<v8::String> out;
  (void)v8::String::NewFromUtf8(isolate, text.data(), v8::NewStringType::kNormal, int(text.size()))
      .ToLocal(&out);
  return out;
}

// import() gives a promise that is rejected: the room has no module loader.
v8::MaybeLocal<v8::Promise> OnImport(v8::Local<v8::Context> context, v8::Local<v8::Data>,
                                     v8::Local<v8::Value>, v8::Local<v8::String> specifier,
                                     v8::Local<v8::FixedArray>) {
  sr_room* room = current_room;
  v8::Local<v8::Promise::Resolver> resolver;
  if (!room || !v8::Promise::Resolver::New(context).ToLocal(&resolver)) return {};
  Blocked(room, SR_IMPORT, specifier);
  std::string name = ToUtf8(Head(specifier, kDoorName));
  auto error = v8::Exception::TypeError(
      NewString(room->isolate, "cannot import '" + name + "': the room has no module loader"), {});
  (void)resolver->Reject(context, error);
  return resolver->GetPromise();
}

void OnOutOfMemory(const char* location, const v8::OOMDetails&) {
  goFatal(current_room ? current_room->id : 0, 1, const_cast<char*>(location));
  _exit(1);
}

// What V8 allocates beside its heap (compilers, BigInts, parsers) comes here.
void OnAllocationFailed() {
  goFatal(current_room ? current_room->id : 0, 1, const_cast<char*>("allocation failed"));
  _exit(1);
}

void OnFatal(const char*, int, const char* message) {
  goFatal(current_room ? current_room->id : 0, 0, const_cast<char*>(message));
  _exit(1);
}

}  // namespace

extern "C" {

void sr_watch_names(void* isolate, void* behind_global) {
  auto i = static_cast<v8::Isolate*>(isolate);
  v8::Locker locker(i);
  v8::HandleScope handles(i);
  auto flags = int(v8::PropertyHandlerFlags::kNonMasking) | int(v8::PropertyHandlerFlags::kOnlyInterceptStrings);
  FromSlot<v8::ObjectTemplate>(SlotOfV8goTemplate(behind_global))
      ->SetHandler(v8::NamedPropertyHandlerConfiguration(
          OnMissingRead, nullptr, OnMissingQuery, nullptr, nullptr, {}, v8::PropertyHandlerFlags(flags)));
}

sr_room* sr_open(void* isolate, void* global, uintptr_t id, uint64_t heap_limit) {
  auto room = new sr_room;
  room->isolate = static_cast<v8::Isolate*>(isolate);
  room->global = SlotOfV8goValue(global);
  room->id = id;
  room->heap_limit = double(heap_limit);
  room->gcs.reserve(kMaxGCs);
  v8::Isolate* i = room->isolate;
  {
    Entered in(room);
    room->global_object.Set(i, FromSlot<v8::Object>(room->global)->GetPrototype());
  }
  // Added after v8go's own, this one takes its place: v8go would double the limit.
  i->AddNearHeapLimitCallback(OnNearHeapLimit, room);
  i->AddGCPrologueCallback(BeforeGC, room, v8::kGCTypeAll);
  i->AddGCEpilogueCallback(AfterGC, room, v8::kGCTypeAll);
  i->SetPromiseRejectCallback(OnReject);
  i->SetMicrotasksPolicy(v8::MicrotasksPolicy::kExplicit);
  i->SetModifyCodeGenerationFromStringsCallback(OnCodegen);
  i->SetHostImportModuleDynamicallyCallback(OnImport);
  i->SetOOMErrorHandler(OnOutOfMemory);
  v8::base::SetFatalFunction(OnFatal);
  std::set_new_handler(OnAllocationFailed);
  return room;
}

int sr_run_own(sr_room* room, const char* source, int length, void* holder, const char* name) {
  Entered in(room);
  v8::Local<v8::String> text;
  v8::Local<v8::UnboundScript> script;
  v8::Local<v8::Value> value;
  if (!v8::String::NewFromUtf8(room->isolate, source, v8::NewStringType::kNormal, length).ToLocal(&text) ||
      !v8::debug::CompileInspectorScript(room->isolate, text).ToLocal(&script) ||
      !script->BindToCurrentContext()->Run(in.context).ToLocal(&value)) {
    return SR_THREW;
  }
  room->own_script = script->GetId();
  bool set = FromSlot<v8::Object>(SlotOfV8goValue(holder))
                 ->Set(in.context, NewString(room->isolate, name), value)
                 .FromMaybe(false);
  return set ? SR_VALUE : SR_THREW;
}

sr_position sr_caller(sr_room* room) {
  Entered in(room);
  return Caller(room);
}

sr_text sr_stack(sr_room* room, void* value) {
  Entered in(room);
  return CopyOut(StackText(
      room, v8::Exception::GetStackTrace(FromSlot<v8::Value>(SlotOfV8goValue(value)))));
}

int sr_is_boolean_object(void* value) {
  return FromSlot<v8::Value>(SlotOfV8goValue(value))->IsBooleanObject();
}

void sr_allow_codegen(sr_room* room, int allow) {
  Entered in(room);
  in.context->AllowCodeGenerationFromStrings(allow != 0);
}

void sr_dynamic_names(sr_room* room) { room->dynamic_names = true; }

int sr_compile_and_run(sr_room* room, const char* source, int length, const char* name, int repl,
                       int* phase_compile, int64_t* compile_ns) {
  Entered in(room);
  v8::TryCatch attempt(room->isolate);
  *phase_compile = 1;
  int64_t began = Now();
  v8::Local<v8::String> text;
  if (room->stopping ||
      !v8::String::NewFromUtf8(room->isolate, source, v8::NewStringType::kNormal, length)
           .ToLocal(&text)) {
    return Ended(room, in.context, attempt);
  }
  v8::Local<v8::Value> value;
  if (repl) {
    // Compiles and starts in one call; what the guest throws rejects the
    // promise, so an exception here is one of compilation.
    bool ok = v8::debug::EvaluateGlobal(room->isolate, text,
                                        v8::debug::EvaluateGlobalMode::kDefault, true)
                  .ToLocal(&value);
    *compile_ns = Now() - began;
    if (!ok) return Ended(room, in.context, attempt);
    *phase_compile = 0;
  } else {
    v8::ScriptOrigin origin(NewString(room->isolate, name));
    v8::Local<v8::Script> script;
    bool ok = v8::Script::Compile(in.context, text, &origin).ToLocal(&script);
    *compile_ns = Now() - began;
    if (!ok) return Ended(room, in.context, attempt);
    *phase_compile = 0;
    if (!script->Run(in.context).ToLocal(&value)) return Ended(room, in.context, attempt);
  }
  room->value.Set(room->isolate, value);
  return Ended(room, in.context, attempt);
}

int sr_drain(sr_room* room) {
  Entered in(room);
  v8::TryCatch attempt(room->isolate);
  if (!room->stopping) room->isolate->PerformMicrotaskCheckpoint();
  return Ended(room, in.context, attempt);
}

int sr_pump(sr_room* room, int* ran, int* more) {
  Entered in(room);
  v8::TryCatch attempt(room->isolate);
  *ran = *more = 0;
  while (!room->stopping &&
         v8::platform::PumpMessageLoop(v8::internal::V8::GetCurrentPlatform(), room->isolate,
                                       v8::platform::MessageLoopBehavior::kDoNotWait)) {
    *ran = 1;
  }
  *more = room->isolate->HasPendingBackgroundTasks();
  return Ended(room, in.context, attempt);
}

int sr_call(sr_room* room, void* function, double argument) {
  Entered in(room);
  v8::TryCatch attempt(room->isolate);
  v8::Local<v8::Value> arguments[] = {v8::Number::New(room->isolate, argument)};
  auto hook = FromSlot<v8::Function>(SlotOfV8goValue(function));
  if (!room->stopping) (void)hook->Call(in.context, FromSlot<v8::Value>(room->global), 1, arguments);
  return Ended(room, in.context, attempt);
}

int sr_promise(sr_room* room) {
  Entered in(room);
  if (room->value.Empty() || !room->value.Get()->IsPromise()) return SR_NOT_A_PROMISE;
  switch (room->value.Get().As<v8::Promise>()->State()) {
    case v8::Promise::kPending: return SR_PENDING;
    case v8::Promise::kFulfilled: return SR_FULFILLED;
    default: return SR_REJECTED;
  }
}

void sr_settle(sr_room* room, int unwrap_repl) {
  Entered in(room);
  v8::TryCatch attempt(room->isolate);
  auto promise = room->value.Get().As<v8::Promise>();
  auto result = promise->Result();
  if (promise->State() == v8::Promise::kRejected) {
    promise->MarkAsHandled();
    KeepThrown(room, in.context, result, v8::Exception::CreateMessage(room->isolate, result));
    return;
  }
  v8::Local<v8::Value> inner = result;
  // V8 wraps a REPL script's value in an object that the guest never sees.
  if (unwrap_repl) {
    (void)result.As<v8::Object>()->Get(in.context, NewString(room->isolate, ".repl_result"))
        .ToLocal(&inner);
  }
  if (!inner.IsEmpty()) room->value.Set(room->isolate, inner);
}

int sr_take_rejection(sr_room* room) {
  if (room->rejections.empty() && room->uncounted_rejections == 0) return 0;
  Entered in(room);
  v8::TryCatch attempt(room->isolate);
  auto reason = room->rejections.empty()
                    ? room->uncounted_reason.Get()
                    : FromSlot<v8::Value>(room->rejections.front().reason);
  KeepThrown(room, in.context, reason, v8::Exception::CreateMessage(room->isolate, reason));
  return 1;
}

int sr_describe(sr_room* room, void* hook, int thrown, double argument, sr_text* out) {
  Entered in(room);
  v8::TryCatch attempt(room->isolate);
  if (room->stopping) return SR_TERMINATED;
  Kept& kept = thrown ? room->thrown : room->value;
  v8::Local<v8::Value> arguments[] = {kept.Get(), v8::Number::New(room->isolate, argument)};
  v8::Local<v8::Value> text;
  auto function = FromSlot<v8::Function>(SlotOfV8goValue(hook));
  if (!function->Call(in.context, FromSlot<v8::Value>(room->global), 2, arguments).ToLocal(&text)) {
    return room->stopping || attempt.HasTerminated() ? SR_TERMINATED : SR_THREW;
  }
  auto string = text.As<v8::String>();
  *out = CopyOut(ToUtf8(Head(string, string->Length())));
  return SR_VALUE;
}

void sr_thrown_at(sr_room* room, sr_position* at, sr_text* stack) {
  *at = room->thrown_at;
  *stack = CopyOut(room->thrown_stack);
}

sr_text sr_head(sr_room* room, void* value, int max) {
  return CopyOut(ToUtf8(Head(FromSlot<v8::String>(SlotOfV8goValue(value)), max)));
}

void sr_stop(sr_room* room) {
  // The first stop finds out where the guest is; a guest that answers no
  // interrupt is terminated by the repeats all the same.
  if (!room->stopping.exchange(true)) {
    room->isolate->RequestInterrupt(OnStop, room);
  } else {
    room->isolate->TerminateExecution();
  }
}

void sr_prepare_stop(sr_room* room) { room->isolate->RequestInterrupt(OnPrepareStop, room); }

sr_position sr_stopped_at(sr_room* room) { return room->stopped_at; }
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
