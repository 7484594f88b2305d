// ChunkDataset: data in pieces that are read whole (files, say), shuffled twice: the chunks among
// each other, and the examples of what was read together.
//
//   struct Files : data::datasets::ChunkDataReader<Example<>> {
//     std::vector<Example<>> read_chunk(std::size_t index) override;
//     std::size_t chunk_count() override;
//     void reset() override {}
//   };
//   auto dataset = data::datasets::make_shared_dataset<data::datasets::ChunkDataset<Files>>(
//       Files(), RandomSampler(0), RandomSampler(0), ChunkDatasetOptions(1, 64));
//   auto loader = data::make_data_loader(dataset, 64);
//
// A batch goes on in the next chunk; only an epoch's last one may be smaller. A chunk is read when
// a batch needs it, by the thread that asks: there are no threads besides the data loader's
// workers, so the order does not depend on `preloader_count`. Errors: another batch size than the
// options', a batch before reset(); what read_chunk throws, as a WorkerException.
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <iterator>
#include <mutex>
#include <vector>

#include "xgrad/core/arg.h"
#include "xgrad/core/error.h"
#include "xgrad/data/dataloader/worker_exception.h"
#include "xgrad/data/datasets/stateful.h"
#include "xgrad/data/samplers/random.h"

namespace xgrad::data::datasets {

template <class Example_, class Chunk = std::vector<Example_>>
class ChunkDataReader {
 public:
  using ChunkType = Chunk;
  using BatchType = Chunk;
  using ExampleType = Example_;

  virtual ~ChunkDataReader() = default;
  virtual ChunkType read_chunk(std::size_t chunk_index) = 0;
  virtual std::size_t chunk_count() = 0;
  virtual void reset() = 0;  // at the beginning of each epoch
};

struct ChunkDatasetOptions {
  // Errors: one of them is 0.
  ChunkDatasetOptions(std::size_t preloader_count, std::size_t batch_size,
                      std::size_t cache_size = 2048, std::size_t cross_chunk_shuffle_count = 1)
      : preloader_count_(preloader_count),
        batch_size_(batch_size),
        cache_size_(cache_size),
        cross_chunk_shuffle_count_(cross_chunk_shuffle_count) {
    if (preloader_count == 0) fail("ChunkDatasetOptions: preloader_count is 0, expected more");
    if (batch_size == 0) fail("ChunkDatasetOptions: batch_size is 0, expected more");
    if (cache_size == 0) fail("ChunkDatasetOptions: cache_size is 0, expected more");
    if (cross_chunk_shuffle_count == 0)
      fail("ChunkDatasetOptions: cross_chunk_shuffle_count is 0, expected more");
  }

  XGRAD_ARG(std::size_t, preloader_count);
  XGRAD_ARG(std::size_t, batch_size);
  XGRAD_ARG(std::size_t, cache_size) = 2048;
  // So many chunks are read at once and their examples shuffled together.
  XGRAD_ARG(std::size_t, cross_chunk_shuffle_count) = 1;
};

template <class ChunkReader, class ChunkSampler = samplers::RandomSampler,
          class ExampleSampler = samplers::RandomSampler>
class ChunkDataset final
    : public StatefulDataset<ChunkDataset<ChunkReader, ChunkSampler, ExampleSampler>,
                             typename ChunkReader::BatchType, std::size_t> {
 public:
  using UnwrappedBatchType = typename ChunkReader::BatchType;
  using BatchType = optional<UnwrappedBatchType>;
  using BatchRequestType = std::size_t;
  using ChunkSamplerType = ChunkSampler;
  using ExampleSamplerType = ExampleSampler;
  using Preprocessing = std::function<void(UnwrappedBatchType&)>;

  // `preprocessing` sees what was read before its examples are shuffled.
  ChunkDataset(ChunkReader reader, ChunkSampler chunk_sampler, ExampleSampler example_sampler,
               ChunkDatasetOptions options, Preprocessing preprocessing = {})
      : reader_(std::move(reader)),
        chunk_sampler_(std::move(chunk_sampler)),
        example_sampler_(std::move(example_sampler)),
        options_(options),
        preprocessing_(std::move(preprocessing)) {}

  BatchType get_batch(std::size_t batch_size) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!begun_) fail("ChunkDataset: get_batch is called before reset, expected reset first");
    if (batch_size != options_.batch_size()) {
      fail("ChunkDataset: the batch size is " + std::to_string(batch_size) + ", expected " +
           std::to_string(options_.batch_size()) + " as in the options");
    }
    while (waiting_.size() < batch_size && read_more()) {
    }
    if (waiting_.empty()) return nullopt;
    const auto end =
        waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(batch_size, waiting_.size()));
    UnwrappedBatchType batch(std::make_move_iterator(waiting_.begin()),
                             std::make_move_iterator(end));
    waiting_.erase(waiting_.begin(), end);
    return batch;
  }
  BatchType get_batch() { return get_batch(options_.batch_size()); }

  void reset() override {
    const std::lock_guard<std::mutex> lock(mutex_);
    reader_.reset();
    chunk_sampler_.reset(reader_.chunk_count());
    waiting_.clear();
    begun_ = true;
  }

  optional<std::size_t> size() const override { return nullopt; }
  ChunkSamplerType& chunk_sampler() { return chunk_sampler_; }

 private:
  // False when there is no chunk left.
  bool read_more() {
    const auto chunks = chunk_sampler_.next(options_.cross_chunk_shuffle_count());
    if (!chunks) return false;
    UnwrappedBatchType data;
    try {
      for (const std::size_t index : *chunks) {
        UnwrappedBatchType chunk = reader_.read_chunk(index);
        std::move(chunk.begin(), chunk.end(), std::back_inserter(data));
      }
      if (preprocessing_) preprocessing_(data);
    } catch (...) {
      throw WorkerException(std::current_exception());
    }
    if (data.empty()) return true;
    example_sampler_.reset(data.size());
    // Asked for in the batches that they fill, as a sampler may tell these apart.
    for (std::size_t left = data.size(); left > 0;) {
      const std::size_t room = options_.batch_size() - waiting_.size() % options_.batch_size();
      const auto indices = example_sampler_.next(std::min(left, room));
      if (!indices || indices->empty())
        fail("ChunkDataset: the sampler gives fewer examples than were read, expected all");
      for (const std::size_t index : *indices) waiting_.push_back(std::move(data.at(index)));
      left -= std::min(left, indices->size());
    }
    return true;
  }

  ChunkReader reader_;
  ChunkSampler chunk_sampler_;
  ExampleSampler example_sampler_;
  ChunkDatasetOptions options_;
  Preprocessing preprocessing_;
  std::deque<typename UnwrappedBatchType::value_type> waiting_;  // in their order
  bool begun_ = false;
  std::mutex mutex_;
};

}  // namespace xgrad::data::datasets
