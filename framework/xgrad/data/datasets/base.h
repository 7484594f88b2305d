// The base classes of datasets. A program's own dataset names itself (CRTP)
// and says how to get one example:
//
//   struct Squares : data::datasets::Dataset<Squares> {
//     data::Example<> get(std::size_t i) override {
//       const auto x = static_cast<double>(i);
//       return {tensor(x), tensor(x * x)};
//     }
//     optional<std::size_t> size() const override { return 100; }
//   };
//   auto batches = Squares().map(data::transforms::Stack<>());
#pragma once

#include <cstddef>
#include <vector>

#include "xgrad/core/array_ref.h"
#include "xgrad/data/example.h"

namespace xgrad::data::datasets {

template <class SourceDataset, class AppliedTransform>
class MapDataset;
template <class D, class T>
MapDataset<D, T> map(D dataset, T transform);

namespace detail {
template <class T>
constexpr bool is_optional = false;
template <class T>
constexpr bool is_optional<optional<T>> = true;
}  // namespace detail

// Gives batches: all at once what is asked for. A dataset whose batches are optional is stateful:
// it decides itself when an epoch ends.
template <class Self, class Batch = std::vector<Example<>>,
          class BatchRequest = ArrayRef<std::size_t>>
class BatchDataset {
 public:
  using SelfType = Self;
  using BatchType = Batch;
  using BatchRequestType = BatchRequest;
  static constexpr bool is_stateful = detail::is_optional<Batch>;

  virtual ~BatchDataset() = default;
  virtual Batch get_batch(BatchRequest request) = 0;
  // The number of examples; absent where there is no such number (a stream).
  virtual optional<std::size_t> size() const = 0;

  // This dataset (a copy of it, or itself where it is a temporary)
  // with `transform` applied to its batches.
  template <class Transform>
  MapDataset<Self, Transform> map(Transform transform) & {
    return datasets::map(static_cast<Self&>(*this), std::move(transform));
  }
  template <class Transform>
  MapDataset<Self, Transform> map(Transform transform) && {
    return datasets::map(std::move(static_cast<Self&>(*this)), std::move(transform));
  }
};

// Gives examples one by one, and batches as lists of them.
template <class Self, class SingleExample = Example<>>
class Dataset : public BatchDataset<Self, std::vector<SingleExample>> {
 public:
  using ExampleType = SingleExample;

  virtual ExampleType get(std::size_t index) = 0;
  std::vector<ExampleType> get_batch(ArrayRef<std::size_t> indices) override {
    std::vector<ExampleType> batch;
    batch.reserve(indices.size());
    for (const std::size_t i : indices) batch.push_back(get(i));
    return batch;
  }
};

// Gives the next so many examples of a stream, perhaps an endless one.
template <class Self, class Batch = std::vector<Example<>>>
using StreamDataset = BatchDataset<Self, Batch, std::size_t>;

}  // namespace xgrad::data::datasets
