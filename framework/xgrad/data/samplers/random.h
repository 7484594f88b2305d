// RandomSampler: all examples once an epoch, in random order.
// SequentialSampler: in their own order.
//
// As in PyTorch a RandomSampler draws a permutation from the default generator
// when made and at each reset.
#pragma once

#include "xgrad/data/samplers/base.h"

namespace xgrad::data::samplers {

class RandomSampler : public Sampler<> {
 public:
  // `index_dtype` may be a smaller integer, to save memory.
  // Errors: size < 0, a dtype that cannot hold the indices.
  explicit RandomSampler(std::int64_t size, ScalarType index_dtype = kInt64);

  void reset(optional<std::size_t> new_size = nullopt) override;
  optional<std::vector<std::size_t>> next(std::size_t batch_size) override;
  io::StateDict state_dict() const override;
  void load_state_dict(const io::StateDict& state) override;
  // How many were given in this epoch.
  std::size_t index() const noexcept { return static_cast<std::size_t>(index_); }

 private:
  Tensor indices_;  // [size]: the permutation
  std::int64_t index_ = 0;
};

class SequentialSampler : public Sampler<> {
 public:
  explicit SequentialSampler(std::size_t size) : size_(size) {}

  void reset(optional<std::size_t> new_size = nullopt) override;
  optional<std::vector<std::size_t>> next(std::size_t batch_size) override;
  io::StateDict state_dict() const override;
  void load_state_dict(const io::StateDict& state) override;
  std::size_t index() const noexcept { return index_; }

 private:
  std::size_t size_;
  std::size_t index_ = 0;
};

}  // namespace xgrad::data::samplers
