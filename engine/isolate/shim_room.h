// What the parts of the shim share: the room that each isolate has, and how to
// get at V8's objects. shim.h is what Go sees.
#pragma once

#ifdef REAL_V8_HEADERS
#include <libplatform/libplatform.h>
#include <v8.h>
#else
#include "v8api.h"
#endif

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "headers_check.h"
#include "shim.h"

extern "C" {
// Implemented in Go.
void goBlocked(uintptr_t id, int how, char* name, int length, sr_position at, int count);
int goCounts(uintptr_t id, int how, char* name, int length);
void goFatal(uintptr_t id, int out_of_memory, char* message);
sr_position goOriginal(uintptr_t id, sr_position at);
}

using v8::internal::Address;

namespace shim {

class Profile;

// A Local is the address of a slot, which holds the object's address.
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
inline Address* SlotOfV8goValue(void* value) { return static_cast<Address**>(value)[3]; }
inline Address* SlotOfV8goTemplate(void* value) { return static_cast<Address**>(value)[1]; }

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
  sr_position at;  // of a reason that has no stack
  std::string stack;
};

}  // namespace shim

struct sr_room {
  v8::Isolate* isolate;
  Address* global;
  uintptr_t id;
  double heap_limit;
  int useless_gcs = 0;
  bool dynamic_names = false;  // the guest's text may have `with` or eval

  shim::Kept global_object;  // what V8 looks names up on; the guest has its proxy only
  int guest_script = 0;  // its id; 0 before there is one
  bool translated = false;  // that script was made from the guest's text: its places are not the guest's

  shim::Kept script, value, thrown, sites;
  shim::Query query;
  sr_position thrown_at{};
  std::string thrown_stack;
  bool uncaught = false;  // thrown by a microtask that stands alone

  std::vector<shim::Rejection> rejections;
  size_t uncounted_rejections = 0;
  shim::Kept uncounted_reason;  // of the newest of them
  sr_position uncounted_at{};
  std::string uncounted_stack;

  int awaits = 0;  // how many more are noted
  std::vector<std::unique_ptr<shim::Await>> waiting;  // those that still wait, newest last
  std::unique_ptr<shim::Await> resumed;         // the one that goes on now
  bool hooked = false;
  sr_position only_throw{};  // of a guest that has one throw

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

  shim::Profile* profile = nullptr;  // of a run that asked for one
  std::atomic<bool> part_pending{false};

  v8::Local<v8::Context> Context() const {
    v8::Local<v8::Context> context;
    (void)shim::FromSlot<v8::Object>(global)->GetCreationContext().ToLocal(&context);
    return context;
  }
};

namespace shim {

inline thread_local sr_room* current_room = nullptr;  // callbacks without a data pointer find the room here

// shim_text.cc
std::u16string Head(v8::Local<v8::String>, size_t max);             // the first units
std::u16string Part(v8::Local<v8::String>, size_t from, size_t n);  // at most n units; cheap where it is flat
std::string ToUtf8(const std::u16string&);
sr_text CopyOut(const std::string&);
v8::Local<v8::String> NewString(v8::Isolate*, const std::string&);

// shim_place.cc
constexpr int kStackFrames = 12;
sr_position PositionOf(v8::Local<v8::StackFrame>);             // in its script
sr_position Original(sr_room*, sr_position);                   // in the guest's text, of one in its script
sr_position PlaceOf(sr_room*, v8::Local<v8::StackFrame>);      // in the guest's text, of its frames
bool IsGuests(sr_room*, v8::Local<v8::StackFrame>);
sr_position GuestPosition(sr_room*, v8::Local<v8::StackTrace>);
v8::Local<v8::StackTrace> CurrentStack(sr_room*, int frames);
sr_position Caller(sr_room*);
std::string StackText(sr_room*, v8::Local<v8::StackTrace>, sr_position newest = {});
void KeepThrown(sr_room*, v8::Local<v8::Context>, v8::Local<v8::Value> thrown, v8::Local<v8::Message>,
                const Rejection* = nullptr);
void KeepSyntaxError(sr_room*, v8::Local<v8::Context>, v8::TryCatch&);

// shim_doors.cc
void ReportQuery(sr_room*);

// shim_stop.cc
void OnStop(v8::Isolate*, void* room);

// shim_heap.cc
void OnSample(v8::Isolate*, void* room);

// shim_profile.cc
void OnPart(v8::Isolate*, void* room);

// What each part asks V8 to call it for.
void WatchDoors(sr_room*);
void WatchHeap(sr_room*);
void WatchPromises(sr_room*);
void WatchFailures(sr_room*);

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
    if (room->part_pending) OnPart(room->isolate, room);
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

}  // namespace shim
