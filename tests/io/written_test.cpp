// What can be written can be read: a writer refuses whatever its reader would, and says where.
#include <catch2/catch.hpp>

#include "io/formats.h"
#include "io/sample.h"

using namespace xgrad::io;
using sample::error_of;
using sample::formats;

namespace {

// The error of writing; or of reading what was written, which should not be; or "".
std::string outcome(const sample::Format& format, const Document& document) {
  std::string content;
  try {
    content = format.write(document);
  } catch (const xgrad::Error& error) {
    const std::string text = error.what();
    return text.starts_with("checkpoint: ") ? text : "unnamed: " + text;
  }
  const std::string error = error_of([&] {
    const std::string difference = sample::difference(document, format.read(content));
    if (!difference.empty()) throw xgrad::Error("it is not the same: " + difference);
  });
  return error == "no error" ? "" : "written, but then " + error;
}

Document with_metadata(const Value& value) {
  Document document;
  document.metadata["x"] = value;
  return document;
}

Document with_record(Record record) {
  Document document;
  document.section("model").records.push_back(std::move(record));
  return document;
}

}  // namespace

TEST_CASE("metadata nested to any depth is either refused or read") {
  const auto nested = [](int levels, Value value) {
    for (int i = 0; i < levels; ++i) {
      Value outer;
      if (i % 2 == 0) {
        outer.push_back(value);
      } else {
        outer["k"] = value;
      }
      value = outer;
    }
    return value;
  };
  const std::string refused = "checkpoint: metadata is nested too deep, expected at most 64 levels";
  for (const sample::Format& format : formats()) {
    for (int levels = 55; levels < 70; ++levels) {
      INFO(format.name << ", " << levels << " levels");
      // Below the document and its metadata.
      for (const Value& innermost : {Value(1), Value::object(), Value::array()}) {
        const int all = 2 + levels + (innermost.type() == Value::Type::Int ? 0 : 1);
        REQUIRE(outcome(format, with_metadata(nested(levels, innermost))) ==
                (all <= 64 ? "" : refused));
      }
    }
  }
}

TEST_CASE("a text is either refused or read", "[slow]") {
  const std::size_t longest = std::size_t{1} << 26;
  for (const sample::Format& format : formats()) {
    INFO(format.name);
    REQUIRE(outcome(format, with_metadata("\xff")) ==
            "checkpoint: a name or text is not UTF-8, expected UTF-8");
    const std::string control("\0\x01\x1f\x7f\\\"/\u2028", 10);
    REQUIRE(outcome(format, with_metadata(control)) == "");
    REQUIRE(outcome(format, with_metadata(std::string(longest + 1, 'x'))) ==
            "checkpoint: a name or text of 67108865 bytes, expected at most 67108864");
  }
  REQUIRE(outcome(formats()[0], with_metadata(std::string(longest, 'x'))) == "");
}

TEST_CASE("a duplicate key is refused at any depth") {
  Value::Object twice;
  twice.push_back({"a", 1});
  twice.push_back({"b", 1});
  twice.push_back({"a", 2});
  Value outer;
  outer["list"].push_back(Value(twice));
  for (const sample::Format& format : formats()) {
    REQUIRE(outcome(format, with_metadata(outer)) ==
            "checkpoint: duplicate key \"a\" in metadata, expected each key once");
  }
}

TEST_CASE("a name is either refused or read") {
  for (const sample::Format& format : formats()) {
    for (const char* name :
         {"", "/", "a/b", "xgrad.json", "\x01", ".npy", "\u00e9", "a b\n\"c\""}) {
      INFO(format.name << ", \"" << name << '"');
      REQUIRE(outcome(format, with_record(sample::record<float>(name, {1}, {1}))) == "");
      Document document;
      document.section(name).records.push_back(sample::record<float>("w", {1}, {1}));
      document.section("model").records.push_back(sample::record<float>("v", {1}, {1}));
      REQUIRE(outcome(format, document) == "");
    }
    REQUIRE(outcome(format, with_record(sample::record<float>("\xc3", {1}, {1}))) ==
            "checkpoint: a name or text is not UTF-8, expected UTF-8");
    Document document;
    document.section("\xc3");
    REQUIRE(outcome(format, document) == "checkpoint: a name or text is not UTF-8, expected UTF-8");
  }
  const Document endless = with_record(sample::record<float>(std::string(70'000, 'n'), {1}, {1}));
  for (const sample::Format& format : formats()) {
    REQUIRE(outcome(format, endless) ==
            (std::string(format.name) == "npz"
                 ? "checkpoint: name of 70004 bytes, expected at most 65535"
                 : ""));
  }
}

TEST_CASE("a tensor is either refused or read") {
  for (const sample::Format& format : formats()) {
    INFO(format.name);
    REQUIRE(outcome(format, with_record(sample::record<float>("w", xgrad::Dims(64, 1), {1}))) ==
            "");
    REQUIRE(outcome(format, with_record(sample::record<float>("w", xgrad::Dims(65, 1), {1}))) ==
            "checkpoint: \"w\" in section \"model\" has 65 dimensions, expected at most 64");
    REQUIRE(outcome(format, with_record(sample::flags("w", {0, 1, 2, 1}))) ==
            "checkpoint: \"w\" in section \"model\" holds a bool of 2, expected 0 or 1");
  }
}

TEST_CASE("metadata numbers are either refused or read") {
  using L = std::numeric_limits<std::int64_t>;
  using D = std::numeric_limits<double>;
  for (const sample::Format& format : formats()) {
    for (const Value& value :
         {Value(L::min()), Value(L::max()), Value(-0.0), Value(D::max()), Value(D::denorm_min()),
          Value(1e15), Value(1e16), Value(123456789.0), Value(-1.0), Value(true), Value()}) {
      REQUIRE(outcome(format, with_metadata(value)) == "");
    }
    // JSON has no such numbers: they come back as texts, which as_double() takes.
    for (const double value : {D::infinity(), -D::infinity()}) {
      const Document back = format.read(format.write(with_metadata(value)));
      REQUIRE(back.metadata.at("x").as_double() == value);
    }
  }
}

TEST_CASE("what cannot be written is named with its path, and no file appears") {
  const sample::Folder folder;
  const Document document = with_metadata("\xff");
  const std::string reason = ": a name or text is not UTF-8, expected UTF-8";
  const std::string json = folder / "m.json", safetensors = folder / "m.safetensors",
                    npz = folder / "m.npz";
  CHECK(error_of([&] { write_json(json, document); }) == "checkpoint " + json + reason);
  CHECK(error_of([&] { write_safetensors(safetensors, document); }) ==
        "checkpoint " + safetensors + reason);
  CHECK(error_of([&] { write_npz(npz, document); }) == "checkpoint " + npz + reason);
  REQUIRE(folder.files() == 0);
}
