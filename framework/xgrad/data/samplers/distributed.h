// DistributedSampler: one process's share of the examples, where several processes train together.
//
//   data::samplers::DistributedRandomSampler sampler(size, num_replicas, rank);
//   sampler.set_epoch(epoch);   // the shuffle follows from it, the same in every process
//   sampler.reset();
#pragma once

#include "xgrad/data/samplers/base.h"

namespace xgrad::data::samplers {

template <class BatchRequest = std::vector<std::size_t>>
class DistributedSampler : public Sampler<BatchRequest> {
 public:
  // With duplicates the shares are rounded up, without them down. Errors: no replicas, a rank that
  // is not one of them.
  DistributedSampler(std::size_t size, std::size_t num_replicas = 1, std::size_t rank = 0,
                     bool allow_duplicates = true)
      : size_(size), num_replicas_(num_replicas), rank_(rank), allow_duplicates_(allow_duplicates) {
    if (rank >= num_replicas) {
      fail("DistributedSampler: rank is " + std::to_string(rank) + ", expected less than the " +
           std::to_string(num_replicas) + " replicas");
    }
  }

  void set_epoch(std::size_t epoch) { epoch_ = epoch; }
  std::size_t epoch() const { return epoch_; }

 protected:
  std::size_t local_sample_count() const {
    return (size_ + (allow_duplicates_ ? num_replicas_ - 1 : 0)) / num_replicas_;
  }

  std::size_t size_;
  std::size_t num_replicas_;
  std::size_t rank_;
  std::size_t epoch_ = 0;
  bool allow_duplicates_;
};

// What the two below share: the indices of all processes, of which this one has a run.
class DistributedIndexSampler : public DistributedSampler<> {
 public:
  using DistributedSampler<>::DistributedSampler;
  optional<std::vector<std::size_t>> next(std::size_t batch_size) override;
  io::StateDict state_dict() const override;
  void load_state_dict(const io::StateDict& state) override;
  std::size_t index() const noexcept { return sample_index_; }

 protected:
  void populate_indices();
  virtual void order_indices() {}

  std::size_t end_index_ = 0;
  std::size_t sample_index_ = 0;
  std::vector<std::size_t> all_indices_;
};

class DistributedRandomSampler : public DistributedIndexSampler {
 public:
  DistributedRandomSampler(std::size_t size, std::size_t num_replicas = 1, std::size_t rank = 0,
                           bool allow_duplicates = true);
  void reset(optional<std::size_t> new_size = nullopt) override;

 private:
  void order_indices() override;
};

class DistributedSequentialSampler : public DistributedIndexSampler {
 public:
  DistributedSequentialSampler(std::size_t size, std::size_t num_replicas = 1, std::size_t rank = 0,
                               bool allow_duplicates = true);
  void reset(optional<std::size_t> new_size = nullopt) override;
};

}  // namespace xgrad::data::samplers
