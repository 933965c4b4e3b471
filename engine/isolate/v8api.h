// The few declarations of V8 that the shim uses, written by hand: v8go links
// V8 but does not hand out its headers. Names, parameters and layouts must be
// V8's own, so that calls mangle to the symbols in v8go's archive; a method
// whose signature drifts fails at link time, and headers_test.go compiles
// the shim against the real headers (REAL_V8_HEADERS) to catch the rest: what
// must be true of both is in headers_check.h.
#pragma once
#include <cstddef>
#include <cstdint>

namespace v8 {

namespace internal {
class Isolate;
using Address = uintptr_t;
}  // namespace internal

class Array;
class Context;
class Data;
class FixedArray;
class Isolate;
class Object;
class HeapProfiler;
class Promise;
class Script;
class UnboundScript;
class Value;

// A handle is one pointer to a slot that holds the object's tagged address.
template <class T>
class Local {
 public:
  Local() = default;
  template <class S>
  Local(Local<S> that) : slot_(*reinterpret_cast<internal::Address**>(&that)) {}
  bool IsEmpty() const { return slot_ == nullptr; }
  T* operator->() const { return reinterpret_cast<T*>(slot_); }
  template <class S>
  Local<S> As() const {
    Local<S> out;
    *reinterpret_cast<internal::Address**>(&out) = slot_;
    return out;
  }

 private:
  internal::Address* slot_ = nullptr;
};

template <class T>
class MaybeLocal {
 public:
  MaybeLocal() = default;
  template <class S>
  MaybeLocal(Local<S> that) : local_(that) {}
  template <class S>
  bool ToLocal(Local<S>* out) const {
    *out = local_;
    return !local_.IsEmpty();
  }

 private:
  Local<T> local_;
};

template <class T>
class Maybe {
 public:
  T FromMaybe(const T& otherwise) const { return has_ ? value_ : otherwise; }

 private:
  bool has_;
  T value_;
};

class Data {};
class FixedArray : public Data {};

class Value : public Data {
 public:
  bool IsPromise() const;
  bool IsName() const;  // a string or a symbol
  bool IsSymbol() const;
  bool IsArgumentsObject() const;
  bool IsArrayBuffer() const;
  bool IsAsyncFunction() const;
  bool IsBigIntObject() const;
  bool IsBooleanObject() const;
  bool IsDataView() const;
  bool IsDate() const;
  bool IsFunction() const;
  bool IsGeneratorFunction() const;
  bool IsMap() const;
  bool IsMapIterator() const;
  bool IsNativeError() const;
  bool IsNumberObject() const;
  bool IsProxy() const;
  bool IsRegExp() const;
  bool IsSet() const;
  bool IsSetIterator() const;
  bool IsSharedArrayBuffer() const;
  bool IsStringObject() const;
  bool IsSymbolObject() const;
  bool IsTypedArray() const;
  bool IsWeakMap() const;
  bool IsWeakSet() const;
};

class Primitive : public Value {};
class Name : public Primitive {};

enum class NewStringType { kNormal, kInternalized };

class String : public Name {
 public:
  int Length() const;
  static MaybeLocal<String> NewFromUtf8(Isolate*, const char*, NewStringType, int length);
};

class Number : public Primitive {
 public:
  static Local<Number> New(Isolate*, double);
};
class Integer : public Number {};

enum class KeyCollectionMode { kOwnOnly, kIncludePrototypes };
enum PropertyFilter { ALL_PROPERTIES = 0 };
enum class IndexFilter { kIncludeIndices, kSkipIndices };
enum class KeyConversionMode { kConvertToString, kKeepNumbers, kNoNumbers };

class Object : public Value {
 public:
  MaybeLocal<Value> Get(Local<Context>, Local<Value> key);
  Maybe<bool> Set(Local<Context>, Local<Value> key, Local<Value> value);
  Maybe<bool> HasRealNamedProperty(Local<Context>, Local<Name>);
  MaybeLocal<Context> GetCreationContext();
  MaybeLocal<Array> GetPropertyNames(Local<Context>, KeyCollectionMode, PropertyFilter, IndexFilter,
                                     KeyConversionMode);
  MaybeLocal<Array> PreviewEntries(bool* is_key_value);
  Local<Value> GetPrototype();  // of the global's proxy: the global object itself
};

class Array : public Object {};

class Function : public Object {
 public:
  MaybeLocal<Value> Call(Local<Context>, Local<Value> receiver, int argc, Local<Value> argv[]);
};

class Promise : public Object {
 public:
  enum PromiseState { kPending, kFulfilled, kRejected };
  class Resolver : public Object {
   public:
    static MaybeLocal<Resolver> New(Local<Context>);
    Local<Promise> GetPromise();
    Maybe<bool> Reject(Local<Context>, Local<Value>);
  };
  PromiseState State();
  Local<Value> Result();
  void MarkAsHandled();
};

enum class PromiseHookType { kInit, kResolve, kBefore, kAfter };

enum PromiseRejectEvent {
  kPromiseRejectWithNoHandler = 0,
  kPromiseHandlerAddedAfterReject = 1,
  kPromiseRejectAfterResolved = 2,
  kPromiseResolveAfterResolved = 3,
};

class PromiseRejectMessage {
 public:
  Local<Promise> GetPromise() const { return promise_; }
  PromiseRejectEvent GetEvent() const { return event_; }
  Local<Value> GetValue() const { return value_; }

