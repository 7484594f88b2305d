#include "xgrad/contraction/path.h"

#include <fmt/format.h>

#include <algorithm>

#include "xgrad/contraction/path_search.h"

namespace xgrad::contraction {

namespace {

// Above it 3^n splits take longer than they save (10: 2 ms).
constexpr std::size_t kOptimalOperands = 10;

Labels distinct(Labels labels) {
  std::sort(labels.begin(), labels.end());
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  return labels;
}

class PathBuilder {
 public:
  PathBuilder(const Equation& equation, std::size_t element_size)
      : equation_(equation),
        element_size_(static_cast<double>(element_size)),
        uses_(equation.sizes.size(), 0) {
    for (const Labels& labels : equation.inputs) add_operand(labels);
    for (int label : distinct(equation.output)) ++uses_[static_cast<std::size_t>(label)];
  }

  // Labels that one operand alone has and nothing else uses are summed before it meets another one:
  // that costs one pass over it and saves that factor in the product. (A diagonal alone is no
  // reason: it is only a stride.)
  void sum_private_labels() {
    for (std::size_t i = 0; i < equation_.inputs.size(); ++i) {
      position_.push_back(i);
      const Labels kept = still_used(list_[i], i, i);
      if (equation_.inputs.size() > 1 && kept.size() != distinct(list_[i]).size()) {
        position_[i] = list_.size();
        add_step(i, Step::kNone, kept);
      }
    }
  }

  std::vector<Labels> operands() const {
    std::vector<Labels> labels;
    for (std::size_t i : position_) labels.push_back(distinct(list_[i]));
    return labels;
  }

  // order: of the operands after sum_private_labels().
  Path build(const Order& order) {
    if (position_.size() == 1) add_step(position_[0], Step::kNone, equation_.output);
    for (std::size_t s = 0; s < order.size(); ++s) {
      const std::size_t x = position_[order[s].first], y = position_[order[s].second];
      position_.push_back(list_.size());
      add_step(
          x, y,
          s + 1 == order.size() ? equation_.output : still_used(united(list_[x], list_[y]), x, y));
    }
    Labels all;
    for (const Labels& labels : equation_.inputs) all = united(all, labels);
    path_.naive_flops =
        elements_of(distinct(all), equation_.sizes) * static_cast<double>(equation_.inputs.size());
    return std::move(path_);
  }

 private:
  static Labels united(Labels x, const Labels& y) {
    for (int label : y) {
      if (std::find(x.begin(), x.end(), label) == x.end()) x.push_back(label);
    }
    return x;
  }

  void add_operand(const Labels& labels) {
    list_.push_back(labels);
    for (int label : distinct(labels)) ++uses_[static_cast<std::size_t>(label)];
  }

  // Those of `labels` that the output or an operand other than x and y needs.
  Labels still_used(const Labels& labels, std::size_t x, std::size_t y) const {
    Labels kept;
    for (int label : labels) {
      const auto has = [&](std::size_t i) {
        return static_cast<int>(std::find(list_[i].begin(), list_[i].end(), label) !=
                                list_[i].end());
      };
      const int own = x == y ? has(x) : has(x) + has(y);
      const bool once = std::find(kept.begin(), kept.end(), label) == kept.end();
      if (once && uses_[static_cast<std::size_t>(label)] > own) kept.push_back(label);
    }
    return kept;
  }

  void add_step(std::size_t x, std::size_t y, Labels output) {
    std::vector<Labels> inputs{list_[x]};
    if (y != Step::kNone) inputs.push_back(list_[y]);
    Step step{x, y, compacted(inputs, output, equation_), {}, 0, 0};
    for (std::size_t i = 0; i < inputs.size(); ++i)
      step.derivatives.push_back(derivative(step.equation, i));
    const Labels all = y == Step::kNone ? distinct(list_[x]) : distinct(united(list_[x], list_[y]));
    const bool sums = all.size() > distinct(output).size();
    step.flops =
        elements_of(all, equation_.sizes) * ((inputs.size() == 2 ? 1 : 0) + (sums ? 1 : 0));
    const double made = elements_of(output, equation_.sizes) * element_size_;
    step.bytes = made;
    for (const Labels& labels : inputs)
      step.bytes += elements_of(labels, equation_.sizes) * element_size_;
    count_memory(x, y, made);
    for (const Labels& labels : inputs) {
      for (int label : distinct(labels)) --uses_[static_cast<std::size_t>(label)];
    }
    add_operand(output);
    path_.flops += step.flops;
    path_.steps.push_back(std::move(step));
  }

  // The output of the last step is the caller's; the memory of every other result counts until it
  // has been used.
  void count_memory(std::size_t x, std::size_t y, double made) {
    path_.peak_bytes = std::max(path_.peak_bytes, alive_);
    for (std::size_t i : {x, y}) {
      if (i != Step::kNone && i >= equation_.inputs.size())
        alive_ -= bytes_[i - equation_.inputs.size()];
    }
    bytes_.push_back(made);
    alive_ += made;
  }

  const Equation& equation_;
  double element_size_;
  std::vector<int> uses_;     // by label: by how many of the operands alive, and the output
  std::vector<Labels> list_;  // operands and results
  std::vector<std::size_t> position_;  // of the search's operands and results in list_
  std::vector<double> bytes_;          // of results
  double alive_ = 0;
  Path path_;
};

Order order_of(const std::vector<Labels>& operands, const Equation& equation,
               const PathOptions& options, double element_size) {
  if (operands.size() == 1) return {};
  const double limit = options.memory_limit / element_size;
  PathMethod method = options.method;
  if (method == PathMethod::automatic) {
    method = operands.size() <= kOptimalOperands ? PathMethod::optimal : PathMethod::greedy;
  }
  if (method == PathMethod::optimal && operands.size() > 2) {
    return optimal_order(operands, equation.output, equation.sizes, limit);
  }
  if (method == PathMethod::greedy)
    return greedy_order(operands, equation.output, equation.sizes, limit);
  Order order;
  for (std::size_t i = 1; i < operands.size(); ++i)
    order.emplace_back(i == 1 ? 0 : operands.size() + i - 2, i);
  return order;
}

}  // namespace

Path find_path(const Equation& equation, std::size_t element_size, const PathOptions& options) {
  PathBuilder builder(equation, element_size);
  builder.sum_private_labels();
  Path path = builder.build(
      order_of(builder.operands(), equation, options, static_cast<double>(element_size)));
  for (std::size_t s = 0; s + 1 < path.steps.size(); ++s) {
    const Equation& step = path.steps[s].equation;
    if (elements_of(step.output, step.sizes) * static_cast<double>(element_size) >
        options.memory_limit) {
      path.within_limit = false;
    }
  }
  return path;
}

std::string Path::table() const {
  std::string text =
      fmt::format("{:>4}  {:<11}  {:>9}  {:>9}  equation\n", "step", "operands", "FLOPs", "bytes");
  for (std::size_t s = 0; s < steps.size(); ++s) {
    const Step& step = steps[s];
    const std::string operands = step.right == Step::kNone
                                     ? fmt::format("{}", step.left)
                                     : fmt::format("{}, {}", step.left, step.right);
    text += fmt::format("{:>4}  {:<11}  {:>9.3g}  {:>9.3g}  {}\n", s, operands, step.flops,
                        step.bytes, step.equation.text());
  }
  return text + fmt::format(
                    "total {:.3g} FLOPs (one loop nest: {:.3g}), at most {:.3g} bytes of "
                    "intermediates{}\n",
                    flops, naive_flops, peak_bytes,
                    within_limit ? "" : ", beyond the memory limit");
}

}  // namespace xgrad::contraction
