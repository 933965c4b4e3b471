// Places in the guest's text: the caller's, a stack's, that of what was thrown.
#include "shim_room.h"

namespace shim {

constexpr int kFarFrames = 200;  // looked through where the newest are none of the guest's

sr_position PositionOf(v8::Local<v8::StackFrame> frame) {
  v8::Location at = frame->GetLocation();
  return {at.GetLineNumber() + 1, at.GetColumnNumber() + 1};
}

bool IsGuests(sr_room* room, v8::Local<v8::StackFrame> frame) {
  return room->guest_script ? frame->GetScriptId() == room->guest_script
                            : !frame->IsEval() && !frame->IsWasm();
}

sr_position Original(sr_room* room, sr_position at) {
  return room->translated && at.line > 0 ? goOriginal(room->id, at) : at;
}

sr_position PlaceOf(sr_room* room, v8::Local<v8::StackFrame> frame) {
  return IsGuests(room, frame) ? Original(room, PositionOf(frame)) : PositionOf(frame);
}

// The newest frame of the guest's own text: lines of what it had evaluated
// mean nothing there.
sr_position GuestPosition(sr_room* room, v8::Local<v8::StackTrace> trace) {
  if (trace.IsEmpty()) return {};
  for (int i = 0; i < trace->GetFrameCount(); i++) {
    auto frame = trace->GetFrame(room->isolate, i);
    if (IsGuests(room, frame)) return PlaceOf(room, frame);
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
std::string StackText(sr_room* room, v8::Local<v8::StackTrace> trace, sr_position newest) {
  std::string out;
  if (trace.IsEmpty()) return out;
  for (int i = 0; i < trace->GetFrameCount() && i < kStackFrames; i++) {
    auto frame = trace->GetFrame(room->isolate, i);
    auto at = i == 0 && newest.line != 0 && IsGuests(room, frame) ? newest : PlaceOf(room, frame);
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
                v8::Local<v8::Message> message, const Rejection* rejection) {
  room->thrown.Set(room->isolate, thrown);
  room->thrown_at = {};
  auto trace = v8::Exception::GetStackTrace(thrown);
  if (trace.IsEmpty() && !message.IsEmpty()) trace = message->GetStackTrace();
  if (!message.IsEmpty() && message->GetScriptOrigin().ScriptId() == room->guest_script) {
    room->thrown_at =
        Original(room, {message->GetLineNumber(context).FromMaybe(0), message->GetStartColumn() + 1});
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
  room->thrown_at = Original(room, {attempt.Message()->GetLineNumber(context).FromMaybe(0),
                                    attempt.Message()->GetStartColumn() + 1});
}

}  // namespace shim

using namespace shim;

extern "C" {

sr_position sr_caller(sr_room* room) {
  Entered in(room);
  return Caller(room);
}

sr_text sr_stack(sr_room* room, void* value) {
  Entered in(room);
  return CopyOut(StackText(
      room, v8::Exception::GetStackTrace(FromSlot<v8::Value>(SlotOfV8goValue(value)))));
}

void sr_thrown_at(sr_room* room, sr_position* at, sr_text* stack) {
  *at = room->thrown_at;
  *stack = CopyOut(room->thrown_stack);
}

}  // extern "C"