 private:
  Local<Promise> promise_;
  PromiseRejectEvent event_;
  Local<Value> value_;
};

class Context : public Data {
 public:
  void Enter();
  void Exit();
  void AllowCodeGenerationFromStrings(bool allow);
};

// What a property access was about, for those who intercept it.
template <class T>
class PropertyCallbackInfo {
 public:
  Local<Object> This() const {
    Local<Object> out;
    *reinterpret_cast<const internal::Address**>(&out) = &args_[kThisIndex];
    return out;
  }

 private:
  static constexpr int kThisIndex = 7, kArgsLength = 8;
  internal::Address args_[kArgsLength];
};

enum class Intercepted : uint8_t { kNo = 0, kYes = 1 };
enum class PropertyHandlerFlags { kNone = 0, kNonMasking = 1, kOnlyInterceptStrings = 2, kHasNoSideEffect = 4 };

struct NamedPropertyHandlerConfiguration {
  using Getter = Intercepted (*)(Local<Name>, const PropertyCallbackInfo<Value>&);
  using Query = Intercepted (*)(Local<Name>, const PropertyCallbackInfo<Integer>&);
  NamedPropertyHandlerConfiguration(Getter g, void*, Query q, void*, void*, Local<Value>,
                                    PropertyHandlerFlags f)
      : getter(g), query(q), flags(f) {}
  Getter getter;
  void* setter = nullptr;
  Query query;
  void *deleter = nullptr, *enumerator = nullptr, *definer = nullptr, *descriptor = nullptr;
  Local<Value> data;
  PropertyHandlerFlags flags;
};

class ObjectTemplate : public Data {
 public:
  void SetHandler(const NamedPropertyHandlerConfiguration&);
};

class ScriptOriginOptions {
 public:
  ScriptOriginOptions() : flags_(0) {}

 private:
  const int flags_;
};

class ScriptOrigin {
 public:
  explicit ScriptOrigin(Local<Value> name, int line_offset = 0, int column_offset = 0)
      : resource_name_(name),
        resource_line_offset_(line_offset),
        resource_column_offset_(column_offset) {}
  int ScriptId() const { return script_id_; }

 private:
  Local<Value> resource_name_;
  int resource_line_offset_;
  int resource_column_offset_;
  ScriptOriginOptions options_;
  int script_id_ = -1;
  Local<Value> source_map_url_;
  Local<Data> host_defined_options_;
};

class Script : public Data {
 public:
  static MaybeLocal<Script> Compile(Local<Context>, Local<String>, ScriptOrigin*);
  MaybeLocal<Value> Run(Local<Context>);
  Local<UnboundScript> GetUnboundScript();
};

class ScriptCompiler {
 public:
  enum CompileOptions { kNoCompileOptions = 0 };
  enum NoCacheReason { kNoCacheNoReason = 0 };
  enum class InMemoryCacheResult { kNotAttempted };
  struct CompilationDetails {
    InMemoryCacheResult in_memory_cache_result = InMemoryCacheResult::kNotAttempted;
    int64_t foreground_time_in_microseconds = -1;
    int64_t background_time_in_microseconds = -1;
  };
};

class UnboundScript : public Data {
 public:
  Local<Script> BindToCurrentContext();
  int GetId() const;
};

class Location {
 public:
  int GetLineNumber() { return line_number_; }
  int GetColumnNumber() { return column_number_; }

 private:
  int line_number_;
  int column_number_;
};

class StackFrame {
 public:
  Location GetLocation() const;
  int GetScriptId() const;
  Local<String> GetScriptName() const;
  Local<String> GetFunctionName() const;
  Local<String> GetScriptSource() const;
  int GetSourcePosition() const;
  bool IsEval() const;
  bool IsWasm() const;
};

class StackTrace {
 public:
  enum StackTraceOptions { kOverview = 15, kDetailed = 127 };
  Local<StackFrame> GetFrame(Isolate*, uint32_t index) const;
  int GetFrameCount() const;
  static Local<StackTrace> CurrentStackTrace(Isolate*, int frame_limit, StackTraceOptions);
};

class Message {
 public:
  Maybe<int> GetLineNumber(Local<Context>) const;
  int GetStartColumn() const;
  ScriptOrigin GetScriptOrigin() const;
  Local<StackTrace> GetStackTrace() const;
};

class Exception {
 public:
  static Local<Value> TypeError(Local<String> message, Local<Value> options);
  static Local<Message> CreateMessage(Isolate*, Local<Value>);
  static Local<StackTrace> GetStackTrace(Local<Value>);
};

class TryCatch {
 public:
  explicit TryCatch(Isolate*);
  ~TryCatch();
  bool HasCaught() const;
  bool HasTerminated() const;
  Local<Value> Exception() const;
  Local<v8::Message> Message() const;

