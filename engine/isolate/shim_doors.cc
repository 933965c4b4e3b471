// Names that the isolate lacks, code from text, and imports: what a guest tries in vain.
#include "shim_room.h"

namespace shim {

constexpr size_t kDoorName = 120;  // UTF-16 units that are reported

// Reports the last query, unless the global has the name by now: then it was
// stored to, which is no attempt.
void ReportQuery(sr_room* room) {
  Query& query = room->query;
  if (query.name.Empty()) return;
  auto name = query.name.Get().As<v8::String>();
  std::string text = ToUtf8(Head(name, kDoorName));
  bool stored = FromSlot<v8::Object>(room->global)->HasRealNamedProperty(room->Context(), name)
                    .FromMaybe(false);
  query.name.Clear();
  if (!stored) goBlocked(room->id, query.how, text.data(), int(text.size()), query.at, query.count);
}

bool Counts(sr_room* room, int how, v8::Local<v8::String> name) {
  std::string text = ToUtf8(Head(name, kDoorName));
  return goCounts(room->id, how, text.data(), int(text.size())) != 0;
}

void Blocked(sr_room* room, int how, v8::Local<v8::String> name) {
  ReportQuery(room);
  std::string text = ToUtf8(Head(name, kDoorName));
  goBlocked(room->id, how, text.data(), int(text.size()), Caller(room), 1);
}

// The object behind the global has a handler that V8 asks only once it has
// found a name nowhere. It never intercepts: V8 goes on as if it had not
// asked. A name that stands by itself is looked up on the global object; one
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
// store begin alike. The source at the place of the query distinguishes most of them
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
  if (use == Use::kStore) ReportQuery(room);  // the name may be there soon
  if (use != Use::kUnknown) return v8::Intercepted::kNo;
  sr_position at = Caller(room);
  Query& query = room->query;
  bool again = !query.name.Empty() && *SlotOf(query.name.Get()) == *SlotOf(name) &&
               query.at.line == at.line && query.at.column == at.column;
  if (!again) {
    ReportQuery(room);
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

void WatchDoors(sr_room* room) {
  room->global_object.Set(room->isolate, FromSlot<v8::Object>(room->global)->GetPrototype());
  room->isolate->SetModifyCodeGenerationFromStringsCallback(OnCodegen);
  room->isolate->SetHostImportModuleDynamicallyCallback(OnImport);
}

}  // namespace shim

using namespace shim;

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

void sr_allow_codegen(sr_room* room, int allow) {
  Entered in(room);
  in.context->AllowCodeGenerationFromStrings(allow != 0);
}

void sr_dynamic_names(sr_room* room) { room->dynamic_names = true; }

}  // extern "C"
