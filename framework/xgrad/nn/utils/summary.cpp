#include "xgrad/nn/utils/summary.h"

#include <algorithm>
#include <array>

#include "xgrad/core/format.h"

namespace xgrad::nn::utils {
namespace {

// "1,234,567".
std::string grouped(std::int64_t count) {
  std::string text = fmt::to_string(count);
  for (auto i = static_cast<std::ptrdiff_t>(text.size()) - 3; i > 0; i -= 3) {
    text.insert(static_cast<std::size_t>(i), ",");
  }
  return text;
}

std::int64_t elements(const std::vector<Tensor>& tensors) {
  std::int64_t count = 0;
  for (const Tensor& tensor : tensors) count += tensor.numel();
  return count;
}

// The type without namespaces and "Impl".
std::string short_name(const Module& module) {
  std::string name = module.name();
  if (const std::size_t colon = name.rfind(':'); colon != std::string::npos) {
    name = name.substr(colon + 1);
  }
  return name.ends_with("Impl") ? name.substr(0, name.size() - 4) : name;
}

}  // namespace

ShapeRecorder::ShapeRecorder(Module& module) : module_(module) {
  std::set<const Module*> seen;
  module.apply([&](const std::string& name, Module& part) {
    if (seen.insert(&part).second) rows_.push_back({name, &part, part.is_training(), 0, "-"});
  });
  // Hooks only once the rows have their final places.
  for (Row& row : rows_) {
    row.hook =
        row.module->register_forward_hook([&row](Module&, const Tensor&, const Tensor& output) {
          row.output = fmt::format("[{}]", fmt::join(output.sizes(), ", "));
        });
  }
  module.eval();
}

ShapeRecorder::~ShapeRecorder() {
  // From the top down: train() reaches what is below, whose own modes come after.
  for (const Row& row : rows_) {
    row.module->remove_forward_hook(row.hook);
    row.module->train(row.was_training);
  }
}

std::string ShapeRecorder::table() const {
  std::vector<std::array<std::string, 4>> cells{{"name", "type", "output", "parameters"}};
  for (const Row& row : rows_) {
    cells.push_back({row.name.empty() ? "." : row.name, short_name(*row.module), row.output,
                     grouped(elements(row.module->parameters(false)))});
  }
  std::array<std::size_t, 4> width{};
  for (const auto& line : cells) {
    for (std::size_t i = 0; i < 4; ++i) width[i] = std::max(width[i], line[i].size());
  }
  std::string text;
  for (const auto& line : cells) {
    text += fmt::format("{:{}}  {:{}}  {:{}}  {:>{}}\n", line[0], width[0], line[1], width[1],
                        line[2], width[2], line[3], width[3]);
  }
  std::vector<Tensor> trained = module_.parameters();
  const std::int64_t total = elements(trained);
  std::erase_if(trained, [](const Tensor& parameter) { return !parameter.requires_grad(); });
  return text + fmt::format("{} parameters, {} trained; {} values in buffers\n", grouped(total),
                            grouped(elements(trained)), grouped(elements(module_.buffers())));
}

}  // namespace xgrad::nn::utils
