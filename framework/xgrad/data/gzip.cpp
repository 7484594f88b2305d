#include "xgrad/data/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <limits>

#include "xgrad/core/format.h"

namespace xgrad::data {

struct GzipReader::State {
  std::string_view content;
  std::string label;
  z_stream stream{};
  bool ended = false;

  std::size_t offset() const {
    return static_cast<std::size_t>(stream.next_in -
                                    reinterpret_cast<const unsigned char*>(content.data()));
  }
};

bool is_gzip(std::string_view content) { return content.starts_with("\x1f\x8b"); }

GzipReader::GzipReader(std::string_view content, const std::string& label)
    : state_(std::make_unique<State>()) {
  state_->content = content;
  state_->label = label;
  // zlib does not write to its input; its type only lacks a const.
  state_->stream.next_in = reinterpret_cast<unsigned char*>(const_cast<char*>(content.data()));
  const int result = inflateInit2(&state_->stream, 16 + MAX_WBITS);  // 16: gzip and nothing else
  check(result == Z_OK, "{}: cannot start to decompress: {}", label, zError(result));
}

GzipReader::~GzipReader() { inflateEnd(&state_->stream); }

std::size_t GzipReader::read(void* out, std::size_t bytes) {
  State& state = *state_;
  z_stream& stream = state.stream;
  constexpr std::size_t most = std::numeric_limits<uInt>::max();  // zlib counts in 32 bits
  std::size_t done = 0;
  while (done < bytes && !state.ended) {
    const std::size_t left = state.content.size() - state.offset();
    const std::size_t room = std::min(bytes - done, most);
    stream.avail_in = static_cast<uInt>(std::min(left, most));
    stream.next_out = static_cast<unsigned char*>(out) + done;
    stream.avail_out = static_cast<uInt>(room);
    const int result = inflate(&stream, Z_NO_FLUSH);
    done += room - stream.avail_out;
    if (result == Z_STREAM_END) {
      state.ended = true;
      check(state.offset() == state.content.size(),
            "{}: trailing bytes after the gzip data at byte {}, expected the end of the file",
            state.label, state.offset());
    } else if (result == Z_BUF_ERROR || (result == Z_OK && state.offset() == state.content.size() &&
                                         stream.avail_out != 0)) {
      fail("{}: truncated gzip data at byte {}, expected more", state.label, state.content.size());
    } else if (result != Z_OK) {
      fail("{}: damaged gzip data at byte {}, expected a valid stream ({})", state.label,
           state.offset(), stream.msg == nullptr ? zError(result) : stream.msg);
    }
  }
  return done;
}

}  // namespace xgrad::data
