// What shim_profile.cc uses of V8's profilers, declared by hand as v8api.h's are,
// and held to V8's own headers by the same test.
#pragma once

#ifdef REAL_V8_HEADERS
#include <v8-profiler.h>
#else
#include <optional>

namespace v8 {

enum class WeakCallbackType { kParameter, kInternalFields };

template <class T>
class WeakCallbackInfo {
 public:
  T* GetParameter() const { return parameter_; }

 private:
  Isolate* isolate_;
  T* parameter_;
  void (**callback_)(const WeakCallbackInfo<T>&);
  void* embedder_fields_[2];
};

namespace api_internal {
void MakeWeak(internal::Address*, void*, void (*)(const WeakCallbackInfo<void>&), WeakCallbackType);
}  // namespace api_internal

class CpuProfileNode {
 public:
  struct LineTick {
    int line;
    unsigned int hit_count;
  };
  enum SourceType { kScript = 0, kBuiltin = 1, kCallback = 2, kInternal = 3, kUnresolved = 4 };
  const char* GetFunctionNameStr() const;
  int GetScriptId() const;
  int GetLineNumber() const;
  int GetColumnNumber() const;
  SourceType GetSourceType() const;
  const CpuProfileNode* GetParent() const;
};

class CpuProfile {
 public:
  int GetSamplesCount() const;
  const CpuProfileNode* GetSample(int index) const;
  int64_t GetSampleTimestamp(int index) const;
  int64_t GetStartTime() const;
  int64_t GetEndTime() const;
  void Delete();
};

enum CpuProfilingMode { kLeafNodeLineNumbers, kCallerLineNumbers };
enum CpuProfilingNamingMode { kStandardNaming, kDebugNaming };
enum CpuProfilingLoggingMode { kLazyLogging, kEagerLogging };
enum class CpuProfilingStatus { kStarted, kAlreadyStarted, kErrorTooManyProfilers };

class CpuProfiler {
 public:
  static CpuProfiler* New(Isolate*, CpuProfilingNamingMode, CpuProfilingLoggingMode);
  static void CollectSample(Isolate*, const std::optional<uint64_t> trace_id);
  void Dispose();
  void SetSamplingInterval(int us);
  CpuProfilingStatus StartProfiling(Local<String> title, CpuProfilingMode, bool record_samples, unsigned max_samples);
  CpuProfile* StopProfiling(Local<String> title);
  static void UseDetailedSourcePositionsForProfiling(Isolate*);
};

class HeapProfiler;

}  // namespace v8
#endif

// V8's own, which no header of it has: that they link is all that is checked, and
// TestProfilePlaces holds their results to what they must be.
namespace v8::internal {
class AllocationObserver;
class Heap {
 public:
  void AddAllocationObserversToAllSpaces(AllocationObserver*, AllocationObserver* of_new_space);
  void RemoveAllocationObserversFromAllSpaces(AllocationObserver*, AllocationObserver* of_new_space);
};
class HeapProfiler {
 public:
  Heap* heap() const;
};
}  // namespace v8::internal

static_assert(v8::CpuProfileNode::kScript == 0 && v8::CpuProfileNode::kInternal == 3);
static_assert(v8::kLeafNodeLineNumbers == 0 && v8::kCallerLineNumbers == 1);
static_assert(v8::kStandardNaming == 0 && v8::kDebugNaming == 1 && v8::kLazyLogging == 0);
static_assert(int(v8::CpuProfilingStatus::kStarted) == 0);
static_assert(int(v8::WeakCallbackType::kParameter) == 0 && sizeof(v8::WeakCallbackInfo<void>) == 40);
