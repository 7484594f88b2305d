// One test for each rule of the format: https://github.com/huggingface/safetensors.
#include "xgrad/io/safetensors.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "io/sample.h"

using namespace xgrad::io;
using sample::error_of;

namespace {

std::string file(const std::string& header, std::size_t bytes) {
  std::string content;
  for (int i = 0; i < 8; ++i) content += static_cast<char>(header.size() >> (8 * i));
  return content + header + std::string(bytes, '\0');
}

std::string error(const std::string& header, std::size_t bytes) {
  return error_of([&] { parse_safetensors(file(header, bytes), "f"); });
}

std::string entry(const std::string& name, const std::string& dtype, const std::string& shape,
                  const std::string& offsets) {
  return "\"" + name + R"(":{"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":)" +
         offsets + "}";
}

std::string written(const Document& document) {
  StringSink sink;
  write_safetensors(sink, document);
  return sink.take();
}

}  // namespace

TEST_CASE("a safetensors file gives back the whole document") {
  const sample::Folder folder;
  const std::string path = folder / "m.safetensors";
  write_safetensors(path, sample::document());
  const Document back = read_safetensors(path);
  REQUIRE(sample::difference(sample::document(), back) == "");
  REQUIRE(back.find("model")->find("head.weight")->data ==
          back.find("model")->find("fc.weight")->data);
}

TEST_CASE("a written file follows the format") {
  const std::string content = written(sample::document());
  const auto size = static_cast<std::size_t>(static_cast<unsigned char>(content[0]) |
                                             static_cast<unsigned char>(content[1]) << 8);
  REQUIRE(size % 8 == 0);
  const auto header = nlohmann::json::parse(content.substr(8, size));
  REQUIRE(header["__metadata__"]["format"] == "pt");
  REQUIRE(header["fc.weight"]["dtype"] == "F32");
  REQUIRE(header["fc.weight"]["shape"] == nlohmann::json::array({2, 3}));
  REQUIRE(header["mask"]["dtype"] == "BOOL");
  REQUIRE(header.contains("optimizer/fc.weight"));
  REQUIRE_FALSE(header.contains("head.weight"));  // a tie, as safetensors.torch.save_model does it
  for (const auto& [name, info] : header.items()) {
    if (name == "__metadata__") continue;
    const std::size_t width = info["dtype"] == "F64" || info["dtype"] == "I64"   ? 8
                              : info["dtype"] == "F32" || info["dtype"] == "I32" ? 4
                                                                                 : 1;
    REQUIRE(info["data_offsets"][0].get<std::size_t>() % width == 0);
  }
}

TEST_CASE("a foreign file becomes one section of parameters") {
  const std::string header =
      R"({"__metadata__":{"format":"pt","who":"me"},)" + entry("b", "U8", "[3]", "[8,11]") + "," +
      entry("a", "F32", "[1,2]", "[0,8]") + "," + entry("empty", "I64", "[0]", "[8,8]") + "}   ";
  const Document document = parse_safetensors(file(header, 11));
  REQUIRE(document.sections.size() == 1);
  REQUIRE(document.find("model")->records.size() == 3);
  REQUIRE(document.find("model")->find("a")->shape == xgrad::Dims{1, 2});
  REQUIRE(document.metadata.at("who").as_string() == "me");
  REQUIRE(parse_safetensors(file("{}", 0)).find("model")->records.empty());
}

TEST_CASE("safetensors: the file holds the length of its header, and the header") {
  CHECK(error_of([] { parse_safetensors("1234567", "f"); }) ==
        "checkpoint f: truncated file at byte 7, expected 8 bytes of length");
  CHECK(error_of([] { parse_safetensors(std::string("\x05\0\0\0\0\0\0\0{}", 10), "f"); }) ==
        "checkpoint f: truncated file at byte 10, expected a header of 5 bytes");
  CHECK(error_of([] { parse_safetensors(std::string("\x01\xe1\xf5\x05\0\0\0\0{}", 10), "f"); }) ==
        "checkpoint f: header of 100000001 bytes at byte 0, expected at most 100000000");
  CHECK(error_of([] { parse_safetensors(std::string(8, '\xff') + "{}", "f"); }) ==
        "checkpoint f: header of 18446744073709551615 bytes at byte 0, expected at most 100000000");
}

TEST_CASE("safetensors: the header is one JSON object from its first byte") {
  CHECK(error("[]", 0) == "checkpoint f: unexpected '[' at byte 8, expected '{'");
  CHECK(error(" {}", 0) == "checkpoint f: unexpected ' ' at byte 8, expected '{'");
  CHECK(error("", 0) == "checkpoint f: truncated file at byte 8, expected '{'");
  CHECK(error("{", 0) == "checkpoint f: truncated file at byte 9, expected a key or '}'");
  CHECK(error("{\"\xff\":1}", 0) == "checkpoint f: invalid UTF-8 at byte 10, expected UTF-8");
  CHECK(error("{}x", 0) ==
        "checkpoint f: unexpected 'x' at byte 10, expected spaces up to the end of the header");
  CHECK(error_of([] { parse_safetensors(std::string("\x01\0\0\0\0\0\0\0{}", 10), "f"); }) ==
        "checkpoint f: header runs over its length at byte 10, expected its end at byte 9");
}

