#include "xgrad/io/number.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <catch2/catch.hpp>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "xgrad/core/parallel.h"

using namespace xgrad::io;

namespace {

template <class T>
std::string written(T value) {
  char text[kLongestNumber];
  return {text, write_number(text, value)};
}

template <class T>
std::string with_to_chars(T value) {
  char text[64];
  // Readers without a minus zero among their integers, such as Python's, would lose the sign of
  // "-0".
  if (value == 0 && std::signbit(value)) return "-0.0";
  return {text, std::to_chars(text, text + 64, value).ptr};
}

// The text is read from a buffer that ends as a Source's does: in zeros.
template <class T>
Parsed read(const std::string& text, T& value, std::size_t* length = nullptr) {
  const std::string padded = text + std::string(kReadAhead, '\0');
  const char* at = padded.data();
  const Parsed result = read_number(at, value);
  if (length != nullptr) *length = static_cast<std::size_t>(at - padded.data());
  return result;
}

template <class T>
Parsed parsed(const std::string& text) {
  T value{};
  return read(text, value);
}

// Same text as to_chars, same bits back; and for a float the same bits from a reader that only
// knows doubles, such as Python's. Returns whether. Without allocations: it is run 2^32 times.
template <class T>
bool round_trips(T value) {
  char text[kLongestNumber + kReadAhead] = {}, standard[kLongestNumber + kReadAhead];
  const auto size = static_cast<std::size_t>(write_number(text, value) - text);
  std::memset(text + size, 0, kReadAhead);
  const bool zero = value == 0 && std::signbit(value);  // with_to_chars tells why
  const char* const end = zero ? std::copy_n("-0.0", 4, standard)
                               : std::to_chars(standard, standard + sizeof(standard), value).ptr;
  if (std::string_view(text, size) !=
      std::string_view(standard, static_cast<std::size_t>(end - standard))) {
    return false;
  }
  const auto reads_as = [&]<class Read>(Read back) {
    const char* at = text;
    if (read_number(at, back) != Parsed::Ok || at != text + size) return false;
    const auto same = static_cast<T>(back);
    return std::memcmp(&same, &value, sizeof(T)) == 0;
  };
  // The one float whose shortest decimals a double rounds to the middle between it and the next.
  const bool known = std::fabs(value) == T{7.038531e-26F};
  return reads_as(T{}) && (reads_as(double{}) || known);
}

bool float_round_trips(std::uint32_t bits) {
  const auto value = std::bit_cast<float>(bits);
  return !std::isfinite(value) || round_trips(value);
}

template <class T>
std::vector<T> special() {
  using L = std::numeric_limits<T>;
  std::vector<T> values = {0,        -T{0},       L::min(),     L::denorm_min(),
                           L::max(), L::lowest(), L::epsilon(), 1 - L::epsilon() / 2};
  for (const double value :
       {1e-5, 1e-4, 1e-3, 123456789.0, 16777216.0, 9007199254740992.0, 1e15, 1e22}) {
    values.push_back(static_cast<T>(value));
  }
  for (int e = L::min_exponent - L::digits; e < L::max_exponent; ++e) {
    const T power = std::ldexp(T{1}, e);  // where the interval is uneven
    for (T value : {power, std::nextafter(power, T{0}), std::nextafter(power, L::max())}) {
      if (value != 0) values.push_back(value);
    }
  }
  for (int e = L::min_exponent10; e <= L::max_exponent10; ++e) {
    const T power = static_cast<T>(std::pow(10.0L, e));
    for (T value : {power, std::nextafter(power, T{0}), std::nextafter(power, L::max())}) {
      values.push_back(value);
      values.push_back(-value);
    }
  }
  return values;
}

}  // namespace

TEST_CASE("special floats are written as to_chars writes them and come back bit for bit") {
  for (const float value : special<float>()) {
    INFO(written(value) << " / " << with_to_chars(value));
    REQUIRE(round_trips(value));
  }
  for (const double value : special<double>()) {
    INFO(written(value) << " / " << with_to_chars(value));
    REQUIRE(round_trips(value));
  }
  REQUIRE(written(-0.0F) == "-0.0");
  REQUIRE(written(-0.0) == "-0.0");
  REQUIRE(written(0.1F) == "0.1");
  REQUIRE(written(std::numeric_limits<float>::quiet_NaN()) == "\"NaN\"");
  REQUIRE(written(std::numeric_limits<double>::infinity()) == "\"Infinity\"");
  REQUIRE(written(-std::numeric_limits<double>::infinity()) == "\"-Infinity\"");
}

