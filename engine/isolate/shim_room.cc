// A room: made around v8go's isolate, it compiles and runs the guest.
#include "shim_room.h"

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

namespace shim {

// Ends a step: did it give a value, throw, or was it stopped?
int Ended(sr_room* room, v8::Local<v8::Context> context, v8::TryCatch& attempt) {
  ReportQuery(room);
  if (room->stopping || attempt.HasTerminated()) return SR_TERMINATED;
  if (!attempt.HasCaught()) return SR_VALUE;
  KeepThrown(room, context, attempt.Exception(), attempt.Message());
  return SR_THREW;
}

}  // namespace shim

using namespace shim;

extern "C" {

sr_room* sr_open(void* isolate, void* global, uintptr_t id, uint64_t heap_limit) {
  auto room = new sr_room;
  room->isolate = static_cast<v8::Isolate*>(isolate);
  room->global = SlotOfV8goValue(global);
  room->id = id;
  room->heap_limit = double(heap_limit);
  Entered in(room);
  WatchDoors(room);
  WatchHeap(room);
  WatchPromises(room);
  WatchFailures(room);
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

void sr_translated(sr_room* room, int translated) { room->translated = translated; }

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

int sr_drain(sr_room* room) {
  Entered in(room);
  v8::TryCatch attempt(room->isolate);
  room->uncaught = false;
  if (!room->stopping) room->isolate->PerformMicrotaskCheckpoint();
  if (room->uncaught && !room->stopping) {
    room->isolate->CancelTerminateExecution();
    ReportQuery(room);
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

}  // extern "C"
