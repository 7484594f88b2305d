#include "xgrad/data/samplers/distributed.h"

#include <algorithm>
#include <random>

#include "xgrad/core/format.h"

namespace xgrad::data::samplers {

void DistributedIndexSampler::populate_indices() {
  const std::size_t local = local_sample_count();
  all_indices_.resize(num_replicas_ == 1 ? size_ : local * num_replicas_);
  for (std::size_t i = 0; i < all_indices_.size(); ++i) {
    all_indices_[i] = i < size_ ? i : i - size_;  // those too many begin again
  }
  order_indices();
  sample_index_ = rank_ * local;
  end_index_ = sample_index_ + local;
}

optional<std::vector<std::size_t>> DistributedIndexSampler::next(std::size_t batch_size) {
  if (sample_index_ == end_index_) return nullopt;
  const std::size_t count = std::min(batch_size, end_index_ - sample_index_);
  const auto first = all_indices_.begin() + static_cast<std::ptrdiff_t>(sample_index_);
  sample_index_ += count;
  return std::vector<std::size_t>(first, first + static_cast<std::ptrdiff_t>(count));
}

// The indices follow from size and epoch.
io::StateDict DistributedIndexSampler::state_dict() const {
  io::StateDict state;
  state.values["size"] = size_;
  state.values["epoch"] = epoch_;
  state.values["index"] = sample_index_;
  return state;
}

void DistributedIndexSampler::load_state_dict(const io::StateDict& state) {
  const auto read = [&](const char* name) {
    const io::Value* value = state.values.find(name);
    check(value != nullptr && value->type() == io::Value::Type::Int && value->as_int() >= 0,
          "DistributedSampler: the state has no count '{}', expected the state of a "
          "DistributedSampler",
          name);
    return static_cast<std::size_t>(value->as_int());
  };
  const std::size_t size = read("size"), epoch = read("epoch"), index = read("index");
  check(size == size_, "DistributedSampler: the state is of {} examples, expected {}", size, size_);
  const std::size_t begin = rank_ * local_sample_count();
  check(index >= begin && index <= begin + local_sample_count(),
        "DistributedSampler: the state's index is {}, expected {} to {} for rank {}", index, begin,
        begin + local_sample_count(), rank_);
  epoch_ = epoch;
  populate_indices();
  sample_index_ = index;
}

DistributedRandomSampler::DistributedRandomSampler(std::size_t size, std::size_t num_replicas,
                                                   std::size_t rank, bool allow_duplicates)
    : DistributedIndexSampler(size, num_replicas, rank, allow_duplicates) {
  reset();
}

void DistributedRandomSampler::reset(optional<std::size_t> new_size) {
  size_ = new_size.value_or(size_);
  populate_indices();
}

void DistributedRandomSampler::order_indices() {
  std::mt19937 engine(static_cast<std::mt19937::result_type>(epoch_));
  std::shuffle(all_indices_.begin(), all_indices_.end(), engine);
}

DistributedSequentialSampler::DistributedSequentialSampler(std::size_t size,
                                                           std::size_t num_replicas,
                                                           std::size_t rank, bool allow_duplicates)
    : DistributedIndexSampler(size, num_replicas, rank, allow_duplicates) {
  reset();
}

void DistributedSequentialSampler::reset(optional<std::size_t> new_size) {
  size_ = new_size.value_or(size_);
  populate_indices();
}

}  // namespace xgrad::data::samplers
