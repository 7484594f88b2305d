// xgrad diff: in what two checkpoints differ.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <limits>
#include <map>
#include <vector>

#include "elements.h"
#include "verbs.h"
#include "xgrad/io/json_writer.h"
#include "xgrad/io/records.h"

namespace cli {
namespace {

using xgrad::io::Document;
using xgrad::io::Record;

struct Entry {
  std::string name;
  const Record* record;
};

// "model/fc.weight": all records with their sections.
std::vector<Entry> entries_of(const Document& document) {
  std::vector<Entry> entries;
  for (const auto& section : document.sections) {
    for (const Record& record : section.records) {
      entries.push_back({name_text(section.name + "/" + record.name), &record});
    }
  }
  return entries;
}

// Two NaN are the same, 0 and -0 are not.
template <class T>
bool same(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
    return a == b && std::signbit(a) == std::signbit(b);
  } else {
    return a == b;
  }
}

// Never 0 for two that differ: integers are subtracted as such.
template <class T>
double distance(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    const double difference = std::abs(static_cast<double>(a) - static_cast<double>(b));
    return std::isnan(difference) ? std::numeric_limits<double>::infinity() : difference;
  } else {
    const auto high = static_cast<std::uint64_t>(std::max(a, b));
    return static_cast<double>(high - static_cast<std::uint64_t>(std::min(a, b)));
  }
}

std::string position_text(std::int64_t position, const xgrad::Dims& shape) {
  xgrad::Dims index = shape;
  for (std::size_t d = shape.size(); d-- > 0;) {
    index[d] = position % shape[d];
    position /= shape[d];
  }
  return shape_text(index);
}

// "largest difference 0.25 at [1, 2], 3 of 6 elements differ", empty where none does.
std::string values_text(const Record& a, const Record& b) {
  return with_type(a.dtype, [&](auto zero) -> std::string {
    using T = decltype(zero);
    std::int64_t differing = 0, where = 0;
    double largest = -1;
    for (std::int64_t i = 0; i < a.numel(); ++i) {
      const T x = element<T>(a, i), y = element<T>(b, i);
      if (same(x, y)) continue;
      ++differing;
      const double difference = distance(x, y);
      if (difference > largest) {
        largest = difference;
        where = i;
      }
    }
    if (differing == 0) return "";
    return fmt::format("largest difference {:.6g} at {}, {} of {} elements differ", largest,
                       position_text(where, a.shape), differing, a.numel());
  });
}

class Report {
 public:
  void add(const std::string& line) {
    std::cout << line << '\n';
    different_ = true;
  }
  bool different() const { return different_; }

 private:
  bool different_ = false;
};

void compare(const std::string& name, const Record& a, const Record& b, bool tensors_only,
             Report& report) {
  if (!tensors_only && a.kind != b.kind) {
    report.add(fmt::format("{}: kind {} and {}", name, kind_name(a.kind), kind_name(b.kind)));
  }
  if (!tensors_only && a.alias_of != b.alias_of) {
    report.add(fmt::format("{}: tied to {} and {}", name, a.alias_of.empty() ? "none" : a.alias_of,
                           b.alias_of.empty() ? "none" : b.alias_of));
  }
  if (a.dtype != b.dtype) {
    report.add(fmt::format("{}: dtype {} and {}", name, xgrad::dtype_name(a.dtype),
                           xgrad::dtype_name(b.dtype)));
  }
  if (!(a.shape == b.shape)) {
    report.add(fmt::format("{}: shape {} and {}", name, shape_text(a.shape), shape_text(b.shape)));
  }
  if (a.dtype != b.dtype || !(a.shape == b.shape)) return;
  const std::string values = values_text(a, b);
  if (!values.empty()) report.add(name + ": " + values);
}

}  // namespace

int diff(const std::string& first, const std::string& second, bool tensors_only) {
  const Document a = xgrad::io::read_document(first), b = xgrad::io::read_document(second);
  const std::vector<Entry> of_a = entries_of(a), of_b = entries_of(b);
  std::map<std::string, const Record*> in_a, in_b;
  for (const Entry& entry : of_a) in_a[entry.name] = entry.record;
  for (const Entry& entry : of_b) in_b[entry.name] = entry.record;
  Report report;
  if (!tensors_only && canonical_json(a.metadata) != canonical_json(b.metadata)) {
    report.add("metadata: " + to_json(a.metadata) + " and " + to_json(b.metadata));
  }
  for (const Entry& entry : of_a) {
    const auto other = in_b.find(entry.name);
    if (other == in_b.end()) {
      report.add(fmt::format("{}: only in {}", entry.name, first));
    } else {
      compare(entry.name, *entry.record, *other->second, tensors_only, report);
    }
  }
  for (const Entry& entry : of_b) {
    if (in_a.count(entry.name) == 0) report.add(fmt::format("{}: only in {}", entry.name, second));
  }
  return report.different() ? 1 : 0;
}

}  // namespace cli
