#include "xgrad/data/datasets/tensor.h"

#include "xgrad/data/transforms/stack.h"

namespace xgrad::data::datasets {

TensorDataset::TensorDataset(const std::vector<Tensor>& tensors)
    : TensorDataset(transforms::detail::stack_rows(tensors)) {}

}  // namespace xgrad::data::datasets
