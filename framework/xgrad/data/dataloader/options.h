// DataLoaderOptions: how a loader batches, and with how many threads.
// A bare number is the batch size.
//
//   data::make_data_loader(dataset, data::DataLoaderOptions(64).workers(2).drop_last(true));
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

#include "xgrad/core/arg.h"
#include "xgrad/core/tensor_options.h"

namespace xgrad::data {

struct DataLoaderOptions {
  DataLoaderOptions() = default;
  DataLoaderOptions(std::size_t batch_size) : batch_size_(batch_size) {}

  XGRAD_ARG(std::size_t, batch_size) = 1;
  // Threads that get batches ahead of time; with 0 the caller gets each when it asks for it.
  XGRAD_ARG(std::size_t, workers) = 0;
  // Batches that may be under way at a time; twice the workers if not given.
  XGRAD_ARG(optional<std::size_t>, max_jobs);
  // The longest time to wait for a batch; then an Error.
  XGRAD_ARG(optional<std::chrono::milliseconds>, timeout);
  // Whether batches come in the sampler's order, or as the workers finish them.
  XGRAD_ARG(bool, enforce_ordering) = true;
  // Leaves out the last batch if it is smaller than the others.
  XGRAD_ARG(bool, drop_last) = false;
};

// The options with all defaults filled in. Errors: a batch size of 0, no jobs for the workers.
struct FullDataLoaderOptions {
  explicit FullDataLoaderOptions(const DataLoaderOptions& options);

  std::size_t batch_size;
  std::size_t workers;
  std::size_t max_jobs;
  optional<std::chrono::milliseconds> timeout;
  bool enforce_ordering;
  bool drop_last;
};

}  // namespace xgrad::data
