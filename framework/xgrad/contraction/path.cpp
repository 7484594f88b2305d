#include "xgrad/contraction/path.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "xgrad/contraction/execute.h"
#include "xgrad/contraction/path_search.h"
#include "xgrad/core/format.h"

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
    path_.steps.back().intermediate_bytes -= bytes_.back();  // the result is the caller's
    for (const Step& step : path_.steps)
      path_.peak_bytes = std::max(path_.peak_bytes, step.intermediate_bytes);
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
    Step step{x, y, compacted(inputs, output, equation_), {}};
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
    count_memory(step, made);
    for (const Labels& labels : inputs) {
      for (int label : distinct(labels)) --uses_[static_cast<std::size_t>(label)];
    }
    add_operand(output);
    path_.flops += step.flops;
    path_.steps.push_back(std::move(step));
  }

  // What the step makes is put beside what it reads, which is freed after it.
  void count_memory(Step& step, double made) {
    bytes_.push_back(made);
    alive_ += made;
    step.intermediate_bytes = alive_;
    for (std::size_t i : {step.left, step.right}) {
      if (i != Step::kNone && i >= equation_.inputs.size())
        alive_ -= bytes_[i - equation_.inputs.size()];
    }
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

// torch.einsum's list of positions, which closes up after each step, as positions in a list that
// only grows.
Order given_order(std::size_t operands, const std::vector<std::int64_t>& pairs) {
  check(pairs.size() == 2 * (operands - 1),
        "einsum: the path has {} positions, expected {}, two for each product of {} operands",
        pairs.size(), 2 * (operands - 1), operands);
  std::vector<std::size_t> list(operands);
  std::iota(list.begin(), list.end(), std::size_t{0});
  Order order;
  for (std::size_t s = 0; 2 * s < pairs.size(); ++s) {
    const std::int64_t x = std::min(pairs[2 * s], pairs[2 * s + 1]),
                       y = std::max(pairs[2 * s], pairs[2 * s + 1]);
    check(0 <= x && x < y && y < static_cast<std::int64_t>(list.size()),
          "einsum: step {} of the path takes positions {} and {}, expected two different ones "
          "below {}",
          s, pairs[2 * s], pairs[2 * s + 1], list.size());
    order.emplace_back(list[static_cast<std::size_t>(x)], list[static_cast<std::size_t>(y)]);
    list.erase(list.begin() + y);
    list.erase(list.begin() + x);
    list.push_back(operands + s);
  }
  return order;
}

Order order_of(const std::vector<Labels>& operands, const Equation& equation,
               const PathOptions& options, double element_size) {
  if (operands.size() == 1) {
    check(!options.order || options.order->size() <= 1,
          "einsum: the path has {} positions, expected none for a single operand",
          options.order ? options.order->size() : 0);
    return {};
  }
  if (options.order) return given_order(operands.size(), *options.order);
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

void choose_kernels(Path& path, ScalarType dtype, ArrayRef<Dims> strides) {
  const std::size_t given = strides.size();
  std::vector<Dims> made;
  for (Step& step : path.steps) {
    std::vector<IntArrayRef> of_step;
    for (const std::size_t i : {step.left, step.right}) {
      if (i != Step::kNone) of_step.emplace_back(i < given ? strides[i] : made[i - given]);
    }
    made.reserve(path.steps.size());
    made.push_back(contiguous_strides(step.equation.output_shape()));
    const PlanPtr chosen = plan(step.equation, dtype, of_step, made.back());
    step.kernel = toString(chosen->kernel);
    step.scratch_bytes = static_cast<double>(scratch_bytes(*chosen));
    path.peak_bytes = std::max(path.peak_bytes, step.intermediate_bytes + step.scratch_bytes);
  }
}

std::string Path::table() const {
  std::string text = fmt::format("{:>4}  {:<11}  {:>9}  {:>9}  {:<7}  {:>9}  equation\n", "step",
                                 "operands", "FLOPs", "bytes", "kernel", "scratch");
  for (std::size_t s = 0; s < steps.size(); ++s) {
    const Step& step = steps[s];
    const std::string operands = step.right == Step::kNone
                                     ? fmt::format("{}", step.left)
                                     : fmt::format("{}, {}", step.left, step.right);
    text +=
        fmt::format("{:>4}  {:<11}  {:>9.3g}  {:>9.3g}  {:<7}  {:>9.3g}  {}\n", s, operands,
                    step.flops, step.bytes, step.kernel, step.scratch_bytes, step.equation.text());
  }
  return text +
         fmt::format(
             "total {:.3g} FLOPs (one loop nest: {:.3g}), at most {:.3g} bytes beside operands and "
             "result{}\n",
             flops, naive_flops, peak_bytes,
             within_limit ? "" : "; an intermediate is beyond the memory limit");
}

}  // namespace xgrad::contraction
