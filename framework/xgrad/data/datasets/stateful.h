// StatefulDataset: a dataset that goes through its examples
// by itself and says when an epoch ends, by an empty batch.
//
//   struct Lines : data::datasets::StatefulDataset<Lines, std::vector<std::string>> {
//     optional<std::vector<std::string>> get_batch(std::size_t count) override;
//     void reset() override;   // at the beginning of each epoch
//     ...
//   };
//
// With several workers all use the same object: it must guard itself.
#pragma once

#include "xgrad/data/datasets/base.h"

namespace xgrad::serialize {
class OutputArchive;
class InputArchive;
}  // namespace xgrad::serialize

namespace xgrad::data::datasets {

template <class Self, class Batch = std::vector<Example<>>, class BatchRequest = std::size_t>
class StatefulDataset : public BatchDataset<Self, optional<Batch>, BatchRequest> {
 public:
  virtual void reset() = 0;
  // libtorch's names; nothing in xgrad calls them.
  virtual void save(serialize::OutputArchive&) const {}
  virtual void load(serialize::InputArchive&) {}
};

}  // namespace xgrad::data::datasets
