// What v8go lacks, for Go: one room for each v8::Isolate. Only sr_stop,
// sr_prepare_stop and sr_request_sample may be called off its thread (and the two
// sr_take_… readers, which only touch the room's own buffers).
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sr_room sr_room;

typedef struct {
  int line, column;  // 1-based; 0 where unknown
} sr_position;

// Bytes that the caller frees with free(); UTF-8, lone surrogates replaced.
typedef struct {
  char* data;
  int length;
} sr_text;

enum { SR_VALUE, SR_THREW, SR_TERMINATED };           // how a step ended
// What a guest tried: a name by itself, one as a property of the global, code
// from text, or an import. The first two are names that the room lacks.
enum { SR_NAME, SR_PROPERTY, SR_CODEGEN, SR_IMPORT };
enum { SR_NOT_A_PROMISE, SR_PENDING, SR_FULFILLED, SR_REJECTED };

typedef struct {
  int64_t at_ns;  // CLOCK_MONOTONIC
  uint64_t used, committed, external, malloced;
  sr_position where;  // of the guest, at a requested one; zero where it is not known
} sr_sample;

typedef struct {
  const char* name;  // V8's own, static
  uint64_t used, committed;
} sr_space;

typedef struct {
  int secure;               // V8's own answer: all of its sandbox is reserved
  uint64_t size, reserved;  // the sandbox, alone and with its guard regions; 0: none
  int pointer_bytes;        // of a pointer in an object; 0 where that cannot be seen
} sr_cage;

typedef struct {
  int64_t at_ns, took_ns;
  int32_t type, count;  // v8::GCType; how many were folded into this entry
  uint64_t before, after;
} sr_gc;

// Reports the names that a guest looks up in vain. Call it for the template
// (v8go's m_template*) of the global's prototype, before a context is made.
void sr_watch_names(void* isolate, void* behind_global);

// isolate and global are v8go's pointers (v8::Isolate*, m_value*); id comes
// back in every Go callback. heap_limit is in bytes.
sr_room* sr_open(void* isolate, void* global, uintptr_t id, uint64_t heap_limit);

// Runs the prelude, whose frames no stack shows, and sets its value as a
// property of holder (an m_value*).
int sr_run_own(sr_room*, const char* source, int length, void* holder, const char* name);
sr_position sr_caller(sr_room*);
sr_text sr_stack(sr_room*, void* value);

// What V8 knows a value to be, in the numbers of prelude/inspect.js.
int sr_kind(void* value);
// Set holder.list (of an m_value*): the names of an object's own properties but
// its indices; or what a map, a set or an iterator of one holds, where the result
// says whether keys and values alternate. No code of the guest's runs for either.
void sr_names(sr_room*, void* value, void* holder);
int sr_entries(sr_room*, void* value, void* holder);

void sr_allow_codegen(sr_room*, int allow);

// The guest may have `with` or eval, where a name is looked up while it runs.
void sr_dynamic_names(sr_room*);

typedef struct {
  const char* text;  // UTF-8
  int length;
  const char* name;
  int repl;                        // with top-level await; its value is in a promise
  int line_offset, column_offset;  // of the text's start; the column's is for its first line
} sr_source;

// Whether the texts that are compiled next were made from the guest's: places in
// them are then given back as goOriginal says.
void sr_translated(sr_room*, int translated);
// Compiles a text; the room keeps the script, or what is wrong with it.
int sr_compile(sr_room*, const sr_source*);
// Runs that script; the room keeps its value, or what it threw.
int sr_run(sr_room*);
// Starts or stops noting where promises begin to wait. only_throw is where a guest
// throws, if it has one place that does.
void sr_note_awaits(sr_room*, int on, sr_position only_throw);
sr_position sr_awaited_at(sr_room*);  // the newest place that still waits
int sr_drain(sr_room*);                                       // microtasks
// Calls a microtask that the guest queued by itself: when it throws, the drain
// under way ends with that.
void sr_call_alone(sr_room*, void* function, void* receiver);
// Runs what V8's own threads have finished, such as a compiled WebAssembly
// module; more: they are still at work.
int sr_pump(sr_room*, int* ran, int* more);
int sr_call(sr_room*, void* function, double argument);       // a prelude hook that runs guest code
int sr_promise(sr_room*);                                     // what the kept value is
void sr_settle(sr_room*, int unwrap_repl);                    // the kept promise gives way to its result
int sr_take_rejection(sr_room*);                              // 1: an unhandled rejection is now what was thrown

