// DataLoaderBase: what the two loaders share:
// batches by iterator, on the caller's thread or through workers.
#pragma once

#include <functional>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "xgrad/data/dataloader/iterator.h"
#include "xgrad/data/dataloader/options.h"
#include "xgrad/data/dataloader/pipeline.h"
#include "xgrad/data/dataloader/worker_exception.h"

namespace xgrad::data {

template <class Dataset, class Batch, class BatchRequest>
class DataLoaderBase {
 public:
  using BatchType = Batch;
  using BatchRequestType = BatchRequest;

  explicit DataLoaderBase(DataLoaderOptions options,
                          std::unique_ptr<Dataset> main_thread_dataset = nullptr)
      : options_(options),
        main_thread_dataset_(std::move(main_thread_dataset)),
        pipeline_(options_.enforce_ordering) {}
  DataLoaderBase(const DataLoaderBase&) = delete;
  DataLoaderBase& operator=(const DataLoaderBase&) = delete;
  virtual ~DataLoaderBase() { join(); }

  // Begins an epoch; iterators of an earlier one are of no more use.
  Iterator<Batch> begin() {
    reset();
    return Iterator<Batch>([this, epoch = epoch_]() -> optional<Batch> {
      if (epoch != epoch_) {
        fail("DataLoader: the iterator is out of date, a later begin() has started a new epoch");
      }
      optional<Batch> batch = next();
      if (batch) {
        ++delivered_;
      } else {
        in_epoch_ = false;
      }
      return batch;
    });
  }
  Iterator<Batch> end() { return Iterator<Batch>(); }

  // Ends the worker threads; the loader is done with.
  void join() {
    if (workers_.empty()) return;
    pipeline_.stop();
    for (std::thread& worker : workers_) worker.join();
    workers_.clear();
    joined_ = true;
  }
  const FullDataLoaderOptions& options() const noexcept { return options_; }

 protected:
  // What to ask the dataset for; nothing at the end of the epoch.
  virtual optional<BatchRequest> get_batch_request() = 0;

  virtual void reset() {
    if (joined_) fail("DataLoader: the workers have been joined, expected a new loader");
    abandon_epoch();
    in_epoch_ = true;
    if (options_.workers > 0) prefetch(options_.max_jobs);
  }

  void abandon_epoch() {
    pipeline_.drain();
    ++epoch_;
    in_epoch_ = false;
  }

  void add_worker(std::function<optional<Batch>(BatchRequest)> get_batch) {
    workers_.emplace_back([this, get_batch = std::move(get_batch)] { pipeline_.work(get_batch); });
  }

  const FullDataLoaderOptions options_;
  std::unique_ptr<Dataset> main_thread_dataset_;
  std::size_t delivered_ = 0;  // batches of this epoch that the caller has got
  bool in_epoch_ = false;

 private:
  void prefetch(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      optional<BatchRequest> request = get_batch_request();
      if (!request) return;
      pipeline_.push(std::move(*request));
    }
  }

  optional<Batch> next() {
    if (options_.workers == 0) {
      optional<BatchRequest> request = get_batch_request();
      if (!request) return nullopt;
      return main_thread_dataset_->get_batch(std::move(*request));
    }
    while (auto result = pipeline_.take(options_.timeout)) {
      if (result->exception) throw WorkerException(result->exception);
      if (result->batch) {
        prefetch(1);
        return std::move(result->batch);
      }
    }
    return nullopt;
  }

  detail::Pipeline<BatchRequest, Batch> pipeline_;
  std::vector<std::thread> workers_;
  std::size_t epoch_ = 0;
  bool joined_ = false;
};

}  // namespace xgrad::data
