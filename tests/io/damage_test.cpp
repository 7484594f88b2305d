// Whatever happens to a file: a named error, or exactly what was saved. Never something else.
#include <catch2/catch.hpp>
#include <random>

#include "io/formats.h"
#include "io/sample.h"

using namespace xgrad::io;
using sample::Format;
using sample::formats;

namespace {

// "" if `content` gives a named error or a document equal to `original`.
std::string verdict(const Format& format, const std::string& content, const Document& original) {
  try {
    const std::string difference = sample::difference(original, format.read(content));
    return difference.empty() ? "" : "read as something else: " + difference;
  } catch (const xgrad::Error& error) {
    const std::string text = error.what();
    return text.starts_with("checkpoint f: ") ? "" : "unnamed error: " + text;
  } catch (const std::exception& error) {
    return std::string("foreign exception: ") + error.what();
  }
}

}  // namespace

TEST_CASE("every format gives back what it was given") {
  for (const Format& format : formats()) {
    INFO(format.name);
    for (const Document& document : {sample::document(), Document()}) {
      const std::string content = format.write(document);
      REQUIRE(sample::difference(document, format.read(content)) == "");
      REQUIRE(format.write(format.read(content)) == content);
    }
  }
}

TEST_CASE("a file cut short at any byte is a named error") {
  const Document document = sample::document();
  for (const Format& format : formats()) {
    const std::string content = format.write(document);
    for (std::size_t size = 0; size < content.size(); ++size) {
      INFO(format.name << ", " << size << " of " << content.size() << " bytes");
      const std::string result = verdict(format, content.substr(0, size), document);
      if (!result.empty()) FAIL(result);
    }
  }
}

TEST_CASE("a file with any bit flipped is a named error or the same contents", "[slow]") {
  const Document document = sample::document();
  for (const Format& format : formats()) {
    const std::string content = format.write(document);
    for (std::size_t bit = 0; bit < content.size() * 8; ++bit) {
      std::string damaged = content;
      damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
      const std::string result = verdict(format, damaged, document);
      INFO(format.name << ", bit " << bit % 8 << " of byte " << bit / 8);
      if (!result.empty()) FAIL(result);
    }
  }
}

TEST_CASE("a larger file with a random bit flipped is a named error or the same contents",
          "[slow]") {
  std::mt19937 random(6);
  std::normal_distribution<float> normal;
  std::vector<float> values(2000);
  for (float& value : values) value = normal(random);
  Document document = sample::document();
  document.section("model").records.push_back(sample::record<float>("large", {2000}, values));
  for (const Format& format : formats()) {
    const std::string content = format.write(document);
    for (int i = 0; i < 10'000; ++i) {
      std::string damaged = content;
      const std::size_t bit = random() % (content.size() * 8);
      damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
      const std::string result = verdict(format, damaged, document);
      INFO(format.name << ", bit " << bit % 8 << " of byte " << bit / 8);
      if (!result.empty()) FAIL(result);
    }
  }
}

TEST_CASE("bytes put in, taken out or swapped are a named error or the same contents", "[slow]") {
  std::mt19937 random(7);
  const Document document = sample::document();
  for (const Format& format : formats()) {
    const std::string content = format.write(document);
    for (int i = 0; i < 5'000; ++i) {
      std::string damaged = content;
      const std::size_t at = random() % content.size();
      switch (random() % 3) {
        case 0:
          damaged.erase(at, 1 + random() % 20);
          break;
        case 1:
          damaged.insert(at, content.substr(random() % content.size(), 1 + random() % 20));
          break;
        default:
          std::swap(damaged[at], damaged[random() % content.size()]);
      }
      const std::string result = verdict(format, damaged, document);
      INFO(format.name << ", damage " << i);
      if (!result.empty()) FAIL(result);
    }
  }
}
