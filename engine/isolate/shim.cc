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
#include <memory>
#include <new>
#include <string>
#include <unordered_map>
#include <vector>

#include "headers_check.h"
#include "shim.h"

// Not in V8's public headers.
namespace v8::debug {
// Compiles a script whose frames no stack shows.
MaybeLocal<UnboundScript> CompileInspectorScript(Isolate*, Local<String> source);
}  // namespace v8::debug
namespace v8::internal {
struct V8 {
  static Platform* GetCurrentPlatform();
};
// What V8's debugger compiles REPL scripts with. Its own way in runs them at
// once, without a name and with no place for offsets. TestErrorPlaces notices
// when the layout of ScriptDetails drifts; a signature that drifts fails at
// link time.
class SharedFunctionInfo;
class String;
enum class REPLMode { kYes, kNo };
enum NativesFlag { NOT_NATIVES_CODE };
template <class T>
class Handle {
 public:
  Address* location;
};
template <class T>
class MaybeHandle {
 public:
  Address* location;
};
struct ScriptDetails {
  int line_offset, column_offset;
  Address *name, *source_map_url, *host_defined_options, *wrapped_arguments;
  REPLMode repl_mode;
  int origin_options;
};
struct Compiler {
  static MaybeHandle<SharedFunctionInfo> GetSharedFunctionInfoForScript(
      Isolate*, Handle<String> source, const ScriptDetails&, ScriptCompiler::CompileOptions,
      ScriptCompiler::NoCacheReason, NativesFlag, ScriptCompiler::CompilationDetails*);
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
constexpr int kAskingStops = 60;           // one every 2 ms, before terminations; the host kills after 100
constexpr int64_t kPlacelessFor = 1000000; // ns of processor time that a stop leaves to the guest's next promise
constexpr int kHeadroomSteps = 3;          // then V8 may run out
constexpr size_t kMaxRejections = 1024;    // kept; more only count
constexpr size_t kMaxGCs = 512;            // between two readings
constexpr int kStackFrames = 12;
constexpr int kFarFrames = 200;            // looked through where the newest are none of the guest's
constexpr int kAwaits = 1000;              // whose places are noted
constexpr size_t kDoorName = 120;          // UTF-16 units that are told

int64_t Now() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return int64_t(t.tv_sec) * 1000000000 + t.tv_nsec;
}

// What this thread has had of the processor: a busy machine lets it wait.
int64_t ThreadTime() {
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
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
  template <class T>
  void Set(v8::Isolate* isolate, v8::Local<T> value) {
    Clear();
    slot_ = v8::api_internal::GlobalizeReference(
        reinterpret_cast<v8::internal::Isolate*>(isolate), *SlotOf(value));
  }
  void Clear() {
    if (slot_) v8::api_internal::DisposeGlobal(slot_);
    slot_ = nullptr;
  }
  v8::Local<v8::Value> Get() const { return FromSlot<v8::Value>(slot_); }
  Address* Slot() const { return slot_; }
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

// A promise that waits for another: an await, or a then.
struct Await {
  Kept promise, awaited;
  sr_position at{};
};

struct Rejection {
  Address* promise;
  Address* reason;
  sr_position at;  // where the reason does not tell
  std::string stack;
};

}  // namespace

struct sr_room {
  v8::Isolate* isolate;
  Address* global;
  uintptr_t id;
  double heap_limit;
  int useless_gcs = 0;
  bool dynamic_names = false;  // the guest's text may have `with` or eval

  Kept global_object;  // what V8 looks names up on; the guest has its proxy only
  int guest_script = 0;  // its id; 0 before there is one

  Kept script, value, thrown, sites;
  Query query;
  sr_position thrown_at{};
  std::string thrown_stack;
  bool uncaught = false;  // thrown by a microtask that stands alone

  std::vector<Rejection> rejections;
  size_t uncounted_rejections = 0;
  Kept uncounted_reason;  // of the newest of them
  sr_position uncounted_at{};
  std::string uncounted_stack;