TEST_CASE("random float32 patterns are written as to_chars writes them and come back bit for bit",
          "[slow]") {
  std::mt19937 random(1);
  for (int i = 0; i < 2'000'000; ++i) {
    const auto bits = static_cast<std::uint32_t>(random());
    if (!float_round_trips(bits))
      FAIL("pattern " << bits << " " << written(std::bit_cast<float>(bits)));
  }
}

TEST_CASE("random float64 patterns are written as to_chars writes them and come back bit for bit",
          "[slow]") {
  std::mt19937_64 random(2);
  for (int i = 0; i < 1'000'000; ++i) {
    std::uint64_t bits = random();
    // Every other one of an everyday size.
    if (i % 2 == 0) bits = (bits & 0x800FFFFFFFFFFFFFU) | ((1023U - 20 + bits % 40) << 52);
    const auto value = std::bit_cast<double>(bits);
    if (std::isfinite(value) && !round_trips(value))
      FAIL("pattern " << bits << " " << written(value));
  }
}

// All 2^32 patterns, on all cores: about seven minutes of one. `./run exhaustive`.
TEST_CASE("all float32 patterns are written as to_chars writes them and come back",
          "[.][slow][exhaustive]") {
  constexpr std::int64_t chunk = std::int64_t{1} << 20;
  std::atomic<std::int64_t> wrong{-1}, done{0};
  xgrad::parallel_for(0, std::int64_t{1} << 32, chunk, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t bits = first; bits < last && wrong < 0; ++bits) {
      if (!float_round_trips(static_cast<std::uint32_t>(bits))) wrong = bits;
    }
    done += last - first;
  });
  if (wrong >= 0) FAIL("pattern " << wrong);
  REQUIRE(done == std::int64_t{1} << 32);
}