// Calls hook(kept value, argument) for a text.
int sr_describe_value(sr_room*, void* hook, double argument, sr_text* out);
// Calls hook(what was thrown, argument, frames) for a text. The frames are those
// of an error whose stack was never asked for, else none; stack_getter is V8's.
int sr_describe_thrown(sr_room*, void* hook, void* stack_getter, double argument, sr_text* out);
void sr_thrown_at(sr_room*, sr_position*, sr_text* stack);

// The first max UTF-16 units of a string, without flattening it.
sr_text sr_head(sr_room*, void* value, int max);

// How many bytes of UTF-8 a string is, without flattening it; 0 where to find
// out takes too long.
int64_t sr_size(sr_room*, void* value);

void sr_stop(sr_room*);  // repeat until the run returns
void sr_prepare_stop(sr_room*);  // of a stop that comes soon
sr_position sr_stopped_at(sr_room*);
int sr_near_heap_limit(sr_room*);
void sr_request_sample(sr_room*);
int sr_take_sample(sr_room*, sr_sample*);
int sr_take_gcs(sr_room*, sr_gc* out, int capacity);
void sr_heap(sr_room*, sr_sample*);                        // on the isolate's thread only
void sr_read_cage(sr_room*, sr_cage*);                 // on the isolate's thread only
int sr_spaces(sr_room*, sr_space* out, int capacity);  // on the isolate's thread only


// ---- profiles: where time and memory went -----------------------------------

// Whose code a function is: the guest's, text that it had evaluated, V8's, or what
// V8 did for itself.
enum { SR_GUEST, SR_EVALUATED, SR_BUILTIN, SR_ENGINE };

typedef struct {
  const char* name;  // UTF-8 as V8 has it, the guest's choice; not ended by a 0
  int name_length;
  int kind;
  int line, column;  // where it begins, 1-based; 0 where unknown
} sr_function;

// A function as called from a line of its parent's; node 0 is the root.
typedef struct {
  int parent, function, line;
} sr_call_node;

typedef struct {
  int64_t at_us;   // CLOCK_MONOTONIC
  int node, line;  // the line within the node's function; 0 where unknown
} sr_tick;

// A line of the guest's that allocates, with the bytes and objects that samples
// stand for: in all, and those still alive.
typedef struct {
  int function, line;
  uint64_t bytes, live_bytes;
} sr_allocation;

// A part of a profile: what was sampled since the part before. Allocations are
// those of the whole run.
typedef struct {
  const sr_function* functions;
  const sr_call_node* nodes;
  const sr_tick* ticks;
  const sr_function* allocators;
  const sr_allocation* allocations;
  int function_count, node_count, tick_count, allocator_count, allocation_count;
} sr_part;

// Begins to sample, on the isolate's thread; the times are microseconds between
// two samples. It returns 0 where V8 refuses.
int sr_profile_begin(sr_room*, int every_us);
// Asks for a part at the next point where V8 can be interrupted; any thread.
void sr_profile_request(sr_room*);
// Ends sampling with the last part, on the isolate's thread.
void sr_profile_end(sr_room*);
// The oldest part that was not yet taken, to be given back to sr_profile_free;
// null: none. Any thread.
const sr_part* sr_profile_take(sr_room*);
void sr_profile_free(const sr_part*);

#ifdef __cplusplus
}
#endif
