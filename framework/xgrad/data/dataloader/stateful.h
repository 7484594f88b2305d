// StatefulDataLoader: the dataset itself says which batch is next. All workers share it.
#pragma once

#include "xgrad/data/dataloader/base.h"

namespace xgrad::data {

template <class Dataset>
class StatefulDataLoader : public DataLoaderBase<Dataset, typename Dataset::BatchType::value_type,
                                                 typename Dataset::BatchRequestType> {
 public:
  using super = DataLoaderBase<Dataset, typename Dataset::BatchType::value_type,
                               typename Dataset::BatchRequestType>;
  using typename super::BatchRequestType;

  StatefulDataLoader(Dataset dataset, DataLoaderOptions options)
      : super(std::move(options), std::make_unique<Dataset>(std::move(dataset))) {
    for (std::size_t i = 0; i < this->options_.workers; ++i) {
      this->add_worker([this](BatchRequestType request) {
        return this->main_thread_dataset_->get_batch(std::move(request));
      });
    }
  }
  ~StatefulDataLoader() override { this->join(); }

 private:
  void reset() override {
    this->abandon_epoch();  // workers must not be at it while the dataset begins again
    this->main_thread_dataset_->reset();
    this->delivered_ = 0;
    super::reset();
  }

  optional<BatchRequestType> get_batch_request() override { return this->options_.batch_size; }
};

}  // namespace xgrad::data
