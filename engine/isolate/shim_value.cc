// Values, looked at without running the guest's code.
#include "shim_room.h"

namespace shim {

// Takes an error's frames in place of the text that V8 would make of them, for
// which it may ask the guest.
v8::MaybeLocal<v8::Value> OnStack(v8::Local<v8::Context>, v8::Local<v8::Value> error, v8::Local<v8::Array> sites) {
  if (current_room) current_room->sites.Set(current_room->isolate, sites);
  return error;
}

// Copies the text that a call into the prelude gave.
int CopyAnswer(sr_room* room, v8::TryCatch& attempt, v8::MaybeLocal<v8::Value> answer, sr_text* out) {
  v8::Local<v8::Value> text;
  if (!answer.ToLocal(&text)) return room->stopping || attempt.HasTerminated() ? SR_TERMINATED : SR_THREW;
  auto string = text.As<v8::String>();
  *out = CopyOut(ToUtf8(Head(string, string->Length())));
  return SR_VALUE;
}

void SetList(sr_room* room, v8::Local<v8::Context> context, void* holder, v8::Local<v8::Array> list) {
  (void)FromSlot<v8::Object>(SlotOfV8goValue(holder))->Set(context, NewString(room->isolate, "list"), list);
}

}  // namespace shim

using namespace shim;

extern "C" {

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

}  // extern "C"
