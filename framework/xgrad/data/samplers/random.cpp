#include "xgrad/data/samplers/random.h"

#include <algorithm>
#include <numeric>

#include "xgrad/core/format.h"
#include "xgrad/ops/random.h"

namespace xgrad::data::samplers {

namespace {

std::size_t read_size(const io::StateDict& state, const char* sampler, const char* name) {
  const io::Value* value = state.values.find(name);
  check(value != nullptr && value->type() == io::Value::Type::Int && value->as_int() >= 0,
        "{}: the state has no count '{}', expected the state of a {}", sampler, name, sampler);
  return static_cast<std::size_t>(value->as_int());
}

}  // namespace

RandomSampler::RandomSampler(std::int64_t size, ScalarType index_dtype) {
  check(size >= 0, "RandomSampler: size is {}, expected at least 0", size);
  check(isIntegralType(index_dtype, false), "RandomSampler: index dtype is {}, expected an integer",
        dtype_name(index_dtype));
  check(index_dtype != kByte || size <= 256,
        "RandomSampler: {} indices do not fit into uint8, expected at most 256", size);
  indices_ = randperm(size, index_dtype);
}

void RandomSampler::reset(optional<std::size_t> new_size) {
  const std::int64_t size = new_size ? static_cast<std::int64_t>(*new_size) : indices_.numel();
  indices_ = randperm(size, indices_.scalar_type());
  index_ = 0;
}

optional<std::vector<std::size_t>> RandomSampler::next(std::size_t batch_size) {
  const std::int64_t left = indices_.numel() - index_;
  if (left == 0) return nullopt;
  const std::size_t count = std::min(batch_size, static_cast<std::size_t>(left));
  std::vector<std::size_t> batch(count);
  dispatch(indices_.scalar_type(), [&](auto zero) {
    const auto* from = static_cast<const decltype(zero)*>(indices_.data_ptr()) + index_;
    for (std::size_t i = 0; i < count; ++i) batch[i] = static_cast<std::size_t>(from[i]);
  });
  index_ += static_cast<std::int64_t>(count);
  return batch;
}

io::StateDict RandomSampler::state_dict() const {
  io::StateDict state;
  state.add("indices", indices_);
  state.values["index"] = index_;
  return state;
}

void RandomSampler::load_state_dict(const io::StateDict& state) {
  const Tensor* indices = state.find("indices");
  check(indices != nullptr && indices->defined() && indices->dim() == 1 &&
            isIntegralType(indices->scalar_type(), false),
        "RandomSampler: the state has no tensor 'indices' of integers, expected the state of a "
        "RandomSampler");
  const std::size_t index = read_size(state, "RandomSampler", "index");
  const std::int64_t size = indices->numel();
  check(size == indices_.numel(), "RandomSampler: the state has {} indices, expected {}", size,
        indices_.numel());
  check(index <= static_cast<std::size_t>(size),
        "RandomSampler: the state's index is {}, expected at most its {} indices", index, size);
  const Tensor values = indices->to(kLong).contiguous();
  const auto* first = values.data_ptr<std::int64_t>();
  std::vector<bool> seen(static_cast<std::size_t>(size));
  for (std::int64_t i = 0; i < size; ++i) {
    check(first[i] >= 0 && first[i] < size && !seen[static_cast<std::size_t>(first[i])],
          "RandomSampler: the state's indices are no permutation, {} at place {}", first[i], i);
    seen[static_cast<std::size_t>(first[i])] = true;
  }
  indices_ = indices->detach().clone();
  index_ = static_cast<std::int64_t>(index);
}

void SequentialSampler::reset(optional<std::size_t> new_size) {
  size_ = new_size.value_or(size_);
  index_ = 0;
}

optional<std::vector<std::size_t>> SequentialSampler::next(std::size_t batch_size) {
  if (index_ == size_) return nullopt;
  std::vector<std::size_t> batch(std::min(batch_size, size_ - index_));
  std::iota(batch.begin(), batch.end(), index_);
  index_ += batch.size();
  return batch;
}

io::StateDict SequentialSampler::state_dict() const {
  io::StateDict state;
  state.values["size"] = size_;
  state.values["index"] = index_;
  return state;
}

void SequentialSampler::load_state_dict(const io::StateDict& state) {
  const std::size_t size = read_size(state, "SequentialSampler", "size");
  const std::size_t index = read_size(state, "SequentialSampler", "index");
  check(size == size_, "SequentialSampler: the state's size is {}, expected {}", size, size_);
  check(index <= size, "SequentialSampler: the state's index is {}, expected at most its size {}",
        index, size);
  index_ = index;
}

}  // namespace xgrad::data::samplers
