#include "xgrad/data/idx.h"

#include <zlib.h>

#include <catch2/catch.hpp>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "xgrad/core/error.h"

using namespace xgrad::data;
using xgrad::Dims;

namespace {

std::string idx(int type, const std::vector<std::uint32_t>& sizes, const std::string& data) {
  std::string text = {'\0', '\0', static_cast<char>(type), static_cast<char>(sizes.size())};
  for (std::uint32_t size : sizes) {
    for (int shift = 24; shift >= 0; shift -= 8) text += static_cast<char>(size >> shift);
  }
  return text + data;
}

std::string gzip(const std::string& content) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string out(content.size() + 200, '\0');
  stream.next_in = reinterpret_cast<unsigned char*>(const_cast<char*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<unsigned char*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string error(const std::string& content) {
  try {
    parse_idx(content, "f");
  } catch (const xgrad::Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("an IDX file is read, plain or gzipped") {
  const std::string content = idx(0x08, {2, 1, 3}, "abcdef");
  for (const std::string& file : {content, gzip(content)}) {
    const IdxArray array = parse_idx(file);
    REQUIRE(array.type == IdxType::UInt8);
    REQUIRE(array.shape == Dims{2, 1, 3});
    REQUIRE(std::memcmp(array.bytes.data(), "abcdef", 6) == 0);
    REQUIRE(array.bytes.size() == 6);
  }
}

TEST_CASE("wider elements come in the machine's byte order") {
  const IdxArray ints = parse_idx(idx(0x0C, {2}, std::string("\0\0\1\2\xff\xff\xff\xfe", 8)));
  std::int32_t values[2];
  std::memcpy(values, ints.bytes.data(), 8);
  REQUIRE(values[0] == 258);
  REQUIRE(values[1] == -2);
  const IdxArray reals = parse_idx(idx(0x0E, {}, std::string("\x3f\xf8\0\0\0\0\0\0", 8)));
  double real;
  std::memcpy(&real, reals.bytes.data(), 8);
  REQUIRE(real == 1.5);
  REQUIRE(parse_idx(idx(0x0B, {3, 0}, "")).bytes.empty());
}

TEST_CASE("a malformed IDX file is named with its byte") {
  const std::string good = idx(0x08, {2, 3}, "abcdef");
  CHECK(error("") == "idx f: truncated file at byte 0, expected a magic number of 4 bytes");
  REQUIRE(
      error("PNG!") ==
      "idx f: bad magic number 0x504e4721 at byte 0, expected two zero bytes, a type and a number "
      "of dimensions");
  CHECK(error(idx(0x0A, {1}, "a")) ==
        "idx f: unknown type 0x0a at byte 2, expected 0x08, 0x09, 0x0b, 0x0c, 0x0d or 0x0e");
  CHECK(error(good.substr(0, 10)) ==
        "idx f: truncated file at byte 10, expected 2 sizes of 4 bytes");
  CHECK(error(good.substr(0, 16)) ==
        "idx f: truncated file at byte 16, expected 6 bytes of data for shape [2, 3]");
  REQUIRE(
      error(good + "x") ==
      "idx f: trailing bytes at byte 18, expected 6 bytes of data for shape [2, 3] and no more");
  REQUIRE(
      error(idx(0x08, {0xFFFFFFFF, 0xFFFFFFFF, 0}, "")) ==
      "idx f: size 4294967295 of dimension 1 overflows at byte 8, expected fewer than 2^63 bytes");
  REQUIRE(
      error(idx(0x08, {0xFFFFFFFF}, "abc")) ==
      "idx f: truncated file at byte 11, expected 4294967295 bytes of data for shape [4294967295]");
  REQUIRE(
      error(gzip(good + "x")) ==
      "idx f: trailing bytes at byte 18, expected 6 bytes of data for shape [2, 3] and no more");
  CHECK(error(gzip(good.substr(0, 16))) ==
        "idx f: truncated file at byte 16, expected 6 bytes of data for shape [2, 3]");
  CHECK(error(gzip(good) + "x") ==
        "idx f: trailing bytes after the gzip data at byte 35, expected the end of the file");
  REQUIRE(
      error(gzip(idx(0x08, {0xFFFFFFFF}, "abc"))).starts_with("idx f: truncated file at byte "));
}

TEST_CASE("any cut or flipped bit of an IDX file is an error or, for data, read as it is") {
  const std::string good = idx(0x08, {2, 3}, "abcdef");
  for (std::size_t size = 0; size < good.size(); ++size)
    CHECK(error(good.substr(0, size)) != "no error");
  const std::string packed = gzip(good);
  for (std::size_t size = 0; size < packed.size(); ++size) {
    CHECK(error(packed.substr(0, size)) != "no error");
  }
  for (std::size_t bit = 0; bit < packed.size() * 8; ++bit) {
    std::string damaged = packed;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    INFO("bit " << bit);
    // gzip has bits without a meaning (time, system, the filling of the last byte); its checksum
    // guards the rest.
    if (error(damaged) == "no error") {
      REQUIRE(std::memcmp(parse_idx(damaged).bytes.data(), "abcdef", 6) == 0);
    }
  }
}

TEST_CASE("an IDX file is read from a path") {
  const auto path = std::filesystem::temp_directory_path() / "xgrad-idx-test.gz";
  std::ofstream(path, std::ios::binary) << gzip(idx(0x08, {1}, "a"));
  REQUIRE(read_idx(path.string()).shape == Dims{1});
  std::filesystem::remove(path);
  try {
    read_idx(path.string());
    FAIL("no error");
  } catch (const xgrad::Error& error) {
    REQUIRE(error.what() ==
            "idx " + path.string() + ": cannot open the file: No such file or directory");
  }
}