TEST_CASE("random decimal texts are read as from_chars reads them", "[slow]") {
  std::mt19937_64 random(3);
  for (int i = 0; i < 1'000'000; ++i) {
    std::string text = random() % 2 == 0 ? "-" : "";
    text += std::to_string(random() % (random() % 2 == 0 ? 10 : 100'000'000'000));
    if (random() % 4 != 0) {
      std::string fraction = "." + std::to_string(random() >> (random() % 64));
      if (random() % 8 == 0) fraction += fraction.substr(1);
      text += fraction;
    }
    if (random() % 2 == 0) text += "e" + std::to_string(static_cast<int>(random() % 70) - 40);
    const auto check = [&]<class T>(T ours) {
      T theirs{};
      const auto result = std::from_chars(text.data(), text.data() + text.size(), theirs);
      std::size_t length = 0;
      const Parsed parsed = read(text, ours, &length);
      const bool rounds_away = theirs == 0 || std::isinf(theirs) || result.ec != std::errc();
      if (rounds_away) return true;
      return parsed == Parsed::Ok && length == text.size() && ours == theirs;
    };
    if (!check(float{}) || !check(double{})) FAIL(text);
  }
}

TEST_CASE("halfway texts go to the even float") {
  // Just at, below and above the middle of two neighbouring floats: the double is the middle
  // itself.
  float value = 0;
  REQUIRE(read("16777217", value) == Parsed::Ok);
  REQUIRE(value == 16777216.0F);
  REQUIRE(read("16777217.0000000000001", value) == Parsed::Ok);
  REQUIRE(value == 16777218.0F);
  REQUIRE(read("1.00000005960464477539", value) == Parsed::Ok);
  REQUIRE(value == 1.0F);
  REQUIRE(read("1.00000005960464477540", value) == Parsed::Ok);
  REQUIRE(value == std::nextafter(1.0F, 2.0F));
}

TEST_CASE("only JSON's grammar is a number") {
  for (const char* text : {"", "-", "+1", ".5", "1.", "1.e3", "01", "-01", "00", "1e", "1e+", "1E-",
                           "e5", "NaN", "inf", "--1", "-a"}) {
    INFO(text);
    REQUIRE(parsed<float>(text) == Parsed::Bad);
    REQUIRE(parsed<double>(text) == Parsed::Bad);
  }
  for (const char* text : {"0", "-0", "1", "0.5", "1e5", "1E+05", "1e-5", "10.250e0"}) {
    INFO(text);
    REQUIRE(parsed<float>(text) == Parsed::Ok);
  }
  for (const char* text : {"", "-", "01", "1.0", "1e3", "1.", "--1", "+1"}) {
    INFO(text);
    REQUIRE(parsed<std::int64_t>(text) == Parsed::Bad);
  }
}

TEST_CASE("numbers that a type cannot hold are out of range") {
  REQUIRE(parsed<float>("1e39") == Parsed::OutOfRange);
  REQUIRE(parsed<float>("-1e39") == Parsed::OutOfRange);
  REQUIRE(parsed<float>("1e-50") == Parsed::OutOfRange);
  REQUIRE(parsed<float>("0e-50") == Parsed::Ok);
  REQUIRE(parsed<float>("0.000e99999999999") == Parsed::Ok);
  REQUIRE(parsed<float>("1e99999999999") == Parsed::OutOfRange);
  REQUIRE(parsed<double>("1e309") == Parsed::OutOfRange);
  REQUIRE(parsed<double>("1e-400") == Parsed::OutOfRange);
  REQUIRE(parsed<double>("1e39") == Parsed::Ok);
  REQUIRE(parsed<std::int64_t>("9223372036854775807") == Parsed::Ok);
  REQUIRE(parsed<std::int64_t>("-9223372036854775808") == Parsed::Ok);
  REQUIRE(parsed<std::int64_t>("9223372036854775808") == Parsed::OutOfRange);
  REQUIRE(parsed<std::int64_t>("-9223372036854775809") == Parsed::OutOfRange);
  REQUIRE(parsed<std::int64_t>("100000000000000000000000") == Parsed::OutOfRange);
  REQUIRE(parsed<std::int32_t>("2147483648") == Parsed::OutOfRange);
  REQUIRE(parsed<std::uint8_t>("256") == Parsed::OutOfRange);
  REQUIRE(parsed<std::uint8_t>("-1") == Parsed::OutOfRange);
  REQUIRE(parsed<bool>("2") == Parsed::OutOfRange);
  REQUIRE(parsed<bool>("1") == Parsed::Ok);
}

TEST_CASE("integers come back at the ends of their types") {
  const auto check = []<class T>(T) {
    for (T value : {std::numeric_limits<T>::min(), std::numeric_limits<T>::max(), T{0}, T{1}}) {
      T back{};
      REQUIRE(read(written(value), back) == Parsed::Ok);
      REQUIRE(back == value);
    }
  };
  check(std::int64_t{});
  check(std::int32_t{});
  check(std::uint8_t{});
  REQUIRE(written(true) == "1");
  REQUIRE(written(false) == "0");
  for (int i = 0; i < 256; ++i) REQUIRE(written(static_cast<std::uint8_t>(i)) == std::to_string(i));
}

TEST_CASE("arrays are written and read whatever the room at a time") {
  std::vector<float> values(1000);
  std::mt19937 random(4);
  std::normal_distribution<float> normal;
  for (float& value : values) value = normal(random);
  for (const std::size_t room : {kLongestNumber + 1, std::size_t{100}, std::size_t{100000}}) {
    std::string text;
    std::vector<char> buffer(room);
    for (const float* first = values.data(); first != values.data() + values.size();) {
      text.append(buffer.data(), write_numbers(buffer.data(), buffer.data() + room, first,
                                               values.data() + values.size()));
    }
    REQUIRE(std::count(text.begin(), text.end(), ',') == 999);
    const std::size_t length = text.size();
    text += ']' + std::string(kLongestToken, '\0');
    std::vector<float> back(values.size());
    const char* at = text.data();
    // All but the last, which no comma follows.
    REQUIRE(read_numbers(at, text.data() + length, back.data(), back.size()) == 999);
    REQUIRE(read_number(at, back[999]) == Parsed::Ok);
    REQUIRE(back == values);
  }
}
