// MapDataset: a dataset and a transform of its batches; what `dataset.map(transform)` gives.
#pragma once

#include <type_traits>
#include <utility>

#include "xgrad/data/datasets/base.h"

namespace xgrad::data::datasets {

namespace detail {
template <bool kOptional, class T>
using optional_if_t = std::conditional_t<kOptional, optional<T>, T>;
template <class Dataset, class Transform>
using MappedBatch = optional_if_t<Dataset::is_stateful, typename Transform::OutputBatchType>;
// The batch that a dataset gives, without the optional around it.
template <class Batch>
struct PlainBatch {
  using type = Batch;
};
template <class Batch>
struct PlainBatch<optional<Batch>> {
  using type = Batch;
};
}  // namespace detail

template <class SourceDataset, class AppliedTransform>
class MapDataset : public BatchDataset<MapDataset<SourceDataset, AppliedTransform>,
                                       detail::MappedBatch<SourceDataset, AppliedTransform>,
                                       typename SourceDataset::BatchRequestType> {
 public:
  using DatasetType = SourceDataset;
  using TransformType = AppliedTransform;
  using BatchRequestType = typename SourceDataset::BatchRequestType;
  using OutputBatchType = detail::MappedBatch<SourceDataset, AppliedTransform>;

  MapDataset(DatasetType dataset, TransformType transform)
      : dataset_(std::move(dataset)), transform_(std::move(transform)) {}

  OutputBatchType get_batch(BatchRequestType request) override {
    if constexpr (SourceDataset::is_stateful) {
      auto batch = dataset_.get_batch(std::move(request));
      if (!batch) return nullopt;
      return transform_.apply_batch(std::move(*batch));
    } else {
      return transform_.apply_batch(dataset_.get_batch(std::move(request)));
    }
  }
  optional<std::size_t> size() const override { return dataset_.size(); }
  // For stateful datasets only; others have nothing to reset.
  void reset() { dataset_.reset(); }

  const SourceDataset& dataset() const noexcept { return dataset_; }
  const AppliedTransform& transform() const noexcept { return transform_; }

 private:
  SourceDataset dataset_;
  AppliedTransform transform_;
};

template <class D, class T>
MapDataset<D, T> map(D dataset, T transform) {
  static_assert(std::is_same_v<typename detail::PlainBatch<typename D::BatchType>::type,
                               typename T::InputBatchType>,
                "the dataset's batches are not what the transform takes");
  return {std::move(dataset), std::move(transform)};
}

}  // namespace xgrad::data::datasets
