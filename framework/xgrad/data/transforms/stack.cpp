#include "xgrad/data/transforms/stack.h"

#include <cstring>

#include "xgrad/autograd/record.h"
#include "xgrad/ops/shape.h"

namespace xgrad::data::transforms {

namespace detail {

namespace {

bool is_plain_copy(const std::vector<Tensor>& tensors) {
  if (tensors.empty() || !tensors[0].defined()) return false;
  if (GradMode::is_enabled() && autograd::needs_grad(TensorList(tensors))) return false;
  for (const Tensor& tensor : tensors) {
    if (!tensor.defined() || !tensor.is_contiguous() ||
        tensor.scalar_type() != tensors[0].scalar_type() ||
        !(tensor.sizes() == tensors[0].sizes())) {
      return false;
    }
  }
  return true;
}

}  // namespace

Tensor stack_rows(const std::vector<Tensor>& tensors) {
  if (!is_plain_copy(tensors)) return stack(tensors);
  Dims sizes = tensors[0].sizes();
  sizes.insert(0, static_cast<std::int64_t>(tensors.size()));
  Tensor result = make_tensor(sizes, tensors[0].scalar_type());
  const std::size_t bytes = tensors[0].nbytes();
  auto* out = static_cast<char*>(result.data_ptr());
  for (const Tensor& tensor : tensors) {
    if (bytes != 0) std::memcpy(out, tensor.data_ptr(), bytes);
    out += bytes;
  }
  return result;
}

}  // namespace detail

Example<> Stack<Example<>>::apply_batch(std::vector<Example<>> examples) {
  std::vector<Tensor> data, targets;
  data.reserve(examples.size());
  targets.reserve(examples.size());
  for (Example<>& example : examples) {
    data.push_back(std::move(example.data));
    targets.push_back(std::move(example.target));
  }
  return {detail::stack_rows(data), detail::stack_rows(targets)};
}

TensorExample Stack<TensorExample>::apply_batch(std::vector<TensorExample> examples) {
  std::vector<Tensor> data;
  data.reserve(examples.size());
  for (TensorExample& example : examples) data.push_back(std::move(example.data));
  return detail::stack_rows(data);
}

}  // namespace xgrad::data::transforms
