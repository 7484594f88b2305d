#include "elements.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "verbs.h"

namespace cli {

using xgrad::io::Record;
using xgrad::io::Value;

Statistics statistics_of(const Record& record) {
  return with_type(record.dtype, [&](auto zero) {
    using T = decltype(zero);
    Statistics result;
    T min = zero, max = zero;
    double sum = 0;
    std::int64_t count = 0;
    for (std::int64_t i = 0; i < record.numel(); ++i) {
      const T value = element<T>(record, i);
      if constexpr (std::is_floating_point_v<T>) {
        if (!std::isfinite(value)) {
          ++result.non_finite;
          continue;
        }
      }
      min = count == 0 ? value : std::min(min, value);
      max = count == 0 ? value : std::max(max, value);
      sum += static_cast<double>(value);
      ++count;
    }
    if (count > 0) {
      result.min = min;
      result.mean = sum / static_cast<double>(count);
      result.max = max;
    }
    return result;
  });
}

std::string name_text(const std::string& name) {
  std::string text;
  for (const char c : name) {
    const auto code = static_cast<unsigned char>(c);
    text += code < 0x20 || code == 0x7f ? fmt::format("\\x{:02x}", code) : std::string(1, c);
  }
  return text;
}

std::string shape_text(const xgrad::Dims& shape) {
  return fmt::format("[{}]", fmt::join(shape.begin(), shape.end(), ", "));
}

std::string size_text(std::size_t bytes) {
  if (bytes < 1000) return fmt::format("{} B", bytes);
  const char* const units[] = {"kB", "MB", "GB", "TB"};
  double size = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  for (; size >= 999.95 && unit + 1 < std::size(units); ++unit) size /= 1000;
  return fmt::format("{:.1f} {}", size, units[unit]);
}

std::string content_text(const xgrad::io::Document& document) {
  std::size_t tensors = 0, bytes = 0;
  for (const auto& section : document.sections) {
    for (const Record& record : section.records) {
      if (!record.alias_of.empty()) continue;
      ++tensors;
      bytes += record.bytes();
    }
  }
  return fmt::format("{} {}, {}", tensors, tensors == 1 ? "tensor" : "tensors", size_text(bytes));
}

}  // namespace cli
