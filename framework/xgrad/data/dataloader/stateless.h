// StatelessDataLoader: a sampler says which examples, the dataset gives them. Each worker has its
// own copy of the dataset.
//
// state_dict() is the position within the epoch and the sampler's order: loaded into another loader
// of the same dataset and batch size, the next begin() goes on with the batch that would have come
// next.
#pragma once

#include "xgrad/data/dataloader/base.h"
#include "xgrad/io/state_dict.h"

namespace xgrad::data {

template <class Dataset, class Sampler>
class StatelessDataLoader : public DataLoaderBase<Dataset, typename Dataset::BatchType,
                                                  typename Sampler::BatchRequestType> {
 public:
  using super =
      DataLoaderBase<Dataset, typename Dataset::BatchType, typename Sampler::BatchRequestType>;
  using typename super::BatchRequestType;
  using typename super::BatchType;

  StatelessDataLoader(Dataset dataset, Sampler sampler, DataLoaderOptions options)
      : super(std::move(options)), sampler_(std::move(sampler)) {
    for (std::size_t i = 0; i < this->options_.workers; ++i) {
      this->add_worker([own = std::make_shared<Dataset>(dataset)](BatchRequestType request)
                           -> optional<BatchType> { return own->get_batch(std::move(request)); });
    }
    if (this->options_.workers == 0) {
      this->main_thread_dataset_ = std::make_unique<Dataset>(std::move(dataset));
    }
  }
  ~StatelessDataLoader() override { this->join(); }

  io::StateDict state_dict() const {
    io::StateDict state;
    state.values["batch_size"] = this->options_.batch_size;
    state.values["in_epoch"] = this->in_epoch_ || resumed_;
    if (this->in_epoch_ || resumed_) {
      state.values["batches"] = this->delivered_;
      state.add_part("sampler", epoch_start_);
    }
    return state;
  }

  // Errors: the state is of a loader with another batch size, or its sampler's is refused; nothing
  // is changed then.
  void load_state_dict(const io::StateDict& state) {
    const auto batch_size = static_cast<std::size_t>(state.values.at("batch_size").as_int());
    if (batch_size != this->options_.batch_size) {
      fail("DataLoader: the state has batch size " + std::to_string(batch_size) + ", expected " +
           std::to_string(this->options_.batch_size));
    }
    const bool in_epoch = state.values.at("in_epoch").as_bool();
    if (!in_epoch) {
      this->abandon_epoch();
      resumed_ = false;
      return;
    }
    const std::int64_t batches = state.values.at("batches").as_int();
    if (batches < 0) {
      fail("DataLoader: the state has " + std::to_string(batches) +
           " batches behind it, expected at least 0");
    }
    io::StateDict epoch_start = state.part("sampler");
    Sampler sampler = sampler_;
    sampler.load_state_dict(epoch_start);
    for (std::int64_t i = 0; i < batches; ++i) {
      if (!request_of(sampler)) {
        fail("DataLoader: the state has " + std::to_string(batches) +
             " batches behind it, expected at most " + std::to_string(i));
      }
    }
    this->abandon_epoch();
    sampler_ = std::move(sampler);
    epoch_start_ = std::move(epoch_start);
    this->delivered_ = static_cast<std::size_t>(batches);
    resumed_ = true;
  }

 private:
  void reset() override {
    if (!resumed_) {
      sampler_.reset(nullopt);
      epoch_start_ = sampler_.state_dict();
      this->delivered_ = 0;
    }
    resumed_ = false;
    super::reset();
  }

  optional<BatchRequestType> get_batch_request() override { return request_of(sampler_); }

  optional<BatchRequestType> request_of(Sampler& sampler) const {
    optional<BatchRequestType> request = sampler.next(this->options_.batch_size);
    if (request && this->options_.drop_last && request->size() < this->options_.batch_size) {
      return nullopt;
    }
    return request;
  }

  Sampler sampler_;
  io::StateDict epoch_start_;  // the sampler when the epoch began
  bool resumed_ = false;       // the next begin() continues the epoch that was loaded
};

}  // namespace xgrad::data
