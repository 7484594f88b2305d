// StreamSampler: says how many examples of a stream come next, not which.
#pragma once

#include <algorithm>
#include <string>

#include "xgrad/data/samplers/base.h"

namespace xgrad::data::samplers {

// A number of examples, as a request.
struct BatchSize : CustomBatchRequest {
  explicit BatchSize(std::size_t the_size) : size_(the_size) {}
  std::size_t size() const noexcept override { return size_; }
  operator std::size_t() const noexcept { return size_; }
  std::size_t size_;
};

class StreamSampler : public Sampler<BatchSize> {
 public:
  // An epoch ends after `epoch_size` examples.
  explicit StreamSampler(std::size_t epoch_size) : epoch_size_(epoch_size) {}

  void reset(optional<std::size_t> new_size = nullopt) override {
    epoch_size_ = new_size.value_or(epoch_size_);
    given_ = 0;
  }
  optional<BatchSize> next(std::size_t batch_size) override {
    if (given_ == epoch_size_) return nullopt;
    const std::size_t count = std::min(batch_size, epoch_size_ - given_);
    given_ += count;
    return BatchSize(count);
  }
  io::StateDict state_dict() const override {
    io::StateDict state;
    state.values["epoch_size"] = epoch_size_;
    state.values["given"] = given_;
    return state;
  }
  void load_state_dict(const io::StateDict& state) override {
    const std::int64_t size = state.values.at("epoch_size").as_int();
    const std::int64_t given = state.values.at("given").as_int();
    if (given < 0 || given > size) {
      fail("StreamSampler: the state has given " + std::to_string(given) + " of " +
           std::to_string(size) + " examples, expected at most all");
    }
    epoch_size_ = static_cast<std::size_t>(size);
    given_ = static_cast<std::size_t>(given);
  }

 private:
  std::size_t epoch_size_;
  std::size_t given_ = 0;
};

}  // namespace xgrad::data::samplers
