#include <zlib.h>

#include <algorithm>

#include "xgrad/core/format.h"
#include "xgrad/io/base64.h"
#include "xgrad/io/zip_fields.h"
#include "xgrad/io/zip_reader.h"

namespace xgrad::io {

namespace {

class MemberStream : public ByteStream {
 public:
  // `data` is where the packed bytes begin.
  MemberStream(Source& source, const ZipMember& member, std::uint64_t data)
      : ByteStream(source, fmt::format("member \"{}\": ", member.name)),
        member_(member),
        packed_left_(member.packed) {
    source_.seek(data);
    if (member_.method == 8) {
      const int result = inflateInit2(&stream_, -MAX_WBITS);  // raw: zip has headers of its own
      check(result == Z_OK, "{}: cannot start to decompress: {}", source_.label(), zError(result));
    }
  }
  ~MemberStream() override {
    if (member_.method == 8) inflateEnd(&stream_);
  }
  MemberStream(const MemberStream&) = delete;
  MemberStream& operator=(const MemberStream&) = delete;

  std::uint64_t left() const override { return member_.size - done_; }

  std::size_t read(void* out, std::size_t bytes) override {
    bytes = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, left()));
    if (member_.method == 8) {
      unpack(static_cast<unsigned char*>(out), bytes);
    } else if (!source_.read(out, bytes)) {
      fail("truncated", fmt::format("{} bytes", member_.size));
    }
    crc_ = crc32_of(out, bytes, crc_);
    done_ += bytes;
    if (done_ == member_.size) finish();
    return bytes;
  }

  void finish() {
    if (member_.method == 8 && !ended_) {
      unsigned char more;
      if (unpack(&more, 1, true) != 0)
        fail("more data than its size", std::to_string(member_.size));
    }
    if (member_.method == 8 && packed_left_ != 0) {
      fail("trailing bytes after the deflated data", fmt::format("{} fewer", packed_left_));
    }
    if (crc_ != member_.crc) {
      fail(fmt::format("crc32 {} does not match the data", member_.crc), std::to_string(crc_));
    }
  }

 private:
  // Decompresses `bytes` bytes, all of them unless `may_end`; returns how many.
  std::size_t unpack(unsigned char* out, std::size_t bytes, bool may_end = false) {
    std::size_t done = 0;
    while (done < bytes && !ended_) {
      if (source_.here() == source_.limit()) source_.need(1);
      const auto at_hand = static_cast<std::uint64_t>(source_.limit() - source_.here());
      const auto now = static_cast<uInt>(std::min(at_hand, packed_left_));
      const auto room = static_cast<uInt>(std::min<std::size_t>(bytes - done, 1U << 30));
      stream_.next_in =
          reinterpret_cast<unsigned char*>(const_cast<char*>(source_.here()));  // only read
      stream_.avail_in = now;
      stream_.next_out = out + done;
      stream_.avail_out = room;
      const int result = inflate(&stream_, Z_NO_FLUSH);
      const uInt taken = now - stream_.avail_in;
      source_.advance_to(source_.here() + taken);
      packed_left_ -= taken;
      done += room - stream_.avail_out;
      if (result == Z_STREAM_END) {
        ended_ = true;
      } else if (result != Z_OK) {
        fail("damaged deflated data", fmt::format("a valid stream ({})", zError(result)));
      }
    }
    if (done < bytes && !may_end) fail("less data than its size", std::to_string(member_.size));
    return done;
  }

  ZipMember member_;
  std::uint64_t packed_left_;
  std::uint64_t done_ = 0;
  std::uint32_t crc_ = 0;
  bool ended_ = false;
  z_stream stream_{};
};

}  // namespace

std::unique_ptr<ByteStream> open_zip_member(Source& source, const ZipMember& member) {
  const std::string head = read_bytes(source, member.offset, 30, "a zip member");
  if (!head.starts_with("PK\3\4")) source.fail("bad zip member", member.offset, "\"PK\\3\\4\"");
  const std::size_t name_size = u16(head, 26);
  const std::string name = read_bytes(source, member.offset + 30, name_size, "a name");
  if (name != member.name) {
    source.fail(fmt::format("zip member \"{}\" is called otherwise here", member.name),
                member.offset + 30, "the name in the zip directory");
  }
  const std::uint64_t data = member.offset + 30 + name_size + u16(head, 28);
  if (data > source.size() || member.packed > source.size() - data) {
    source.fail(fmt::format("truncated zip member \"{}\"", member.name), source.size(),
                fmt::format("{} bytes from byte {}", member.packed, data));
  }
  // Deflate makes at most 1032 bytes of one: a size beyond that is a lie, told before it costs
  // memory.
  const bool possible =
      member.method == 0 ? member.size == member.packed : member.size / 1032 <= member.packed;
  if (!possible) {
    source.fail(fmt::format("zip member \"{}\" of {} bytes", member.name, member.size),
                member.offset, fmt::format("a size that {} packed bytes can hold", member.packed));
  }
  auto stream = std::make_unique<MemberStream>(source, member, data);
  if (member.size == 0) stream->finish();
  return stream;
}

}  // namespace xgrad::io
