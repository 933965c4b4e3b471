// Strings, read without flattening them: any V8 call would first make one copy of a
// whole rope, which costs the guest's heap as much as its length.
#include "shim_room.h"

#include <unordered_map>

namespace shim {

// A string is read straight from its nodes. The layout is V8's for pointer
// compression (checked in headers_check.h where the public headers have it, and by
// TestHeadReadsEveryKindOfString).
class StringNode {
 public:
  explicit StringNode(Address tagged) : at_(tagged - 1), base_(tagged & ~Address{0xffffffff}) {}
  int Kind() const { return Read<uint16_t>(Pointer(0), 8) & 0xf; }
  uint32_t Length() const { return Read<uint32_t>(at_, 8); }
  StringNode First() const { return StringNode(Pointer(12) + 1); }
  StringNode Second() const { return StringNode(Pointer(16) + 1); }
  uint32_t SliceOffset() const { return uint32_t(Read<int32_t>(at_, 16)) >> 1; }
  Address At() const { return at_; }
  const char* Characters() const { return reinterpret_cast<const char*>(at_ + 12); }

  static constexpr int kOneByte = 8, kSeq = 0, kCons = 1, kSliced = 3, kThin = 5;

 private:
  template <class T>
  static T Read(Address from, int offset) {
    T out;
    memcpy(&out, reinterpret_cast<const void*>(from + offset), sizeof out);
    return out;
  }
  Address Pointer(int offset) const { return base_ + Read<uint32_t>(at_, offset) - 1; }
  Address at_, base_;
};

// How long a pointer in an object is: a string begins with one, then 8 bytes of
// hash and length, then its characters.
int PointerBytes(v8::Isolate* isolate) {
  constexpr char kText[] = "where do the characters begin";
  v8::Local<v8::String> string;
  if (!v8::String::NewFromUtf8(isolate, kText, v8::NewStringType::kNormal, -1).ToLocal(&string)) return 0;
  auto object = reinterpret_cast<const char*>(*SlotOf(string) - 1);
  for (int bytes : {4, 8})
    if (memcmp(object + bytes + 8, kText, 16) == 0) return bytes;
  return 0;
}

std::u16string Head(v8::Local<v8::String> string, size_t max) {
  std::u16string out;
  std::vector<StringNode> rest;  // right sides still to read; only the newest `max` can matter
  StringNode node(*SlotOf(string));
  size_t take = std::min<size_t>(max, node.Length());
  while (out.size() < take) {
    int kind = node.Kind(), shape = kind & 7;
    if (shape == StringNode::kCons) {
      if (rest.size() >= 2 * take) rest.erase(rest.begin(), rest.begin() + take);
      rest.push_back(node.Second());
      node = node.First();
      continue;
    }
    if (shape == StringNode::kThin) {
      node = node.First();
      continue;
    }
    size_t length = node.Length(), from = 0;
    if (shape == StringNode::kSliced) {
      from = node.SliceOffset();
      node = node.First();
      kind = node.Kind(), shape = kind & 7;
      if (shape == StringNode::kThin) node = node.First(), kind = node.Kind(), shape = kind & 7;
    }
    if (shape != StringNode::kSeq) break;  // external strings do not occur here
    size_t n = std::min(length, take - out.size());
    for (size_t i = 0; i < n; i++) {
      if (kind & StringNode::kOneByte) {
        out.push_back(uint8_t(node.Characters()[from + i]));
      } else {
        char16_t unit;
        memcpy(&unit, node.Characters() + 2 * (from + i), 2);
        out.push_back(unit);
      }
    }
    if (rest.empty()) break;
    node = rest.back();
    rest.pop_back();
  }
  return out;
}

// What a string is in UTF-8, in bytes. Each node counts once, however often a
// rope has it; 0 where there are too many of them, or too much to read. (Halves of
// a surrogate pair in two nodes count as two lone ones, which are longer by two.)
int64_t Size(v8::Local<v8::String> string) {
  constexpr size_t kNodes = 100'000, kUnits = 64 << 20;
  std::unordered_map<Address, int64_t> known;
  std::vector<StringNode> open{StringNode(*SlotOf(string))};
  size_t units = 0;
  while (!open.empty()) {
    StringNode node = open.back();
    int shape = node.Kind() & 7;
    int64_t size = 0;
    if (shape == StringNode::kCons || shape == StringNode::kThin) {
      auto first = known.find(node.First().At());
      if (first == known.end()) {
        open.push_back(node.First());
        continue;
      }
      size = first->second;
      if (shape == StringNode::kCons) {
        auto second = known.find(node.Second().At());
        if (second == known.end()) {
          open.push_back(node.Second());
          continue;
        }
        size += second->second;
      }
    } else {
      size_t length = node.Length(), from = 0;
      StringNode flat = node;
      if (shape == StringNode::kSliced) from = node.SliceOffset(), flat = node.First();
      if ((flat.Kind() & 7) == StringNode::kThin) flat = flat.First();
      units += length;
      if ((flat.Kind() & 7) != StringNode::kSeq || units > kUnits) return 0;
      for (size_t i = from; i < from + length; i++) {
        if (flat.Kind() & StringNode::kOneByte) {
          size += uint8_t(flat.Characters()[i]) < 0x80 ? 1 : 2;
          continue;
        }
        char16_t unit[2]{};
        memcpy(unit, flat.Characters() + 2 * i, i + 1 < from + length ? 4 : 2);
        bool pair = (unit[0] & 0xfc00) == 0xd800 && (unit[1] & 0xfc00) == 0xdc00;
        size += unit[0] < 0x80 ? 1 : unit[0] < 0x800 ? 2 : pair ? 4 : 3;
        i += pair;
      }
    }
    known[node.At()] = size;
    open.pop_back();
    if (known.size() > kNodes || open.size() > kNodes) return 0;
  }
  return known[StringNode(*SlotOf(string)).At()];
}

std::string ToUtf8(const std::u16string& text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); i++) {
    uint32_t c = text[i];
    if (c >= 0xd800 && c < 0xdc00 && i + 1 < text.size() && (text[i + 1] & 0xfc00) == 0xdc00) {
      c = 0x10000 + ((c - 0xd800) << 10) + (text[++i] - 0xdc00);
    } else if (c >= 0xd800 && c < 0xe000) {
      c = 0xfffd;
    }
    if (c < 0x80) {
      out += char(c);
    } else if (c < 0x800) {
      out += {char(0xc0 | c >> 6), char(0x80 | (c & 63))};
    } else if (c < 0x10000) {
      out += {char(0xe0 | c >> 12), char(0x80 | (c >> 6 & 63)), char(0x80 | (c & 63))};
    } else {
      out += {char(0xf0 | c >> 18), char(0x80 | (c >> 12 & 63)), char(0x80 | (c >> 6 & 63)),
              char(0x80 | (c & 63))};
    }
  }
  return out;
}

