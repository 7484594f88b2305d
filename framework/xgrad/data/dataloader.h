// make_data_loader: a loader from a dataset and, where that does not decide itself, a sampler.
//
//   auto loader = data::make_data_loader(std::move(dataset), 64);   // shuffled
//   for (auto& batch : *loader) model->forward(batch.data);
//
//   using data::samplers::SequentialSampler;
//   auto in_order = data::make_data_loader<SequentialSampler>(std::move(test_set), 64);
#pragma once

#include <type_traits>

#include "xgrad/data/dataloader/stateful.h"
#include "xgrad/data/dataloader/stateless.h"
#include "xgrad/data/samplers/random.h"

namespace xgrad::data {

template <class Dataset, class Sampler>
requires(!Dataset::is_stateful)
    std::unique_ptr<StatelessDataLoader<Dataset, Sampler>> make_data_loader(
        Dataset dataset, Sampler sampler, DataLoaderOptions options) {
  return std::make_unique<StatelessDataLoader<Dataset, Sampler>>(
      std::move(dataset), std::move(sampler), std::move(options));
}

// Errors: the dataset has no size.
template <class Sampler = samplers::RandomSampler, class Dataset>
requires(!Dataset::is_stateful && std::is_constructible_v<Sampler, std::size_t>)
    std::unique_ptr<StatelessDataLoader<Dataset, Sampler>> make_data_loader(
        Dataset dataset, DataLoaderOptions options = {}) {
  const optional<std::size_t> size = dataset.size();
  if (!size) fail("make_data_loader: the dataset has no size, expected one, or a sampler");
  using Size = std::conditional_t<std::is_same_v<Sampler, samplers::RandomSampler>, std::int64_t,
                                  std::size_t>;
  return make_data_loader(std::move(dataset), Sampler(static_cast<Size>(*size)),
                          std::move(options));
}

template <class Dataset>
requires(Dataset::is_stateful) std::unique_ptr<StatefulDataLoader<Dataset>> make_data_loader(
    Dataset dataset, DataLoaderOptions options = {}) {
  return std::make_unique<StatefulDataLoader<Dataset>>(std::move(dataset), std::move(options));
}

}  // namespace xgrad::data
