#include "xgrad/io/base64.h"

#include <catch2/catch.hpp>
#include <cstring>
#include <string>
#include <vector>

using namespace xgrad::io;

namespace {

std::string encoded(std::string_view bytes) {
  std::string text(base64_size(bytes.size()), '?');
  char* end =
      base64_encode(reinterpret_cast<const std::byte*>(bytes.data()), bytes.size(), text.data());
  REQUIRE(end == text.data() + text.size());
  return text;
}

}  // namespace

TEST_CASE("base64 gives the test vectors of RFC 4648") {
  REQUIRE(encoded("").empty());
  REQUIRE(encoded("f") == "Zg==");
  REQUIRE(encoded("fo") == "Zm8=");
  REQUIRE(encoded("foo") == "Zm9v");
  REQUIRE(encoded("foob") == "Zm9vYg==");
  REQUIRE(encoded("fooba") == "Zm9vYmE=");
  REQUIRE(encoded("foobar") == "Zm9vYmFy");
}

TEST_CASE("base64 decodes what it encodes, all pairs of bytes") {
  std::string bytes;
  for (int i = 0; i < 256; ++i) {
    for (int j = 0; j < 256; ++j) bytes += {static_cast<char>(i), static_cast<char>(j), 'x'};
  }
  const std::string text = encoded(bytes);
  std::vector<std::byte> back(bytes.size());
  REQUIRE(base64_decode(text.data(), text.size(), back.data()) == text.size());
  REQUIRE(std::memcmp(back.data(), bytes.data(), bytes.size()) == 0);
}

TEST_CASE("base64 names the first character that is not of the alphabet") {
  std::byte out[6];
  REQUIRE(base64_decode("Zm9vYmF-", 8, out) == 7);
  REQUIRE(base64_decode("Zm9vYm=y", 8, out) == 6);
  REQUIRE(base64_decode("\xffm9vYmFy", 8, out) == 0);
}

TEST_CASE("the last group has exactly its padding, and no bits that no byte uses") {
  std::byte out[2];
  REQUIRE(base64_decode_last("Zg==", 1, out));
  REQUIRE(out[0] == std::byte{'f'});
  REQUIRE(base64_decode_last("Zm8=", 2, out));
  REQUIRE(out[1] == std::byte{'o'});
  REQUIRE_FALSE(base64_decode_last("Zm8=", 1, out));
  REQUIRE_FALSE(base64_decode_last("Zg==", 2, out));
  REQUIRE_FALSE(base64_decode_last("Zh==", 1, out));
  REQUIRE_FALSE(base64_decode_last("Zm9=", 2, out));
  REQUIRE_FALSE(base64_decode_last("Z*==", 1, out));
}

TEST_CASE("crc32 is zlib's, in one piece or in several") {
  REQUIRE(crc32_of("123456789", 9) == 0xCBF43926U);
  REQUIRE(crc32_of("56789", 5, crc32_of("1234", 4)) == 0xCBF43926U);
  REQUIRE(crc32_of(nullptr, 0, 5) == 5);
}