// At most n units of a string from one on; cheap where it is flat, as sources are.
std::u16string Part(v8::Local<v8::String> string, size_t from, size_t n) {
  StringNode node(*SlotOf(string));
  if ((node.Kind() & 7) == StringNode::kThin) node = node.First();
  if (from >= node.Length()) return {};
  n = std::min<size_t>(n, node.Length() - from);
  if ((node.Kind() & 7) != StringNode::kSeq) return Head(string, from + n).substr(from);
  std::u16string out(n, 0);
  bool one_byte = node.Kind() & StringNode::kOneByte;
  for (size_t i = 0; i < n; i++) {
    const char* at = node.Characters() + (one_byte ? 1 : 2) * (from + i);
    if (one_byte) out[i] = uint8_t(*at);
    else memcpy(&out[i], at, 2);
  }
  return out;
}

sr_text CopyOut(const std::string& text) {
  sr_text out{static_cast<char*>(malloc(text.size() + 1)), int(text.size())};
  memcpy(out.data, text.data(), text.size());
  return out;
}

v8::Local<v8::String> NewString(v8::Isolate* isolate, const std::string& text) {
  v8::Local<v8::String> out;
  (void)v8::String::NewFromUtf8(isolate, text.data(), v8::NewStringType::kNormal, int(text.size()))
      .ToLocal(&out);
  return out;
}

}  // namespace shim

using namespace shim;

extern "C" {

sr_text sr_head(sr_room* room, void* value, int max) {
  return CopyOut(ToUtf8(Head(FromSlot<v8::String>(SlotOfV8goValue(value)), max)));
}

int64_t sr_size(sr_room* room, void* value) {
  Entered in(room);
  return Size(FromSlot<v8::String>(SlotOfV8goValue(value)));
}

void sr_read_cage(sr_room* room, sr_cage* out) {
  Entered in(room);
  *out = {v8::V8::IsSandboxConfiguredSecurely(), v8::V8::GetSandboxSizeInBytes(),
          v8::V8::GetSandboxReservationSizeInBytes(), PointerBytes(room->isolate)};
}

}  // extern "C"
