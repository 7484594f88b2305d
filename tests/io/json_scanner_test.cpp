#include "xgrad/io/json_scanner.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <random>

#include "io/sample.h"
#include "xgrad/io/json_reader.h"
#include "xgrad/io/json_writer.h"

using namespace xgrad::io;
using sample::error_of;

namespace {

Value parse(const std::string& text) { return parse_json_value(text, "json"); }
std::string error(const std::string& text) {
  return error_of([&] { parse(text); });
}

}  // namespace

TEST_CASE("values of every type come back") {
  const std::string text =
      R"({"a":[1,-2,1.5,1e+30,true,false,null,"x"],"b":{},"c":[],"d":1.0,"e":"\u00e9\ud83d\ude00\n"})";
  const Value value = parse(text);
  REQUIRE(value.at("a").as_array()[0].as_int() == 1);
  REQUIRE(value.at("a").as_array()[3].as_double() == 1e30);
  REQUIRE(value.at("d").type() == Value::Type::Double);
  REQUIRE(value.at("e").as_string() == "\u00e9\U0001F600\n");
  REQUIRE(parse(to_json(value)) == value);
  REQUIRE(canonical_json(parse(R"({"b":1,"a":{"d":2,"c":3}})")) == R"({"a":{"c":3,"d":2},"b":1})");
}

TEST_CASE("wrong JSON is an error that names the byte") {
  CHECK(error("") == "json: truncated file at byte 0, expected a value");
  CHECK(error("[1") == "json: truncated file at byte 2, expected ',' or ']'");
  CHECK(error("[1,") == "json: truncated file at byte 3, expected a value");
  CHECK(error("[1,]") == "json: unexpected ']' at byte 3, expected a value");
  CHECK(error("[1 2]") == "json: unexpected '2' at byte 3, expected ',' or ']'");
  CHECK(error("{\"a\" 1}") == "json: unexpected '1' at byte 5, expected ':'");
  CHECK(error("{\"a\":1,}") == "json: unexpected '}' at byte 7, expected a key");
  CHECK(error("{a:1}") == "json: unexpected 'a' at byte 1, expected a key");
  CHECK(error("{\"a\":1,\"a\":2}") ==
        "json: duplicate key \"a\" at byte 7, expected each key once");
  CHECK(error("[{\"x\":[{\"b\":1,\"\\u0062\":2}]}]") ==
        "json: duplicate key \"b\" at byte 14, expected each key once");
  CHECK(error("1 1") == "json: trailing bytes at byte 2, expected the end of the file");
  CHECK(error("nul") == "json: truncated file at byte 3, expected a value");
  CHECK(error("nulx") == "json: unexpected 'x' at byte 3, expected a value");
  CHECK(error("01") == "json: bad number at byte 0, expected a value");
  CHECK(error("1.x") == "json: bad number at byte 0, expected a value");
  CHECK(error("-") == "json: truncated file at byte 1, expected a value");
  CHECK(error("1e999") == "json: out-of-range number at byte 0, expected a value");
  CHECK(error("9223372036854775808") == "json: out-of-range number at byte 0, expected a value");
  CHECK(error("\"a") == "json: truncated file at byte 2, expected '\"'");
  CHECK(error("\"\\x\"") ==
        "json: bad escape at byte 1, expected one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u");
  CHECK(error("\"\\u12g4\"") == "json: bad escape at byte 1, expected four hexadecimal digits");
  CHECK(error("\"\\ud800x\"      ") ==
        "json: bad escape at byte 7, expected the second half of a surrogate pair");
  CHECK(error("\"\\udc00\"") ==
        "json: bad escape at byte 1, expected the first half of a surrogate pair");
  CHECK(error("\"\x01\"") ==
        "json: unexpected byte 0x01 at byte 1, expected control characters as \\u escapes");
  CHECK(error("\"a\xff\"") == "json: invalid UTF-8 at byte 2, expected UTF-8");
  CHECK(error("\"\xc0\x80\"") == "json: invalid UTF-8 at byte 1, expected UTF-8");
  CHECK(error("\"\xed\xa0\x80\"") == "json: invalid UTF-8 at byte 1, expected UTF-8");
  CHECK(error(std::string(65, '[')) == "json: nesting too deep at byte 64, expected at most 64");
  CHECK(error(std::string(64, '[') + std::string(64, ']')) == "no error");
  CHECK(error("1." + std::string(600, '0')) ==
        "json: number too long at byte 0, expected at most 512 characters");
}

TEST_CASE("a chunk may end anywhere") {
  const std::string text = to_json(parse(
      R"({"some key":[1.25e-3,-17,"text with \u00e9 and \ud83d\ude00 \\ in it",{"x":null}],"y":true})"));
  const std::string spaced = std::string(700, ' ') + text;
  for (std::size_t chunk = kLongestToken; chunk < kLongestToken + 200; ++chunk) {
    Source source("json", spaced, chunk);
    JsonScanner scanner(source);
    const Value value = scanner.value();
    scanner.end();
    REQUIRE(to_json(value) == text);
  }
}

// nlohmann's parser is the judge; it takes duplicate keys, deeper nesting and larger integers.
TEST_CASE("damaged JSON is refused exactly where nlohmann's parser refuses it", "[slow]") {
  const std::string text =
      R"({"a":[1,-2.5,1e+30,true,false,null,"x\u00e9\n"],"b":{"c":[]},"d":0.125, "e":"é"})";
  std::mt19937 random(5);
  const std::string alphabet = "{}[]\",:0123456789.eE+-tfnul \\\n\x01\xc3\xa9";
  for (int i = 0; i < 200'000; ++i) {
    std::string damaged = text;
    for (auto n = 1 + random() % 3; n > 0; --n) {
      const std::size_t at = random() % damaged.size();
      switch (random() % 3) {
        case 0:
          damaged[at] = alphabet[random() % alphabet.size()];
          break;
        case 1:
          damaged.erase(at, 1 + random() % 3);
          break;
        default:
          damaged.insert(at, 1, alphabet[random() % alphabet.size()]);
      }
      if (damaged.empty()) damaged = " ";
    }
    const std::string ours = error(damaged);
    if (ours.find("duplicate key") != std::string::npos) continue;
    if (ours.find("out-of-range") != std::string::npos) continue;
    INFO(damaged << "\n" << ours);
    const bool same = (ours == "no error") == nlohmann::json::accept(damaged);
    if (!same) FAIL("differs");
  }
}

TEST_CASE("metadata values say what they are and what was expected") {
  Value value;
  value["a"]["b"] = 1;
  REQUIRE(value.at("a").at("b").as_int() == 1);
  REQUIRE(value.at("a").at("b").as_double() == 1.0);
  CHECK(error_of([&] { value.at("c"); }) == "metadata: key \"c\" is missing");
  CHECK(error_of([&] { value.at("a").as_int(); }) == "metadata: value is object, expected int");
  CHECK(error_of([&] { value["a"]["b"]["c"]; }) == "metadata: value is int, expected object");
  CHECK(error_of([&] { Value(~std::uint64_t{0}); }) ==
        "metadata: integer 18446744073709551615 is out of range, expected at most "
        "9223372036854775807");
  REQUIRE(std::isnan(Value("NaN").as_double()));
  REQUIRE(Value("-Infinity").as_double() < 0);
  REQUIRE(Value(-0.0).type() == Value::Type::Double);
  REQUIRE(to_json(Value(-0.0)) == "-0.0");
  CHECK(error_of([&] { to_json(Value("\xff")); }) ==
        "checkpoint: a name or text is not UTF-8, expected UTF-8");
}
