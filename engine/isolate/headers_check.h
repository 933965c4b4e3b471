// What the shim takes for granted about V8's types. It is compiled against our
// own declarations (v8api.h) in every build, and by headers_test.go against
// V8's real headers (REAL_V8_HEADERS): the same numbers must hold in both.
#pragma once

// Objects that we make on our stack, or read where V8 put them.
static_assert(sizeof(v8::Local<v8::Value>) == 8);
static_assert(sizeof(v8::MaybeLocal<v8::Value>) == 8);
static_assert(sizeof(v8::Maybe<bool>) == 2);
static_assert(sizeof(v8::Maybe<int>) == 8);
static_assert(sizeof(v8::TryCatch) == 48);
static_assert(sizeof(v8::HandleScope) == 24);
static_assert(sizeof(v8::Locker) == 16);
static_assert(sizeof(v8::HeapStatistics) == 112);
static_assert(sizeof(v8::HeapSpaceStatistics) == 40);
static_assert(sizeof(v8::ScriptOrigin) == 40);
static_assert(sizeof(v8::ScriptOriginOptions) == 4);
static_assert(sizeof(v8::PromiseRejectMessage) == 24);
static_assert(sizeof(v8::ScriptCompiler::CompilationDetails) == 24);
static_assert(sizeof(v8::Location) == 8);
static_assert(sizeof(v8::OOMDetails) == 16);
static_assert(sizeof(v8::ModifyCodeGenerationFromStringsResult) == 16);
static_assert(sizeof(v8::PropertyCallbackInfo<v8::Value>) == 64);
static_assert(sizeof(v8::NamedPropertyHandlerConfiguration) == 72);
static_assert(offsetof(v8::NamedPropertyHandlerConfiguration, query) == 16);
static_assert(offsetof(v8::NamedPropertyHandlerConfiguration, flags) == 64);

// Numbers that cross between us and V8.
static_assert(v8::kPromiseRejectWithNoHandler == 0 && v8::kPromiseHandlerAddedAfterReject == 1);
static_assert(v8::Promise::kPending == 0 && v8::Promise::kFulfilled == 1 && v8::Promise::kRejected == 2);
static_assert(v8::kGCTypeScavenge == 1 && v8::kGCTypeMinorMarkSweep == 2 &&
              v8::kGCTypeMarkSweepCompact == 4 && v8::kGCTypeIncrementalMarking == 8 &&
              v8::kGCTypeProcessWeakCallbacks == 16 && v8::kGCTypeAll == 31);
static_assert(int(v8::PromiseHookType::kInit) == 0 && int(v8::PromiseHookType::kBefore) == 2);
static_assert(v8::ScriptCompiler::kNoCompileOptions == 0 && v8::ScriptCompiler::kNoCacheNoReason == 0);
static_assert(int(v8::MicrotasksPolicy::kExplicit) == 0);
static_assert(int(v8::Intercepted::kNo) == 0 && sizeof(v8::Intercepted) == 1);
static_assert(int(v8::PropertyHandlerFlags::kNonMasking) == 1 &&
              int(v8::PropertyHandlerFlags::kOnlyInterceptStrings) == 2);
static_assert(int(v8::NewStringType::kNormal) == 0);
static_assert(int(v8::KeyCollectionMode::kOwnOnly) == 0 && int(v8::PropertyFilter::ALL_PROPERTIES) == 0 &&
              int(v8::IndexFilter::kSkipIndices) == 1 && int(v8::KeyConversionMode::kConvertToString) == 0);
static_assert(int(v8::platform::MessageLoopBehavior::kDoNotWait) == 0);
static_assert(v8::StackTrace::kOverview == 15 && v8::StackTrace::kDetailed == 127);

#ifdef REAL_V8_HEADERS
// Where StringNode finds what the public headers have.
static_assert(v8::internal::kHeapObjectTag == 1);
static_assert(v8::internal::kApiTaggedSize == 4, "pointers are compressed");
static_assert(v8::internal::Internals::kHeapObjectMapOffset == 0);
static_assert(v8::internal::Internals::kMapInstanceTypeOffset == 8);
static_assert(v8::internal::Internals::kStringRepresentationAndEncodingMask == 0xf);
static_assert(v8::internal::Internals::kStringEncodingMask == 8);
static_assert(v8::internal::Internals::kExternalTwoByteRepresentationTag == 2);
static_assert(v8::internal::Internals::kStringResourceOffset == 12);
#endif
