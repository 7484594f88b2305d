// ChunkDataset: the orders are libtorch 1.13's for the same seed and one preloader.
#include <catch2/catch.hpp>
#include <set>

#include "support/matchers.h"
#include "xgrad/xgrad.h"

namespace xgrad::testing {
namespace {

using namespace data;
using Catch::Matchers::Equals;
using samplers::RandomSampler;
using samplers::SequentialSampler;

// Chunk i holds 10 i, 10 i + 1, ..., i + 2 numbers.
struct Numbers : datasets::ChunkDataReader<int> {
  std::vector<int> read_chunk(std::size_t index) override {
    if (fails) fail("chunk " + std::to_string(index) + " cannot be read");
    std::vector<int> chunk;
    for (std::size_t k = 0; k < index + 2; ++k) chunk.push_back(static_cast<int>(index * 10 + k));
    return chunk;
  }
  std::size_t chunk_count() override { return 4; }
  void reset() override {}
  bool fails = false;
};

using Batches = std::vector<std::vector<int>>;
using Shuffled = datasets::ChunkDataset<Numbers>;
using Ordered = datasets::ChunkDataset<Numbers, SequentialSampler, SequentialSampler>;

template <class Loader>
Batches epoch(Loader& loader) {
  Batches batches;
  for (const auto& batch : loader) batches.push_back(batch);
  return batches;
}

auto shuffled(std::size_t cross) {
  return datasets::make_shared_dataset<Shuffled>(Numbers(), RandomSampler(0), RandomSampler(0),
                                                 datasets::ChunkDatasetOptions(1, 4, 2048, cross));
}

}  // namespace

TEST_CASE("chunks and their examples are shuffled as in libtorch") {
  manual_seed(5);
  auto one = make_data_loader(shuffled(1), 4);
  CHECK(epoch(*one) == Batches{{30, 33, 31, 32}, {34, 12, 11, 10}, {0, 1, 23, 21}, {20, 22}});
  CHECK(epoch(*one) == Batches{{1, 0, 10, 12}, {11, 21, 20, 23}, {22, 32, 34, 31}, {30, 33}});
}

TEST_CASE("chunks in their order give batches that go on in the next chunk") {
  Ordered dataset(Numbers(), SequentialSampler(0), SequentialSampler(0),
                  datasets::ChunkDatasetOptions(1, 4));
  dataset.reset();
  CHECK(dataset.get_batch() == std::vector<int>{0, 1, 10, 11});
  CHECK(dataset.get_batch(4) == std::vector<int>{12, 20, 21, 22});
  dataset.reset();
  CHECK(dataset.get_batch() == std::vector<int>{0, 1, 10, 11});
  CHECK(!dataset.size());
}

TEST_CASE("the policy sees what is read at once") {
  std::vector<std::size_t> sizes;
  Ordered dataset(Numbers(), SequentialSampler(0), SequentialSampler(0),
                  datasets::ChunkDatasetOptions(1, 4).cross_chunk_shuffle_count(3),
                  [&](std::vector<int>& chunk) { sizes.push_back(chunk.size()); });
  dataset.reset();
  while (dataset.get_batch()) {
  }
  CHECK(sizes == std::vector<std::size_t>{9, 5});
}

TEST_CASE("workers share the chunks, and each example comes once") {
  auto loader = make_data_loader(shuffled(2), DataLoaderOptions(4).workers(3));
  std::multiset<int> seen;
  for (const auto& batch : *loader) seen.insert(batch.begin(), batch.end());
  CHECK(seen == std::multiset<int>{0, 1, 10, 11, 12, 20, 21, 22, 23, 30, 31, 32, 33, 34});
}

TEST_CASE("a chunk dataset says what is wrong") {
  Ordered dataset(Numbers(), SequentialSampler(0), SequentialSampler(0),
                  datasets::ChunkDatasetOptions(1, 4));
  CHECK_THAT(error_of([&] { dataset.get_batch(); }),
             Equals("ChunkDataset: get_batch is called before reset, expected reset first"));
  dataset.reset();
  CHECK_THAT(error_of([&] { dataset.get_batch(5); }),
             Equals("ChunkDataset: the batch size is 5, expected 4 as in the options"));
  CHECK_THAT(error_of([] { datasets::ChunkDatasetOptions(1, 0); }),
             Equals("ChunkDatasetOptions: batch_size is 0, expected more"));
  Numbers unreadable;
  unreadable.fails = true;
  Ordered broken(unreadable, SequentialSampler(0), SequentialSampler(0),
                 datasets::ChunkDatasetOptions(1, 4));
  broken.reset();
  CHECK_THROWS_AS(broken.get_batch(), WorkerException);
}

}  // namespace xgrad::testing
