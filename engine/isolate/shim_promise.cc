// Promises: where they wait, and those that are rejected without a handler.
#include "shim_room.h"

namespace shim {

constexpr size_t kMaxRejections = 1024;  // kept; more only count
constexpr int kAwaits = 1000;            // whose places are noted

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
    if (word && there != u"throw") return PlaceOf(room, frame);
    if (!word && !strchr("};\n\r \t", first)) return {};
  }
  // In a guest that throws in one place only, that is it; unless it came by an
  // await that was not noted.
  return room->hooked && room->awaits > 0 ? room->only_throw : sr_position{};
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

void WatchPromises(sr_room* room) {
  room->isolate->SetPromiseRejectCallback(OnReject);
  room->isolate->SetMicrotasksPolicy(v8::MicrotasksPolicy::kExplicit);
}

}  // namespace shim

using namespace shim;

extern "C" {

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

}  // extern "C"
