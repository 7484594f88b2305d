// TensorDataset: the rows of a tensor [n, *] as examples [*] without targets.
//
//   auto loader = data::make_data_loader(
//       data::datasets::TensorDataset(x).map(data::transforms::Stack<data::TensorExample>()), 32);
#pragma once

#include "xgrad/data/datasets/base.h"

namespace xgrad::data::datasets {

struct TensorDataset : Dataset<TensorDataset, TensorExample> {
  // The tensors stacked: all of one shape.
  explicit TensorDataset(const std::vector<Tensor>& tensors);
  explicit TensorDataset(Tensor the_tensor) : tensor(std::move(the_tensor)) {}

  TensorExample get(std::size_t index) override { return tensor[static_cast<std::int64_t>(index)]; }
  optional<std::size_t> size() const override { return static_cast<std::size_t>(tensor.size(0)); }

  Tensor tensor;
};

}  // namespace xgrad::data::datasets
