#include "xgrad/contraction/path_search.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <map>
#include <queue>
#include <set>

namespace xgrad::contraction {

namespace {

Labels united(const Labels& x, const Labels& y) {
  Labels result;
  std::set_union(x.begin(), x.end(), y.begin(), y.end(), std::back_inserter(result));
  return result;
}

constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace

double elements_of(const Labels& labels, const std::vector<std::int64_t>& sizes) {
  double n = 1;
  for (int label : labels) n *= static_cast<double>(sizes[static_cast<std::size_t>(label)]);
  return n;
}

// best[S] = the cheapest way to contract the subset S: over all splits of S in two. 3^10 = 59,049
// splits for 10 operands. Outer products are allowed: sometimes they are the best.
Order optimal_order(const std::vector<Labels>& operands, const Labels& output,
                    const std::vector<std::int64_t>& sizes, double limit) {
  const std::size_t n = operands.size(), subsets = std::size_t{1} << n;
  struct Best {
    Labels labels;  // of the result
    double elements = 0, cost = kInfinity, excess = 0;
    std::size_t split = 0;
  };
  std::vector<Best> best(subsets);
  for (std::size_t s = 1; s < subsets; ++s) {
    Labels inside, outside = output;
    std::sort(outside.begin(), outside.end());
    for (std::size_t i = 0; i < n; ++i) {
      Labels& side = (s >> i & 1) != 0 ? inside : outside;
      side = united(side, operands[i]);
    }
    Best& b = best[s];
    std::set_intersection(inside.begin(), inside.end(), outside.begin(), outside.end(),
                          std::back_inserter(b.labels));
    if (std::has_single_bit(s)) {
      b.labels = operands[static_cast<std::size_t>(std::countr_zero(s))];
      b.cost = 0;
      continue;
    }
    b.elements = elements_of(b.labels, sizes);
    const double excess = s + 1 == subsets ? 0 : std::max(0.0, b.elements - limit);
    b.excess = kInfinity;
    for (std::size_t left = (s - 1) & s; left > s - left; left = (left - 1) & s) {
      const Best &x = best[left], &y = best[s - left];
      const double over = std::max({excess, x.excess, y.excess});
      const double base = x.cost + y.cost;
      if (over > b.excess || (over == b.excess && base >= b.cost)) continue;
      const double cost = base + elements_of(united(x.labels, y.labels), sizes);
      if (over < b.excess || cost < b.cost) {
        b.cost = cost;
        b.excess = over;
        b.split = left;
      }
    }
  }
  Order order;
  std::size_t next = n;
  const auto emit = [&](const auto& self, std::size_t s) -> std::size_t {
    if (std::has_single_bit(s)) return static_cast<std::size_t>(std::countr_zero(s));
    const std::size_t x = self(self, best[s].split), y = self(self, s - best[s].split);
    order.emplace_back(std::min(x, y), std::max(x, y));
    return next++;
  };
  emit(emit, subsets - 1);
  return order;
}

namespace {

// Greedy: contract the pair of neighbours whose result is smallest against what it replaces; the
// candidates are kept in a heap, and one is stale when an operand of it is gone.
class Greedy {
 public:
  Greedy(const std::vector<Labels>& operands, const Labels& output,
         const std::vector<std::int64_t>& sizes, double limit)
      : sizes_(sizes),
        limit_(limit),
        list_(operands),
        uses_(sizes.size()),
        alive_(operands.size(), true) {
    for (int label : output) uses_[static_cast<std::size_t>(label)].insert(kOutput);
    for (std::size_t i = 0; i < operands.size(); ++i) {
      for (int label : operands[i]) uses_[static_cast<std::size_t>(label)].insert(i);
    }
    for (std::size_t i = 0; i < operands.size(); ++i) propose(i);
  }

  Order order() {
    while (!heap_.empty()) {
      const Candidate best = heap_.top();
      heap_.pop();
      if (alive_[best.left] && alive_[best.right]) contract(best.left, best.right);
    }
    // What shares no label: smallest first.
    using Part = std::pair<double, std::size_t>;
    std::priority_queue<Part, std::vector<Part>, std::greater<>> parts;
    for (std::size_t i = 0; i < list_.size(); ++i) {
      if (alive_[i]) parts.emplace(elements_of(list_[i], sizes_), i);
    }
    while (parts.size() > 1) {
      const std::size_t x = parts.top().second;
      parts.pop();
      const std::size_t y = parts.top().second;
      parts.pop();
      contract(std::min(x, y), std::max(x, y));
      parts.emplace(elements_of(list_.back(), sizes_), list_.size() - 1);
    }
    return std::move(order_);
  }

 private:
  static constexpr std::size_t kOutput = static_cast<std::size_t>(-1);
  struct Candidate {
    bool over;  // beyond the limit: only when nothing else is left
    double score;
    std::size_t left, right;
    bool operator<(const Candidate& other) const {  // the heap's top is the best
      if (over != other.over) return over;
      if (score != other.score) return score > other.score;
      return std::pair(left, right) > std::pair(other.left, other.right);
    }
  };

  // Labels of the result: those that something else still uses.
  Labels result(std::size_t x, std::size_t y) const {
    Labels labels;
    for (int label : united(list_[x], list_[y])) {
      const auto& uses = uses_[static_cast<std::size_t>(label)];
      if (uses.size() > uses.count(x) + uses.count(y)) labels.push_back(label);
    }
    return labels;
  }

  void propose(std::size_t i) {
    std::set<std::size_t> neighbours;
    for (int label : list_[i]) {
      for (std::size_t user : uses_[static_cast<std::size_t>(label)]) {
        if (user != kOutput && user != i) neighbours.insert(user);
      }
    }
    for (std::size_t j : neighbours) {
      if (j > i && i < first_size_) continue;  // at the start each pair is met from both sides
      const double size = elements_of(result(i, j), sizes_);
      const double replaced = elements_of(list_[i], sizes_) + elements_of(list_[j], sizes_);
      heap_.push({size > limit_, size - replaced, std::min(i, j), std::max(i, j)});
    }
  }

  void contract(std::size_t x, std::size_t y) {
    Labels labels = result(x, y);
    const std::size_t made = list_.size();
    for (std::size_t gone : {x, y}) {
      alive_[gone] = false;
      for (int label : list_[gone]) uses_[static_cast<std::size_t>(label)].erase(gone);
    }
    for (int label : labels) uses_[static_cast<std::size_t>(label)].insert(made);
    list_.push_back(std::move(labels));
    alive_.push_back(true);
    order_.emplace_back(x, y);
    propose(made);
  }

  const std::vector<std::int64_t>& sizes_;
  double limit_;
  std::vector<Labels> list_;
  std::vector<std::set<std::size_t>> uses_;  // by label: operands, and kOutput
  std::vector<bool> alive_;
  std::size_t first_size_ = list_.size();
  std::priority_queue<Candidate> heap_;
  Order order_;
};

}  // namespace

Order greedy_order(const std::vector<Labels>& operands, const Labels& output,
                   const std::vector<std::int64_t>& sizes, double limit) {
  return Greedy(operands, output, sizes, limit).order();
}

}  // namespace xgrad::contraction
