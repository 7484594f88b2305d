#include "xgrad/io/shortest.h"

#include <array>

namespace xgrad::io {

namespace {

// An integer of 1152 bits, least significant limb first: enough for 10^324 and for 2^1151 / 10^292.
using Big = std::array<std::uint32_t, 36>;

void multiply_by_ten(Big& big) {
  std::uint64_t carry = 0;
  for (std::uint32_t& limb : big) {
    carry += std::uint64_t{limb} * 10;
    limb = static_cast<std::uint32_t>(carry);
    carry >>= 32;
  }
}

// Floors; floors of floors are exact: floor(floor(x / 10) / 10) = floor(x / 100).
void divide_by_ten(Big& big) {
  std::uint64_t rest = 0;
  for (std::size_t i = big.size(); i-- > 0;) {
    rest = (rest << 32) | big[i];
    big[i] = static_cast<std::uint32_t>(rest / 10);
    rest %= 10;
  }
}

bool bit(const Big& big, int i) {
  return i >= 0 && ((big[static_cast<std::size_t>(i) / 32] >> (i % 32)) & 1) != 0;
}

// The leading 128 bits, rounded up unless `exact` and nothing was cut off.
PowerOfTen leading_bits(const Big& big, bool exact) {
  int top = static_cast<int>(big.size()) * 32 - 1;
  while (!bit(big, top)) --top;
  PowerOfTen power{0, 0};
  for (int i = 0; i < 64; ++i) power.high = power.high << 1 | (bit(big, top - i) ? 1 : 0);
  for (int i = 64; i < 128; ++i) power.low = power.low << 1 | (bit(big, top - i) ? 1 : 0);
  for (int i = top - 128; exact && i >= 0; --i) exact = !bit(big, i);
  if (!exact && ++power.low == 0) ++power.high;
  return power;
}

using Table = std::array<PowerOfTen, kLastPower - kFirstPower + 1>;

Table make_table() {
  Table table;
  const auto zeroth = static_cast<std::size_t>(-kFirstPower);
  Big big{};
  big[0] = 1;
  for (std::size_t e = 0; e <= kLastPower; ++e, multiply_by_ten(big)) {
    table[zeroth + e] = leading_bits(big, true);
  }
  big = Big{};
  big.back() = 0x80000000U;
  for (std::size_t e = 1; e <= zeroth; ++e) {
    divide_by_ten(big);
    table[zeroth - e] = leading_bits(big, false);
  }
  return table;
}

}  // namespace

const PowerOfTen* powers_of_ten() {
  static const Table table = make_table();
  return table.data();
}

}  // namespace xgrad::io