  int awaits = 0;                            // how many more are noted
  std::vector<std::unique_ptr<Await>> waiting;  // those that still wait, newest last
  std::unique_ptr<Await> resumed;            // the one that goes on now
  bool hooked = false;
  sr_position only_throw{};                  // of a guest that has one throw

  std::atomic<bool> stopping{false};
  std::atomic<bool> sample_pending{false};
  std::atomic<int> near_limit{0};
  std::atomic<int> stops{0};
  int64_t placeless_since = 0;
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
  Address At() const { return at_; }
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

// How long a pointer in an object is: a string begins with one, then 8 bytes of
// hash and length, then its characters.
int PointerBytes(v8::Isolate* isolate) {
  constexpr char kText[] = "where do the characters begin";
  v8::Local<v8::String> string;
  if (!v8::String::NewFromUtf8(isolate, kText, v8::NewStringType::kNormal, -1).ToLocal(&string)) return 0;
  auto object = reinterpret_cast<const char*>(*SlotOf(string) - 1);
  for (int bytes : {4, 8})
    if (memcmp(object + bytes + 8, kText, 16) == 0) return bytes;
  return 0;
}

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

// What a string is in UTF-8, in bytes. Each node counts once, however often a
// rope has it; 0 where there are too many of them, or too much to read. (Halves of
// a surrogate pair in two nodes count as two lone ones, which are longer by two.)
int64_t Size(v8::Local<v8::String> string) {
  constexpr size_t kNodes = 100'000, kUnits = 64 << 20;
  std::unordered_map<Address, int64_t> known;
  std::vector<StringNode> open{StringNode(*SlotOf(string))};
  size_t units = 0;
  while (!open.empty()) {
    StringNode node = open.back();
    int shape = node.Kind() & 7;
    int64_t size = 0;
    if (shape == StringNode::kCons || shape == StringNode::kThin) {
      auto first = known.find(node.First().At());
      if (first == known.end()) {
        open.push_back(node.First());
        continue;
      }
      size = first->second;
      if (shape == StringNode::kCons) {
        auto second = known.find(node.Second().At());
        if (second == known.end()) {
          open.push_back(node.Second());
          continue;
        }
        size += second->second;
      }
    } else {
      size_t length = node.Length(), from = 0;
      StringNode flat = node;
      if (shape == StringNode::kSliced) from = node.SliceOffset(), flat = node.First();
      if ((flat.Kind() & 7) == StringNode::kThin) flat = flat.First();
      units += length;
      if ((flat.Kind() & 7) != StringNode::kSeq || units > kUnits) return 0;
      for (size_t i = from; i < from + length; i++) {
        if (flat.Kind() & StringNode::kOneByte) {
          size += uint8_t(flat.Characters()[i]) < 0x80 ? 1 : 2;
          continue;
        }
        char16_t unit[2]{};
        memcpy(unit, flat.Characters() + 2 * i, i + 1 < from + length ? 4 : 2);
        bool pair = (unit[0] & 0xfc00) == 0xd800 && (unit[1] & 0xfc00) == 0xdc00;
        size += unit[0] < 0x80 ? 1 : unit[0] < 0x800 ? 2 : pair ? 4 : 3;
        i += pair;
      }
    }
    known[node.At()] = size;
    open.pop_back();
    if (known.size() > kNodes || open.size() > kNodes) return 0;
  }
  return known[StringNode(*SlotOf(string)).At()];
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

bool IsGuests(sr_room* room, v8::Local<v8::StackFrame> frame) {
  return room->guest_script ? frame->GetScriptId() == room->guest_script
                            : !frame->IsEval() && !frame->IsWasm();
}

// The newest frame of the guest's own text: lines of what it had evaluated
// mean nothing there.
sr_position GuestPosition(sr_room* room, v8::Local<v8::StackTrace> trace) {
  if (trace.IsEmpty()) return {};
  for (int i = 0; i < trace->GetFrameCount(); i++) {
    auto frame = trace->GetFrame(room->isolate, i);
    if (IsGuests(room, frame)) return PositionOf(frame);
  }
  return {};
}

v8::Local<v8::StackTrace> CurrentStack(sr_room* room, int frames) {
  return v8::StackTrace::CurrentStackTrace(room->isolate, frames, v8::StackTrace::kOverview);
}

sr_position Caller(sr_room* room) {
  auto trace = CurrentStack(room, kStackFrames);
  sr_position at = GuestPosition(room, trace);
  if (at.line == 0 && trace->GetFrameCount() == kStackFrames) {
    at = GuestPosition(room, CurrentStack(room, kFarFrames));
  }
  return at;
}

// A name in a stack stays on its line, so that no guest can add frames to it.
std::string Name(v8::Local<v8::String> name) {
  if (name.IsEmpty()) return "";
  std::u16string text = Head(name, 200);
  std::replace_if(text.begin(), text.end(), [](char16_t c) { return c < ' '; }, u' ');
  return ToUtf8(text);
}

// newest, where known, is where its first frame really is.
std::string StackText(sr_room* room, v8::Local<v8::StackTrace> trace, sr_position newest = {}) {
  std::string out;
  if (trace.IsEmpty()) return out;
  for (int i = 0; i < trace->GetFrameCount() && i < kStackFrames; i++) {
    auto frame = trace->GetFrame(room->isolate, i);
    auto at = i == 0 && newest.line != 0 && IsGuests(room, frame) ? newest : PositionOf(frame);
    std::string where = frame->IsWasm() ? "<wasm>" : frame->IsEval() ? "<eval>" : Name(frame->GetScriptName());
    where += ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
    std::string function = Name(frame->GetFunctionName());
    if (!out.empty()) out += "\n";
    out += "    at " + (function.empty() ? where : function + " (" + where + ")");
  }
  return out;
}

// Keeps what was thrown and where in the guest's own text. V8's message points
// into other texts too: into JSON that does not parse, or code that does not
// compile. Then the guest's place is where it had that text read.
void KeepThrown(sr_room* room, v8::Local<v8::Context> context, v8::Local<v8::Value> thrown,
                v8::Local<v8::Message> message, const Rejection* rejection = nullptr) {
  room->thrown.Set(room->isolate, thrown);
  room->thrown_at = {};
  auto trace = v8::Exception::GetStackTrace(thrown);
  if (trace.IsEmpty() && !message.IsEmpty()) trace = message->GetStackTrace();
  if (!message.IsEmpty() && message->GetScriptOrigin().ScriptId() == room->guest_script) {
    room->thrown_at = {message->GetLineNumber(context).FromMaybe(0), message->GetStartColumn() + 1};
  } else {
    room->thrown_at = GuestPosition(room, trace);
  }
  room->thrown_stack = StackText(room, trace);
  if (!rejection) return;
  if (room->thrown_at.line == 0) room->thrown_at = rejection->at;
  if (room->thrown_stack.empty()) room->thrown_stack = rejection->stack;
}

// A text that did not compile: all that its message points to is the guest's.
void KeepSyntaxError(sr_room* room, v8::Local<v8::Context> context, v8::TryCatch& attempt) {
  room->thrown.Set(room->isolate, attempt.Exception());
  room->thrown_stack.clear();
  room->thrown_at = {attempt.Message()->GetLineNumber(context).FromMaybe(0),
                     attempt.Message()->GetStartColumn() + 1};
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

// AtEntry reports whether the only frame stands where its function begins, as
// that of an async function does while it is resumed: at its parameters, at the
// async of an arrow, or, of the guest's whole text, before its first column.
bool AtEntry(sr_room* room) {
  auto trace = CurrentStack(room, 2);
  if (trace->GetFrameCount() != 1) return false;
  auto frame = trace->GetFrame(room->isolate, 0);
  if (!IsGuests(room, frame)) return false;
  if (PositionOf(frame).column < 1) return true;
  auto source = frame->GetScriptSource();
  if (source.IsEmpty() || frame->GetSourcePosition() < 0) return false;
  std::u16string there = Part(source, frame->GetSourcePosition(), 5);
  return there == u"async" || there.substr(0, 1) == u"(";
}

// A stop between two microtasks finds no frame, or one that has not begun, and
// in a loop of awaits every stop does. The guest's next promise is made in a frame.
void OnPromiseOfStopped(v8::PromiseHookType type, v8::Local<v8::Promise>, v8::Local<v8::Value>) {
  sr_room* room = current_room;
  if (!room || type != v8::PromiseHookType::kInit) return;
  v8::HandleScope handles(room->isolate);
  sr_position at = Caller(room);
  if (at.line == 0) return;
  room->stopped_at = at;
  room->isolate->SetPromiseHook(nullptr);
  room->isolate->TerminateExecution();
}

void OnStop(v8::Isolate* isolate, void* data) {
  auto room = static_cast<sr_room*>(data);
  v8::HandleScope handles(isolate);
  sr_position at = Caller(room);
  if (at.line != 0) room->stopped_at = at;
  if ((at.line == 0 || AtEntry(room)) && current_room == room) {
    // Several stops may be served at once.
    if (room->placeless_since == 0) room->placeless_since = ThreadTime();
    if (ThreadTime() - room->placeless_since < kPlacelessFor) {
      isolate->SetPromiseHook(OnPromiseOfStopped);
      return;
    }
  }
  isolate->TerminateExecution();
}

// Notes where promises wait: of a guest that ends with one, or is stopped while
// it waits, that is the place; and of one that goes on only to be rejected.
void OnPromise(v8::PromiseHookType type, v8::Local<v8::Promise> promise, v8::Local<v8::Value> parent) {
  sr_room* room = current_room;
  if (!room) return;
  auto& waiting = room->waiting;
  if (type == v8::PromiseHookType::kBefore) {
    for (size_t i = waiting.size(); i-- > 0;) {
      if (!waiting[i]->promise.Is(promise)) continue;
      room->resumed = std::move(waiting[i]);
      waiting.erase(waiting.begin() + i);
      break;
    }
  } else if (type == v8::PromiseHookType::kAfter) {
    room->resumed.reset();
  } else if (type == v8::PromiseHookType::kInit && parent->IsPromise()) {
    if (--room->awaits <= 0) {
      waiting.clear();
      room->isolate->SetPromiseHook(nullptr);
      return;
    }
    v8::HandleScope handles(room->isolate);
    auto await = std::make_unique<Await>();
    await->promise.Set(room->isolate, promise);
    await->awaited.Set(room->isolate, parent);
    await->at = Caller(room);
    waiting.push_back(std::move(await));
  }
}

// Where a reason that has no stack was awaited, thrown or given to reject; that
// is not known of every one. V8 has forgotten where it was thrown: the frame of
// an async function that throws stands where its code ends, one that calls
// reject at the call.
sr_position RejectedAt(sr_room* room, v8::Local<v8::Value> reason, v8::Local<v8::StackTrace> trace) {
  if (room->resumed) {
    auto awaited = room->resumed->awaited.Get().As<v8::Promise>();
    if (awaited->State() == v8::Promise::kRejected && *SlotOf(awaited->Result()) == *SlotOf(reason)) {
      return room->resumed->at;
    }
  }
  if (trace->GetFrameCount() > 0) {
    auto frame = trace->GetFrame(room->isolate, 0);
    if (!IsGuests(room, frame)) return GuestPosition(room, trace);
    auto source = frame->GetScriptSource();
    if (source.IsEmpty() || frame->GetSourcePosition() < 0) return {};
    std::u16string there = Part(source, frame->GetSourcePosition(), 5);
    char16_t first = there.empty() ? u'}' : there[0];
    bool word = first > 127 || first == '_' || first == '$' || ((first | 32) >= 'a' && (first | 32) <= 'z');
    if (word && there != u"throw") return PositionOf(frame);
    if (!word && !strchr("};\n\r \t", first)) return {};
  }
  // In a guest that throws in one place only, that is it; unless it came by an
  // await that was not noted.
  return room->hooked && room->awaits > 0 ? room->only_throw : sr_position{};
}

// The first look at a guest's stack takes a quarter of a millisecond, and a
// second, soon after, a hundredth of that.
void OnPrepareStop(v8::Isolate* isolate, void* data) {
  auto room = static_cast<sr_room*>(data);
  v8::HandleScope handles(isolate);
  sr_position at = Caller(room);
  if (at.line != 0) room->stopped_at = at;
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
    case v8::kPromiseRejectWithNoHandler: {
      v8::HandleScope handles(room->isolate);
      sr_position at{};
      std::string stack;
      if (GuestPosition(room, v8::Exception::GetStackTrace(message.GetValue())).line == 0) {
        auto trace = CurrentStack(room, kStackFrames);
        at = RejectedAt(room, message.GetValue(), trace);
        if (at.line != 0) stack = StackText(room, trace, at);
      }
      if (list.size() < kMaxRejections) {
        list.push_back({keep(promise), keep(message.GetValue()), at, stack});
      } else {
        room->uncounted_rejections++;
        room->uncounted_reason.Set(room->isolate, message.GetValue());
        room->uncounted_at = at;
        room->uncounted_stack = stack;
      }
      break;
    }
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

// Takes an error's frames in place of the text that V8 would make of them, for
// which it may ask the guest.
v8::MaybeLocal<v8::Value> OnStack(v8::Local<v8::Context>, v8::Local<v8::Value> error, v8::Local<v8::Array> sites) {
  if (current_room) current_room->sites.Set(current_room->isolate, sites);
  return error;
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

int sr_kind(void* value) {
  auto v = FromSlot<v8::Value>(SlotOfV8goValue(value));
  if (v->IsProxy()) return 1;
  if (v->IsFunction()) {
    bool async = v->IsAsyncFunction(), generator = v->IsGeneratorFunction();
    return async && generator ? 20 : generator ? 19 : async ? 18 : 0;
  }
  if (v->IsNativeError()) return 2;
  if (v->IsPromise()) return 3;
  if (v->IsMap()) return 4;
  if (v->IsSet()) return 5;
  if (v->IsWeakMap() || v->IsWeakSet()) return 6;
  if (v->IsDate()) return 7;
  if (v->IsRegExp()) return 8;
  if (v->IsArrayBuffer()) return 9;
  if (v->IsSharedArrayBuffer()) return 10;
  if (v->IsTypedArray()) return 11;
  if (v->IsNumberObject()) return 12;
  if (v->IsStringObject()) return 13;
  if (v->IsBooleanObject()) return 14;
  if (v->IsSymbolObject()) return 15;
  if (v->IsBigIntObject()) return 16;
  if (v->IsArgumentsObject()) return 17;
  if (v->IsMapIterator()) return 21;
  if (v->IsSetIterator()) return 22;
  if (v->IsDataView()) return 23;
  return 0;
}

static void SetList(sr_room* room, v8::Local<v8::Context> context, void* holder, v8::Local<v8::Array> list) {
  (void)FromSlot<v8::Object>(SlotOfV8goValue(holder))->Set(context, NewString(room->isolate, "list"), list);
}

void sr_names(sr_room* room, void* value, void* holder) {
  Entered in(room);
  v8::Local<v8::Array> list;
  if (FromSlot<v8::Object>(SlotOfV8goValue(value))
          ->GetPropertyNames(in.context, v8::KeyCollectionMode::kOwnOnly, v8::ALL_PROPERTIES,
                             v8::IndexFilter::kSkipIndices, v8::KeyConversionMode::kConvertToString)
          .ToLocal(&list)) {
    SetList(room, in.context, holder, list);
  }
}

int sr_entries(sr_room* room, void* value, void* holder) {
  Entered in(room);
  bool pairs = false;
  v8::Local<v8::Array> list;
  if (FromSlot<v8::Object>(SlotOfV8goValue(value))->PreviewEntries(&pairs).ToLocal(&list)) {
    SetList(room, in.context, holder, list);
  }
  return pairs;
}

void sr_allow_codegen(sr_room* room, int allow) {
  Entered in(room);
  in.context->AllowCodeGenerationFromStrings(allow != 0);
}

void sr_dynamic_names(sr_room* room) { room->dynamic_names = true; }

int sr_compile(sr_room* room, const sr_source* source) {
  Entered in(room);
  v8::TryCatch attempt(room->isolate);
  v8::Local<v8::String> text;
  if (room->stopping ||
      !v8::String::NewFromUtf8(room->isolate, source->text, v8::NewStringType::kNormal, source->length)
           .ToLocal(&text)) {
    return SR_TERMINATED;
  }
  auto name = NewString(room->isolate, source->name);
  v8::Local<v8::UnboundScript> script;
  if (source->repl) {
    v8::internal::ScriptDetails details{
        source->line_offset, source->column_offset, SlotOf(name), nullptr, nullptr, nullptr,
        v8::internal::REPLMode::kYes, 0};
    v8::ScriptCompiler::CompilationDetails unused;
    auto compiled = v8::internal::Compiler::GetSharedFunctionInfoForScript(
        reinterpret_cast<v8::internal::Isolate*>(room->isolate), {SlotOf(text)}, details,
        v8::ScriptCompiler::kNoCompileOptions, v8::ScriptCompiler::kNoCacheNoReason,
        v8::internal::NOT_NATIVES_CODE, &unused);
    if (compiled.location) script = FromSlot<v8::UnboundScript>(compiled.location);
  } else {
    v8::ScriptOrigin origin(name, source->line_offset, source->column_offset);
    v8::Local<v8::Script> bound;
    if (v8::Script::Compile(in.context, text, &origin).ToLocal(&bound)) script = bound->GetUnboundScript();
  }
  if (room->stopping || attempt.HasTerminated()) return SR_TERMINATED;
  if (script.IsEmpty()) {
    KeepSyntaxError(room, in.context, attempt);
    return SR_THREW;
  }
  room->script.Set(room->isolate, script);
  room->guest_script = script->GetId();
  return SR_VALUE;
}

int sr_run(sr_room* room) {
  Entered in(room);
  v8::TryCatch attempt(room->isolate);
  if (room->stopping) return SR_TERMINATED;
  v8::Local<v8::Value> value;
  auto script = FromSlot<v8::UnboundScript>(room->script.Slot());
  if (script->BindToCurrentContext()->Run(in.context).ToLocal(&value)) room->value.Set(room->isolate, value);
  return Ended(room, in.context, attempt);
}

void sr_note_awaits(sr_room* room, int on, sr_position only_throw) {
  room->only_throw = only_throw;
  room->awaits = kAwaits;
  room->hooked = on != 0;
  room->waiting.clear();
  room->resumed.reset();
  room->isolate->SetPromiseHook(on ? OnPromise : nullptr);
}

sr_position sr_awaited_at(sr_room* room) {
  return room->waiting.empty() ? sr_position{} : room->waiting.back()->at;
}

int sr_drain(sr_room* room) {
  Entered in(room);
  v8::TryCatch attempt(room->isolate);
  room->uncaught = false;
  if (!room->stopping) room->isolate->PerformMicrotaskCheckpoint();
  if (room->uncaught && !room->stopping) {
    room->isolate->CancelTerminateExecution();
    TellQuery(room);
    return SR_THREW;
  }
  return Ended(room, in.context, attempt);
}

void sr_call_alone(sr_room* room, void* function, void* receiver) {
  Entered in(room);
  v8::TryCatch attempt(room->isolate);
  if (room->uncaught) return;
  auto callback = FromSlot<v8::Function>(SlotOfV8goValue(function));
  (void)callback->Call(in.context, FromSlot<v8::Value>(SlotOfV8goValue(receiver)), 0, nullptr);
  if (Ended(room, in.context, attempt) != SR_THREW) return;
  room->uncaught = true;
  room->isolate->TerminateExecution();  // no other microtask runs
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
    const Rejection* rejection = nullptr;
    for (const Rejection& r : room->rejections) {
      if (*r.promise == *SlotOf(promise)) rejection = &r;
    }
    KeepThrown(room, in.context, result, v8::Exception::CreateMessage(room->isolate, result), rejection);
    promise->MarkAsHandled();
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
  Rejection uncounted{nullptr, nullptr, room->uncounted_at, room->uncounted_stack};
  const Rejection* first = room->rejections.empty() ? &uncounted : &room->rejections.front();
  auto reason = first->reason ? FromSlot<v8::Value>(first->reason) : room->uncounted_reason.Get();
  KeepThrown(room, in.context, reason, v8::Exception::CreateMessage(room->isolate, reason), first);
  return 1;
}

// Copies the text that a call into the prelude gave.
int CopyAnswer(sr_room* room, v8::TryCatch& attempt, v8::MaybeLocal<v8::Value> answer, sr_text* out) {
  v8::Local<v8::Value> text;
  if (!answer.ToLocal(&text)) return room->stopping || attempt.HasTerminated() ? SR_TERMINATED : SR_THREW;
  auto string = text.As<v8::String>();
  *out = CopyOut(ToUtf8(Head(string, string->Length())));
  return SR_VALUE;
}

int sr_describe_value(sr_room* room, void* hook, double argument, sr_text* out) {
  Entered in(room);
  v8::TryCatch attempt(room->isolate);
  if (room->stopping) return SR_TERMINATED;
  v8::Local<v8::Value> arguments[] = {room->value.Get(), v8::Number::New(room->isolate, argument)};
  auto function = FromSlot<v8::Function>(SlotOfV8goValue(hook));
  return CopyAnswer(room, attempt, function->Call(in.context, FromSlot<v8::Value>(room->global), 2, arguments), out);
}

int sr_describe_thrown(sr_room* room, void* hook, void* stack_getter, double argument, sr_text* out) {
  Entered in(room);
  v8::TryCatch attempt(room->isolate);
  if (room->stopping) return SR_TERMINATED;
  auto thrown = room->thrown.Get();
  room->sites.Clear();
  if (thrown->IsNativeError()) {
    room->isolate->SetPrepareStackTraceCallback(OnStack);
    (void)FromSlot<v8::Function>(SlotOfV8goValue(stack_getter))->Call(in.context, thrown, 0, nullptr);
    room->isolate->SetPrepareStackTraceCallback(nullptr);
  }
  v8::Local<v8::Value> arguments[] = {thrown, v8::Number::New(room->isolate, argument), room->sites.Get()};
  auto function = FromSlot<v8::Function>(SlotOfV8goValue(hook));
  int count = room->sites.Empty() ? 2 : 3;
  return CopyAnswer(room, attempt, function->Call(in.context, FromSlot<v8::Value>(room->global), count, arguments), out);
}

void sr_thrown_at(sr_room* room, sr_position* at, sr_text* stack) {
  *at = room->thrown_at;
  *stack = CopyOut(room->thrown_stack);
}

sr_text sr_head(sr_room* room, void* value, int max) {
  return CopyOut(ToUtf8(Head(FromSlot<v8::String>(SlotOfV8goValue(value)), max)));
}

int64_t sr_size(sr_room* room, void* value) {
  Entered in(room);
  return Size(FromSlot<v8::String>(SlotOfV8goValue(value)));
}

void sr_stop(sr_room* room) {
  // The first stops find out where the guest is. They end it as soon as a
  // termination does, which would come before them: on a busy machine a guest
  // may not run between one stop and the next.
  room->stopping = true;
  if (room->stops++ < kAskingStops) {
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

void sr_read_cage(sr_room* room, sr_cage* out) {
  Entered in(room);
  *out = {v8::V8::IsSandboxConfiguredSecurely(), v8::V8::GetSandboxSizeInBytes(),
          v8::V8::GetSandboxReservationSizeInBytes(), PointerBytes(room->isolate)};
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