TEST_CASE("safetensors: keys are unique") {
  CHECK(error("{" + entry("a", "U8", "[1]", "[0,1]") + "," + entry("a", "U8", "[1]", "[1,2]") + "}",
              2) == "checkpoint f: duplicate key \"a\" at byte 61, expected each key once");
  CHECK(error(R"({"a":{"dtype":"U8","dtype":"U8"}})", 0) ==
        "checkpoint f: duplicate key \"dtype\" at byte 27, expected each key once");
  CHECK(error(R"({"__metadata__":{"a":"1","a":"2"}})", 0) ==
        "checkpoint f: duplicate key \"a\" at byte 33, expected each key once");
}

TEST_CASE("safetensors: metadata maps strings to strings") {
  CHECK(error(R"({"__metadata__":{"a":1}})", 0) ==
        "checkpoint f: unexpected '1' at byte 29, expected a string");
  CHECK(error(R"({"__metadata__":[]})", 0) ==
        "checkpoint f: unexpected '[' at byte 24, expected an object of strings");
}

TEST_CASE("safetensors: an entry has dtype, shape and data_offsets and nothing else") {
  CHECK(error(R"({"a":{"dtype":"U8","shape":[]}})", 0) ==
        "checkpoint f: missing key \"data_offsets\" of \"a\" at byte 9, expected \"dtype\", "
        "\"shape\" and \"data_offsets\"");
  CHECK(error(R"({"a":{"x":1}})", 0) ==
        "checkpoint f: unknown key \"x\" at byte 14, expected \"dtype\", \"shape\" or "
        "\"data_offsets\"");
  CHECK(error("{" + entry("a", "BF16", "[1]", "[0,2]") + "}", 2) ==
        "checkpoint f: unknown dtype \"BF16\" at byte 22, expected F64, F32, I64, I32, U8 or BOOL");
  CHECK(error("{" + entry("a", "U8", "[-1]", "[0,1]") + "}", 1) ==
        "checkpoint f: negative size -1 at byte 36, expected a size of 0 or more");
}

TEST_CASE("safetensors: data_offsets are two, in order") {
  const std::string expected =
      "checkpoint f: bad data_offsets at byte 54, expected two offsets, the end not before the "
      "beginning";
  for (const char* offsets : {"[0]", "[0,1,2]", "[]", "[1,0]", "[-1,0]"}) {
    CHECK(error("{" + entry("a", "U8", "[1]", offsets) + "}", 1) == expected);
  }
}

TEST_CASE("safetensors: the bytes are shape times dtype, without overflow") {
  CHECK(error("{" + entry("a", "F32", "[2]", "[0,7]") + "}", 7) ==
        "checkpoint f: \"a\" has 7 bytes of data at byte 9, expected 8 for shape [2]");
  CHECK(error("{" + entry("a", "F32", "[4294967296,4294967296]", "[0,0]") + "}", 0) ==
        "checkpoint f: shape [4294967296, 4294967296] of \"a\" overflows at byte 9, expected fewer "
        "than 2^63 bytes");
}

TEST_CASE("safetensors: neither overlap nor hole, nor bytes behind") {
  const auto two = [](const char* a, const char* b, std::size_t bytes) {
    return error("{" + entry("a", "U8", "[2]", a) + "," + entry("b", "U8", "[2]", b) + "}", bytes);
  };
  CHECK(two("[0,2]", "[2,4]", 4) == "no error");
  CHECK(two("[2,4]", "[0,2]", 4) == "no error");
  CHECK(two("[0,2]", "[1,3]", 3) ==
        "checkpoint f: overlap before \"b\" at byte 61, expected its data at 2");
  CHECK(two("[0,2]", "[3,5]", 5) ==
        "checkpoint f: hole before \"b\" at byte 61, expected its data at 2");
  CHECK(two("[1,3]", "[3,5]", 5) ==
        "checkpoint f: hole before \"a\" at byte 9, expected its data at 0");
  CHECK(two("[0,2]", "[2,4]", 3) ==
        "checkpoint f: truncated file at byte 116, expected 4 bytes of data");
  CHECK(two("[0,2]", "[2,4]", 5) ==
        "checkpoint f: trailing bytes at byte 117, expected the end of the file");
}

TEST_CASE("safetensors: a bool is 0 or 1") {
  std::string content = file("{" + entry("a", "BOOL", "[2]", "[0,2]") + "}", 2);
  content.back() = 2;
  CHECK(error_of([&] { parse_safetensors(content, "f"); }) ==
        "checkpoint f: byte 2 in \"a\" at byte 64, expected 0 or 1 for bool");
}

TEST_CASE("safetensors: what the format cannot hold is refused") {
  Document document;
  document.section("model").records.push_back(sample::record<float>("__metadata__", {1}, {1}));
  CHECK(
      error_of([&] { written(document); }) ==
      "checkpoint: a tensor is called \"__metadata__\", expected any other name: safetensors keeps "
      "it for itself");
  document.sections[0].records[0].name = "a/b";
  document.section("a").records.push_back(sample::record<float>("b", {1}, {1}));
  CHECK(error_of([&] { written(document); }) ==
        "checkpoint: two tensors would be called \"a/b\" in this format, expected different names");
}
