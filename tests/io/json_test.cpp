#include <bit>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <random>

#include "io/sample.h"
#include "xgrad/io/json_reader.h"
#include "xgrad/io/json_writer.h"

using namespace xgrad::io;
using sample::error_of;

namespace {

// A file of one tensor, with the given entry, checksums left to fail last.
std::string one(const std::string& entry) {
  return R"({"format": "xgrad.checkpoint", "version": 1, "sections": {"model": {"w": )" + entry +
         R"(}}, "crc32": 0})";
}
std::string error(const std::string& text) {
  return error_of([&] { parse_json(text, "m.json"); });
}
std::string entry_error(const std::string& entry) { return error(one(entry)); }
std::string data_error(const std::string& dtype, const std::string& shape,
                       const std::string& data) {
  return entry_error(R"({"kind": "buffer", "dtype": ")" + dtype + R"(", "shape": )" + shape +
                     R"(, "data": )" + data + R"(, "crc32": 0})");
}

}  // namespace

TEST_CASE("a document comes back from JSON as it was") {
  const Document document = sample::document();
  for (const std::int64_t base64_from : {std::int64_t{0}, std::int64_t{3}, std::int64_t{1000}}) {
    const std::string text = to_json(document, {.base64_from = base64_from});
    const Document back = parse_json(text);
    REQUIRE(sample::difference(document, back) == "");
    REQUIRE(to_json(back, {.base64_from = base64_from}) == text);
    REQUIRE(nlohmann::json::accept(text));
    const Section& model = *back.find("model");
    REQUIRE(model.find("head.weight")->data == model.find("fc.weight")->data);
    REQUIRE(model.find("head.weight")->shape == xgrad::Dims{2, 3});
  }
}

TEST_CASE("the text of a checkpoint") {
  Document document;
  document.metadata["epoch"] = 1;
  auto& records = document.section("model").records;
  records.push_back(sample::record<float>("w", {2}, {0.5F, -1e-7F}));
  records.push_back(sample::record<float>("b", {1}, {0.5F}, Kind::Buffer));
  records.back().encoding = Encoding::Base64;
  records.push_back(sample::tied("t", "w"));
  CHECK(to_json(document) == R"({
  "format": "xgrad.checkpoint",
  "version": 1,
  "metadata": {"epoch":1},
  "sections": {
    "model": {
      "w": {"kind": "parameter", "dtype": "float32", "shape": [2], "data": [0.5,-1e-07], "crc32": 1024632530},
      "b": {"kind": "buffer", "dtype": "float32", "shape": [1], "data": {"base64": "AAAAPw=="}, "crc32": 1490678551},
      "t": {"kind": "parameter", "alias_of": "w", "crc32": 3945025682}
    }
  },
  "crc32": 3491555759
}
)");
}

TEST_CASE("a document comes back from a file") {
  const sample::Folder folder;
  const std::string path = folder / "m.json";
  write_json(path, sample::document());
  REQUIRE(sample::difference(sample::document(), read_json(path)) == "");
  REQUIRE(folder.files() == 1);
  CHECK(error_of([&] { read_json(folder / "none.json"); }) ==
        "checkpoint " + (folder / "none.json") +
            ": cannot open the file: No such file or directory (ENOENT)");
  CHECK(error_of([&] { read_json(folder / ""); }) ==
        "checkpoint " + (folder / "") + ": not a regular file, expected a file");
}

