// Stopping the guest, with the place where it was, and what to do when V8 gives up.
#include "shim_room.h"

#include <unistd.h>

#include <ctime>
#include <new>

namespace v8::base {
void SetFatalFunction(void (*)(const char* file, int line, const char* message));
}

namespace shim {

constexpr int kAskingStops = 60;            // one every 2 ms, before terminations; the host kills after 100
constexpr int64_t kPlacelessFor = 1000000;  // ns of processor time that a stop leaves to the guest's next promise

// What this thread has had of the processor: a busy machine lets it wait.
int64_t ThreadTime() {
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return int64_t(t.tv_sec) * 1000000000 + t.tv_nsec;
}

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

// The first look at a guest's stack takes a quarter of a millisecond, and a
// second, soon after, a hundredth of that.
void OnPrepareStop(v8::Isolate* isolate, void* data) {
  auto room = static_cast<sr_room*>(data);
  v8::HandleScope handles(isolate);
  sr_position at = Caller(room);
  if (at.line != 0) room->stopped_at = at;
}

void OnOutOfMemory(const char* location, const v8::OOMDetails&) {
  goFatal(current_room ? current_room->id : 0, 1, const_cast<char*>(location));
  _exit(1);
}

// What V8 allocates outside its heap (compilers, BigInts, parsers) comes here.
void OnAllocationFailed() {
  goFatal(current_room ? current_room->id : 0, 1, const_cast<char*>("allocation failed"));
  _exit(1);
}

void OnFatal(const char*, int, const char* message) {
  goFatal(current_room ? current_room->id : 0, 0, const_cast<char*>(message));
  _exit(1);
}

void WatchFailures(sr_room* room) {
  room->isolate->SetOOMErrorHandler(OnOutOfMemory);
  v8::base::SetFatalFunction(OnFatal);
  std::set_new_handler(OnAllocationFailed);
}

}  // namespace shim

using namespace shim;

extern "C" {

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

}  // extern "C"
