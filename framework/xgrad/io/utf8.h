// UTF-8 checks, shared by everything that reads or writes names. Private to the library's sources.
#pragma once

#include <cstddef>
#include <string_view>

namespace xgrad::io {

// Bytes of the character (1 to 4) at the front of `text`, or 0 if it is not valid UTF-8: overlong
// forms, surrogates and anything above U+10FFFF are not.
std::size_t utf8_character(std::string_view text);

bool is_utf8(std::string_view text);

}  // namespace xgrad::io
