// Sampler: says which examples come next. What it gives (indices, by default)
// is what the dataset's get_batch takes.
//
//   data::samplers::RandomSampler sampler(100);
//   while (auto indices = sampler.next(32)) { ... }   // 32, 32, 32, 4
//   sampler.reset();                                  // another epoch
#pragma once

#include <cstddef>
#include <vector>

#include "xgrad/core/error.h"
#include "xgrad/io/state_dict.h"

namespace xgrad::serialize {
class OutputArchive;
class InputArchive;
}  // namespace xgrad::serialize

namespace xgrad::data::samplers {

template <class BatchRequest = std::vector<std::size_t>>
class Sampler {
 public:
  using BatchRequestType = BatchRequest;

  virtual ~Sampler() = default;
  // Begins an epoch, of another size where one is given.
  virtual void reset(optional<std::size_t> new_size) = 0;
  // What the next `batch_size` examples (or fewer at the end) are; nothing when the epoch is over.
  virtual optional<BatchRequest> next(std::size_t batch_size) = 0;

  // All that decides what next() gives, and back. Own samplers that shall be resumed override both.
  // Errors: the state is of another sampler; nothing is changed then.
  virtual io::StateDict state_dict() const { return {}; }
  virtual void load_state_dict(const io::StateDict&) {
    fail("Sampler: this sampler cannot be resumed, expected one that overrides load_state_dict");
  }
  // libtorch's names; nothing in xgrad calls them.
  virtual void save(serialize::OutputArchive&) const {}
  virtual void load(serialize::InputArchive&) {}
};

// What own samplers may give instead of indices.
struct CustomBatchRequest {
  virtual ~CustomBatchRequest() = default;
  virtual std::size_t size() const = 0;
};

}  // namespace xgrad::data::samplers
