#include "xgrad/nn/names.h"

#include <algorithm>
#include <numeric>

namespace xgrad::nn {
namespace {

std::size_t edits(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string nearest_name(const std::string& name, const std::vector<std::string>& candidates) {
  std::string best;
  std::size_t fewest = name.size() + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t count = edits(name, candidate);
    if (count < fewest && 2 * count <= std::max(name.size(), candidate.size())) {
      best = candidate;
      fewest = count;
    }
  }
  return best;
}

std::string suggestion(const std::string& name, const std::vector<std::string>& candidates) {
  const std::string nearest = nearest_name(name, candidates);
  return nearest.empty() ? "" : ", did you mean " + nearest + "?";
}

}  // namespace xgrad::nn