 private:
  void* fields_[6];
};

class HandleScope {
 public:
  explicit HandleScope(Isolate*);
  ~HandleScope();

 private:
  void* fields_[3];
};

class Locker {
 public:
  explicit Locker(Isolate* isolate) { Initialize(isolate); }
  ~Locker();

 private:
  void Initialize(Isolate*);
  void* fields_[2];
};

class HeapStatistics {
 public:
  HeapStatistics();
  size_t total_heap_size() { return fields_[0]; }
  size_t used_heap_size() { return fields_[4]; }
  size_t malloced_memory() { return fields_[6]; }
  size_t external_memory() { return fields_[7]; }

 private:
  size_t fields_[14];
};

class HeapSpaceStatistics {
 public:
  HeapSpaceStatistics();
  const char* space_name() { return space_name_; }
  size_t space_size() { return sizes_[0]; }
  size_t space_used_size() { return sizes_[1]; }

 private:
  const char* space_name_;
  size_t sizes_[4];
};

struct OOMDetails {
  bool is_heap_oom;
  const char* detail;
};

struct ModifyCodeGenerationFromStringsResult {
  bool codegen_allowed = false;
  MaybeLocal<String> modified_source;
};

enum GCType {
  kGCTypeScavenge = 1 << 0,
  kGCTypeMinorMarkSweep = 1 << 1,
  kGCTypeMarkSweepCompact = 1 << 2,
  kGCTypeIncrementalMarking = 1 << 3,
  kGCTypeProcessWeakCallbacks = 1 << 4,
  kGCTypeAll = 31,
};
enum GCCallbackFlags : int {};
enum class MicrotasksPolicy { kExplicit, kScoped, kAuto };

class Isolate {
 public:
  void Enter();
  void Exit();
  void TerminateExecution();
  void CancelTerminateExecution();
  void RequestInterrupt(void (*)(Isolate*, void*), void*);
  void AddNearHeapLimitCallback(size_t (*)(void*, size_t, size_t), void*);
  void AddGCPrologueCallback(void (*)(Isolate*, GCType, GCCallbackFlags, void*), void*, GCType);
  void AddGCEpilogueCallback(void (*)(Isolate*, GCType, GCCallbackFlags, void*), void*, GCType);
  void SetPromiseRejectCallback(void (*)(PromiseRejectMessage));
  void SetPromiseHook(void (*)(PromiseHookType, Local<Promise>, Local<Value> parent));
  void SetPrepareStackTraceCallback(MaybeLocal<Value> (*)(Local<Context>, Local<Value> error, Local<Array> sites));
  void SetOOMErrorHandler(void (*)(const char*, const OOMDetails&));
  void SetMicrotasksPolicy(MicrotasksPolicy);
  void PerformMicrotaskCheckpoint();
  void SetModifyCodeGenerationFromStringsCallback(
      ModifyCodeGenerationFromStringsResult (*)(Local<Context>, Local<Value>, bool));
  void SetHostImportModuleDynamicallyCallback(
      MaybeLocal<Promise> (*)(Local<Context>, Local<Data>, Local<Value>, Local<String>,
                              Local<FixedArray>));
  void SetAllowAtomicsWait(bool);
  bool HasPendingBackgroundTasks();
  HeapProfiler* GetHeapProfiler();
  void GetHeapStatistics(HeapStatistics*);
  size_t NumberOfHeapSpaces();
  bool GetHeapSpaceStatistics(HeapSpaceStatistics*, size_t index);
};

class V8 {
 public:
  static bool IsSandboxConfiguredSecurely();
  static size_t GetSandboxSizeInBytes();
  static size_t GetSandboxReservationSizeInBytes();
};

class Platform;
namespace platform {
enum class MessageLoopBehavior : bool { kDoNotWait = false, kWaitForWork = true };
bool PumpMessageLoop(Platform*, Isolate*, MessageLoopBehavior);
}  // namespace platform

namespace api_internal {
internal::Address* GlobalizeReference(internal::Isolate*, internal::Address);
void DisposeGlobal(internal::Address*);
}  // namespace api_internal

}  // namespace v8