TEST_CASE("large tensors cross the chunks of reader and writer") {
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  Document document;
  for (const std::int64_t count : {99'999, 100'000, 100'001}) {
    std::vector<float> values(static_cast<std::size_t>(count));
    for (float& value : values) value = normal(random);
    values[1000] = std::numeric_limits<float>::quiet_NaN();
    document.section("model").records.push_back(
        sample::record<float>("w" + std::to_string(count), {count}, values));
  }
  REQUIRE(sample::difference(document, parse_json(to_json(document))) == "");
  REQUIRE(sample::difference(document, parse_json(to_json(document, {.base64_from = 0}))) == "");
}

TEST_CASE("keys may stand in any order, and white space anywhere") {
  const Document document = sample::document();
  for (const std::int64_t base64_from : {std::int64_t{0}, std::int64_t{1000}}) {
    const auto json =
        nlohmann::ordered_json::parse(to_json(document, {.base64_from = base64_from}));
    nlohmann::ordered_json reversed;
    for (auto it = json.rbegin(); it != json.rend(); ++it) reversed[it.key()] = it.value();
    for (auto& [section, records] : reversed["sections"].items()) {
      for (auto& [name, record] : records.items()) {
        nlohmann::ordered_json other;
        for (auto it = record.rbegin(); it != record.rend(); ++it) other[it.key()] = it.value();
        record = other;
      }
    }
    REQUIRE(sample::difference(document, parse_json(reversed.dump(3))) == "");
    REQUIRE(sample::difference(document, parse_json(reversed.dump())) == "");
  }
}

TEST_CASE("what is no checkpoint is named with its byte") {
  CHECK(error("") == "checkpoint m.json: truncated file at byte 0, expected a JSON object");
  CHECK(error("[]") == "checkpoint m.json: unexpected '[' at byte 0, expected a JSON object");
  CHECK(error("{}") ==
        "checkpoint m.json: missing key \"format\" at byte 0, expected \"format\" in this object");
  CHECK(error(R"({"format": "x"})") ==
        "checkpoint m.json: unknown format \"x\" at byte 11, expected \"xgrad.checkpoint\"");
  CHECK(error(R"({"version": 2})") ==
        "checkpoint m.json: unknown version 2 at byte 12, expected version 1: a newer xgrad "
        "wrote this file");
  CHECK(error(R"({"what": 2})") ==
        "checkpoint m.json: unknown key \"what\" at byte 1, expected \"format\", \"version\", "
        "\"metadata\", \"sections\" or \"crc32\"");
  CHECK(error(R"({"format": "xgrad.checkpoint", "version": 1, "sections": {}})") ==
        "checkpoint m.json: missing key \"crc32\" at byte 0, expected \"crc32\" in this object");
  CHECK(error(R"({"metadata": 1})") ==
        "checkpoint m.json: unexpected '1' at byte 13, expected an object");
  CHECK(error(to_json(Document()) + "x") ==
        "checkpoint m.json: trailing bytes at byte 110, expected the end of the file");
  CHECK(error(R"({"format": "xgrad.checkpoint", "version": 1, "sections": {}, "crc32": 1})") ==
        "checkpoint m.json: crc32 1 does not match the document at byte 70, expected 2116557702");
}

TEST_CASE("a wrong entry is named with its byte") {
  CHECK(entry_error("1") == "checkpoint m.json: unexpected '1' at byte 73, expected an object");
  CHECK(entry_error("{}") ==
        "checkpoint m.json: missing key \"kind\" at byte 73, expected \"kind\" in this object");
  CHECK(
      entry_error(R"({"kind": "class"})") ==
      "checkpoint m.json: unknown kind \"class\" at byte 82, expected \"parameter\", \"buffer\" or "
      "\"state\"");
  CHECK(
      entry_error(R"({"dtype": "float16"})") ==
      "checkpoint m.json: unknown dtype \"float16\" at byte 83, expected float32, float64, int64, "
      "int32, uint8 or bool");
  CHECK(entry_error(R"({"__reduce__": "os.system"})") ==
        "checkpoint m.json: unknown key \"__reduce__\" at byte 74, expected \"kind\", \"dtype\", "
        "\"shape\", \"data\", \"alias_of\" or \"crc32\"");
  CHECK(entry_error(R"({"shape": [-1]})") ==
        "checkpoint m.json: negative size -1 at byte 84, expected a size of 0 or more");
  CHECK(entry_error(R"({"shape": [1.5]})") ==
        "checkpoint m.json: bad number at byte 84, expected a size");
  CHECK(entry_error(R"({"crc32": -1})") ==
        "checkpoint m.json: out-of-range number at byte 83, expected a crc32 from 0 to 4294967295");
  CHECK(entry_error(R"({"kind": "state", "alias_of": "w", "shape": [1]})") ==
        "checkpoint m.json: \"w\" is tied but has data at byte 73, expected either \"alias_of\" or "
        "\"dtype\", \"shape\" and \"data\"");
  CHECK(entry_error(R"({"alias_of": ""})") ==
        "checkpoint m.json: empty name at byte 86, expected a name");
  CHECK(data_error("float32", "[4294967296, 4294967296, 4]", "[]") ==
        "checkpoint m.json: shape [4294967296, 4294967296, 4] of \"w\" overflows at byte 73, "
        "expected fewer than 2^63 bytes");
  CHECK(data_error("float32", "[4294967296, 4294967296, 0]", "[]") ==
        "checkpoint m.json: shape [4294967296, 4294967296, 0] of \"w\" overflows at byte 73, "
        "expected fewer than 2^63 bytes");
  CHECK(data_error("float32", "[1]", "[1]") ==
        "checkpoint m.json: crc32 0 does not match \"w\" at byte 148, expected 4094881561");
}

TEST_CASE("wrong data is named with its byte") {
  CHECK(data_error("float32", "[1000000000000]", "[1,2]") ==
        "checkpoint m.json: not enough data for \"w\" at byte 147, expected at least 2000000000000 "
        "bytes of text for 1000000000000 elements, 32 are left in the file");
  CHECK(data_error("float32", "[3]", "[1,2]") ==
        "checkpoint m.json: data of \"w\" has 2 elements at byte 138, expected 3 for shape [3]");
  CHECK(data_error("float32", "[2]", "[1,2,3]") ==
        "checkpoint m.json: data of \"w\" has more elements at byte 138, expected 2 for shape [2]");
  CHECK(data_error("float32", "[0]", "[1]") ==
        "checkpoint m.json: data of \"w\" has more elements at byte 135, expected 0 for shape [0]");
  CHECK(data_error("float32", "[]", "[]") ==
        "checkpoint m.json: data of \"w\" has 0 elements at byte 134, expected 1 for shape []");
  CHECK(data_error("float32", "[2]", "[1,]") ==
        "checkpoint m.json: data of \"w\" has 1 elements at byte 137, expected 2 for shape [2]");
  CHECK(data_error("float32", "[1]", "[1,]") ==
        "checkpoint m.json: data of \"w\" has more elements at byte 136, expected 1 for shape [1]");
  CHECK(data_error("float32", "[2]", "[1 2]") ==
        "checkpoint m.json: unexpected '2' at byte 137, expected ',' or ']'");
  CHECK(data_error("float32", "[1]", "[[1]]") ==
        "checkpoint m.json: unexpected '[' at byte 135, expected a number of float32");
  CHECK(data_error("float32", "[1]", "[01]") ==
        "checkpoint m.json: bad number at byte 135, expected a number of float32");
  CHECK(data_error("float32", "[1]", "[1e39]") ==
        "checkpoint m.json: out-of-range number at byte 135, expected a number of float32");
  CHECK(data_error("float32", "[1]", "[NaN]") ==
        "checkpoint m.json: unexpected 'N' at byte 135, expected a number of float32");
  CHECK(data_error("float32", "[1]", "[\"nan\"]") ==
        "checkpoint m.json: bad number \"nan\" at byte 135, expected \"NaN\", \"Infinity\" or "
        "\"-Infinity\"");
  CHECK(data_error("int32", "[1]", "[2147483648]") ==
        "checkpoint m.json: out-of-range number at byte 133, expected a number of int32");
  CHECK(data_error("int64", "[1]", "[1.0]") ==
        "checkpoint m.json: bad number at byte 133, expected a number of int64");
  CHECK(data_error("bool", "[1]", "[2]") ==
        "checkpoint m.json: out-of-range number at byte 132, expected 0 or 1");
  CHECK(data_error("uint8", "[3]", R"({"base64": "AA"})") ==
        "checkpoint m.json: bad base64 at byte 146, expected 4 characters for 3 bytes");
  CHECK(data_error("uint8", "[3]", R"({"base64": "AA-A"})") ==
        "checkpoint m.json: bad base64 at byte 146, expected 4 characters for 3 bytes");
  CHECK(data_error("uint8", "[3]", R"({"base64": "AAAAA"})") ==
        "checkpoint m.json: bad base64 at byte 148, expected 4 characters for 3 bytes");
  CHECK(data_error("uint8", "[1]", R"({"base64": "AB=="})") ==
        "checkpoint m.json: bad base64 at byte 144, expected 4 characters for 1 bytes");
  CHECK(data_error("bool", "[3]", R"({"base64": "AAAC"})") ==
        "checkpoint m.json: bad bool in \"w\" at byte 142, expected bytes of 0 or 1");
  CHECK(data_error("uint8", "[0]", R"({"hex": ""})") ==
        "checkpoint m.json: unknown key \"hex\" at byte 133, expected \"base64\"");
  CHECK(data_error("uint8", "[0]", "{}") ==
        "checkpoint m.json: missing key \"base64\" at byte 132, expected '[' or {\"base64\": ...}");
}

TEST_CASE("documents that cannot be written are refused before anything is created") {
  const sample::Folder folder;
  const std::string path = folder / "m.json";
  const auto error = [&](const Document& document) {
    return error_of([&] { write_json(path, document); });
  };
  Document document;
  auto& records = document.section("model").records;
  records.push_back(sample::record<float>("w", {1}, {1}));
  records.push_back(sample::record<float>("w", {1}, {1}));
  CHECK(error(document) ==
        "checkpoint " + path +
            ": duplicate name \"w\" in section \"model\", expected each name once");
  records[1] = sample::tied("t", "x");
  CHECK(error(document) ==
        "checkpoint " + path +
            ": \"t\" in section \"model\" is tied to \"x\", which is missing, expected a name of "
            "the same section");
  records[1] = sample::tied("t", "t");
  CHECK(error(document) ==
        "checkpoint " + path +
            ": \"t\" in section \"model\" is tied to \"t\", which is tied itself, expected a "
            "tensor with data");
  records.pop_back();
  records[0].data = nullptr;
  CHECK(error(document) ==
        "checkpoint " + path + ": \"w\" in section \"model\" has no data, expected 4 bytes");
  REQUIRE(folder.files() == 0);
}

TEST_CASE(
    "every NaN comes back from decimals as the quiet positive one, and from base64 as it was") {
  const auto odd = std::bit_cast<float>(0xFFC12345U);
  Document document;
  document.section("model").records.push_back(sample::record<float>("w", {2}, {odd, 1}));
  const auto bits = [](const Document& read) {
    std::uint32_t value;
    std::memcpy(&value, read.find("model")->find("w")->data, 4);
    return value;
  };
  REQUIRE(bits(parse_json(to_json(document))) == 0x7FC00000U);
  REQUIRE(bits(parse_json(to_json(document, {.base64_from = 0}))) == 0xFFC12345U);
}
