// Permutations are PyTorch 1.13's for the same seed (libtorch's RandomSampler after manual_seed(0),
// DistributedRandomSampler).
#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "support/matchers.h"
#include "xgrad/xgrad.h"

namespace {

using namespace xgrad;
using namespace xgrad::testing;
using data::samplers::RandomSampler;
using data::samplers::SequentialSampler;
using Indices = std::vector<std::size_t>;

// Example i is (i, 10 i).
struct Numbers : data::datasets::Dataset<Numbers> {
  explicit Numbers(std::size_t the_count) : count(the_count) {}
  data::Example<> get(std::size_t i) override {
    if (i == bad) throw std::runtime_error("example " + std::to_string(i) + " is bad");
    return {full({1, 1, 1}, static_cast<double>(i)), tensor(static_cast<std::int64_t>(10 * i))};
  }
  optional<std::size_t> size() const override { return count; }
  std::size_t count;
  std::size_t bad = SIZE_MAX;
};

using Stack = data::transforms::Stack<>;

template <class Loader>
std::vector<Indices> batches_of(Loader& loader) {
  std::vector<Indices> result;
  for (auto& batch : loader) {
    Indices batch_indices;
    REQUIRE(batch.target.equal((batch.data.flatten() * 10).to(kLong)));
    for (std::int64_t i = 0; i < batch.data.size(0); ++i) {
      batch_indices.push_back(static_cast<std::size_t>(batch.data[i].template item<double>()));
    }
    result.push_back(batch_indices);
  }
  return result;
}

Indices joined(const std::vector<Indices>& batches) {
  Indices all;
  for (const Indices& batch : batches) all.insert(all.end(), batch.begin(), batch.end());
  return all;
}

TEST_CASE("a random sampler draws PyTorch's permutation when made and at each reset") {
  manual_seed(0);
  RandomSampler sampler(5);
  REQUIRE(rand({1}).item<float>() == Approx(0.307423F));
  REQUIRE(*sampler.next(3) == Indices{4, 0, 1});
  REQUIRE(sampler.index() == 3);
  REQUIRE(*sampler.next(3) == Indices{3, 2});
  REQUIRE(!sampler.next(3));
  sampler.reset();
  REQUIRE(*sampler.next(9) == Indices{4, 0, 3, 1, 2});
  REQUIRE(rand({1}).item<float>() == Approx(0.632306F));
  sampler.reset(2);
  REQUIRE(sampler.next(9)->size() == 2);
}

TEST_CASE("distributed samplers share the examples out") {
  using data::samplers::DistributedRandomSampler;
  using data::samplers::DistributedSequentialSampler;
  DistributedRandomSampler random(7, 2, 1);
  REQUIRE(*random.next(10) == Indices{3, 6, 4, 0});
  random.set_epoch(3);
  random.reset();
  REQUIRE(*random.next(3) == Indices{2, 6, 4});
  const io::StateDict state = random.state_dict();
  DistributedRandomSampler other(7, 2, 1);
  other.load_state_dict(state);
  REQUIRE(*other.next(10) == Indices{0});
  REQUIRE(*DistributedRandomSampler(7, 2, 1, false).next(10) == Indices{5, 3, 4});
  REQUIRE(*DistributedRandomSampler(7, 1, 0, false).next(10) == Indices{2, 4, 6, 0, 5, 1, 3});
  REQUIRE(*DistributedSequentialSampler(7, 2, 1).next(10) == Indices{4, 5, 6, 0});
  REQUIRE(error_of([] { DistributedSequentialSampler(7, 2, 2); }) ==
          "DistributedSampler: rank is 2, expected less than the 2 replicas");
}

TEST_CASE("a loader goes through all examples, batch by batch") {
  for (const std::size_t workers : {0U, 1U, 3U}) {
    const auto options = data::DataLoaderOptions(4).workers(workers);
    auto loader = data::make_data_loader<SequentialSampler>(Numbers(10).map(Stack()), options);
    const std::vector<Indices> expected = {{0, 1, 2, 3}, {4, 5, 6, 7}, {8, 9}};
    REQUIRE(batches_of(*loader) == expected);
    REQUIRE(batches_of(*loader) == expected);

    auto dropping = data::make_data_loader<SequentialSampler>(
        Numbers(10).map(Stack()), data::DataLoaderOptions(options).drop_last(true));
    REQUIRE(batches_of(*dropping).size() == 2);

    manual_seed(1);
    auto shuffled = data::make_data_loader(Numbers(10).map(Stack()), options);
    const Indices first = joined(batches_of(*shuffled)), second = joined(batches_of(*shuffled));
    REQUIRE(first != second);
    REQUIRE(std::set<std::size_t>(first.begin(), first.end()).size() == 10);
  }
}

TEST_CASE("the order does not depend on the number of workers") {
  std::vector<std::vector<Indices>> results;
  for (const std::size_t workers : {0U, 2U}) {
    manual_seed(3);
    auto loader = data::make_data_loader(Numbers(50).map(Stack()),
                                         data::DataLoaderOptions(3).workers(workers).max_jobs(5));
    batches_of(*loader);
    results.push_back(batches_of(*loader));
  }
  REQUIRE(results[0] == results[1]);
}

TEST_CASE("without ordering all batches come, too") {
  auto loader = data::make_data_loader<SequentialSampler>(
      Numbers(50).map(Stack()), data::DataLoaderOptions(3).workers(3).enforce_ordering(false));
  const Indices all = joined(batches_of(*loader));
  REQUIRE(std::set<std::size_t>(all.begin(), all.end()).size() == 50);
}

TEST_CASE("what a dataset throws reaches the caller, and the loader can be used again") {
  Numbers numbers(10);
  numbers.bad = 5;
  auto here = data::make_data_loader<SequentialSampler>(numbers.map(Stack()), 2);
  REQUIRE_THROWS_WITH(batches_of(*here), "example 5 is bad");
  auto loader = data::make_data_loader<SequentialSampler>(numbers.map(Stack()),
                                                          data::DataLoaderOptions(2).workers(2));
  for (int round = 0; round < 2; ++round) {
    int batches = 0;
    try {
      for (auto& batch : *loader) {
        REQUIRE(batch.data.size(0) == 2);
        ++batches;
      }
      FAIL("nothing was thrown");
    } catch (const data::WorkerException& error) {
      REQUIRE(std::string(error.what()) ==
              "Caught exception in DataLoader worker thread. Original message: example 5 is bad");
      REQUIRE_THROWS_AS(std::rethrow_exception(error.original_exception), std::runtime_error);
    }
    REQUIRE(batches == 2);
  }
}

TEST_CASE("an epoch can be left early, after which its iterator is out of date") {
  for (const std::size_t workers : {0U, 2U}) {
    auto loader = data::make_data_loader<SequentialSampler>(
        Numbers(10).map(Stack()), data::DataLoaderOptions(2).workers(workers));
    auto first = loader->begin();
    REQUIRE(first->data.size(0) == 2);
    REQUIRE(first != loader->end());
    REQUIRE(batches_of(*loader).size() == 5);
    REQUIRE(error_of([&] { ++first; }) ==
            "DataLoader: the iterator is out of date, a later begin() has started a new epoch");
    auto last = loader->begin();
    while (last != loader->end()) ++last;
    REQUIRE(error_of([&] { *last; }) == "DataLoader: cannot dereference an iterator at its end");
  }
}

TEST_CASE("a timeout is an error") {
  auto loader = data::make_data_loader<SequentialSampler>(
      Numbers(4).map(data::transforms::Lambda<data::Example<>>([](data::Example<> example) {
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
        return example;
      })),
      data::DataLoaderOptions(1).workers(1).timeout(std::chrono::milliseconds(5)));
  REQUIRE(error_of([&] { *loader->begin(); }) ==
          "DataLoader: no batch came within the timeout of 5 ms");
}

TEST_CASE("a loaded loader goes on with the batch that would have come next") {
  for (const std::size_t workers : {0U, 2U}) {
    const auto make = [&] {
      return data::make_data_loader(Numbers(20).map(Stack()),
                                    data::DataLoaderOptions(3).workers(workers));
    };
    manual_seed(5);
    auto loader = make();
    batches_of(*loader);
    io::StateDict state = loader->state_dict();  // between two epochs
    std::string stream = default_generator().state();
    std::vector<Indices> expected = batches_of(*loader);
    auto other = make();
    other->load_state_dict(state);
    default_generator().set_state(stream);
    REQUIRE(batches_of(*other) == expected);

    expected.clear();
    int batches = 0;
    for (auto& batch : *loader) {
      if (++batches == 3) state = loader->state_dict();
      if (batches <= 3) continue;
      Indices rest;
      for (std::int64_t i = 0; i < batch.data.size(0); ++i) {
        rest.push_back(static_cast<std::size_t>(batch.data[i].item<double>()));
      }
      expected.push_back(rest);
    }
    stream = default_generator().state();
    const std::vector<Indices> next_epoch = batches_of(*loader);
    other = make();
    other->load_state_dict(state);
    REQUIRE(other->state_dict().values == state.values);
    default_generator().set_state(stream);
    REQUIRE(batches_of(*other) == expected);
    REQUIRE(batches_of(*other) == next_epoch);
  }
}

TEST_CASE("wrong options and states are refused") {
  REQUIRE(error_of([] { data::make_data_loader(Numbers(3), 0); }) ==
          "DataLoader: batch_size is 0, expected at least 1");
  REQUIRE(error_of([] {
            data::make_data_loader(Numbers(3), data::DataLoaderOptions(1).workers(2).max_jobs(0));
          }) == "DataLoader: max_jobs is 0, expected at least 1 for 2 workers");
  REQUIRE(error_of([] { RandomSampler(-1); }) == "RandomSampler: size is -1, expected at least 0");
  RandomSampler sampler(4);
  io::StateDict state = sampler.state_dict();
  state.tensors[0].second = tensor({0, 1, 1, 3});
  REQUIRE(error_of([&] { sampler.load_state_dict(state); }) ==
          "RandomSampler: the state's indices are no permutation, 1 at place 2");
  REQUIRE(error_of([&] { sampler.load_state_dict(SequentialSampler(4).state_dict()); }) ==
          "RandomSampler: the state has no tensor 'indices' of integers, expected the state of a "
          "RandomSampler");
  auto of_two = data::make_data_loader(Numbers(4), 2),
       of_three = data::make_data_loader(Numbers(4), 3);
  REQUIRE(error_of([&] { of_three->load_state_dict(of_two->state_dict()); }) ==
          "DataLoader: the state has batch size 2, expected 3");
}

TEST_CASE("a loader that refuses a state goes on as before") {
  const auto make = [](std::size_t examples) {
    return data::make_data_loader<RandomSampler>(Numbers(examples).map(Stack()), 2);
  };
  auto of_five = make(5), of_four = make(4);
  of_five->begin();
  auto batch = of_four->begin();
  const io::StateDict before = of_four->state_dict();
  REQUIRE(error_of([&] { of_four->load_state_dict(of_five->state_dict()); }) ==
          "RandomSampler: the state has 5 indices, expected 4");
  io::StateDict beyond = before;
  beyond.values["batches"] = 7;
  REQUIRE(error_of([&] { of_four->load_state_dict(beyond); }) ==
          "DataLoader: the state has 7 batches behind it, expected at most 2");
  beyond.values["batches"] = -1;
  REQUIRE(error_of([&] { of_four->load_state_dict(beyond); }) ==
          "DataLoader: the state has -1 batches behind it, expected at least 0");
  REQUIRE(of_four->state_dict().values == before.values);
  ++batch;
  REQUIRE(batch->data.size(0) == 2);
  ++batch;
  REQUIRE(batch == of_four->end());
}

// 0, 1, 2... until `limit`, shared by all workers.
struct Counter : data::datasets::StatefulDataset<Counter, Indices> {
  explicit Counter(std::size_t the_limit) : limit(the_limit) {}
  Counter(const Counter& other) : limit(other.limit) {}
  optional<Indices> get_batch(std::size_t count) override {
    const std::size_t first = next.fetch_add(count);
    if (first >= limit) return nullopt;
    Indices batch;
    for (std::size_t i = first; i < std::min(first + count, limit); ++i) batch.push_back(i);
    return batch;
  }
  optional<std::size_t> size() const override { return nullopt; }
  void reset() override { next = 0; }
  std::atomic<std::size_t> next{0};
  std::size_t limit;
};

TEST_CASE("a stateful dataset decides itself when its epoch ends") {
  for (const std::size_t workers : {0U, 2U}) {
    auto loader = data::make_data_loader(Counter(10), data::DataLoaderOptions(4).workers(workers));
    for (int epoch = 0; epoch < 2; ++epoch) {
      std::set<std::size_t> seen;
      for (const Indices& batch : *loader) seen.insert(batch.begin(), batch.end());
      REQUIRE(seen.size() == 10);
    }
  }
}

TEST_CASE("transforms apply one after the other") {
  auto dataset = Numbers(3)
                     .map(data::transforms::TensorLambda<>([](Tensor x) { return x + 1; }))
                     .map(data::transforms::Normalize<>(0.5, 2.0))
                     .map(Stack());
  REQUIRE(dataset.size().value() == 3);
  const Indices all = {0, 1, 2};
  const data::Example<> batch = dataset.get_batch(all);
  REQUIRE_THAT(batch.data, Near(tensor({0.25, 0.75, 1.25}).view({3, 1, 1, 1}), 1e-7));
  REQUIRE(batch.target.equal(tensor({0, 10, 20})));

  const Tensor channels = ones({2, 1, 2});
  data::transforms::Normalize<> normalize({1.0, 0.0}, {1.0, 4.0});
  REQUIRE(normalize(channels).equal(tensor({{{0.0, 0.0}}, {{0.25, 0.25}}})));
  const Tensor images = randn({2, 2, 3, 5});
  REQUIRE_THAT(normalize(images), Identical(images.sub(normalize.mean).div(normalize.stddev)));
  REQUIRE(normalize(images.to(kDouble)).scalar_type() == kDouble);
  REQUIRE(normalize(ones({1, 2, 2})).sizes() == IntArrayRef({2, 2, 2}));

  auto first_only = Numbers(3).map(data::transforms::Collate<data::Example<>>(
      [](std::vector<data::Example<>> examples) { return examples.front(); }));
  REQUIRE(first_only.get_batch(all).target.item<std::int64_t>() == 0);
}

TEST_CASE("a tensor dataset gives rows, a shared one gives its own") {
  const Tensor rows = arange(6, kFloat).view({3, 2});
  auto loader = data::make_data_loader<SequentialSampler>(
      data::datasets::TensorDataset({rows[0], rows[1], rows[2]})
          .map(data::transforms::Stack<data::TensorExample>()),
      2);
  const Tensor first = *loader->begin();
  REQUIRE_THAT(first, Identical(rows.slice(0, 0, 2).clone()));
  auto shared = data::datasets::make_shared_dataset<Numbers>(4U);
  REQUIRE(shared.size().value() == 4);
  shared->count = 5;
  auto same = shared;
  REQUIRE(same.size().value() == 5);
}

TEST_CASE("stacking views and recorded tensors is stack") {
  const Tensor x = randn({3, 4}, requires_grad());
  data::transforms::Stack<data::TensorExample> collate;
  const Tensor y = collate.apply_batch({x[0], x[1]});
  REQUIRE(y.requires_grad());
  const Tensor columns = collate.apply_batch({x.detach().t()[0], x.detach().t()[1]});
  REQUIRE_THAT(columns, Identical(x.detach().t().slice(0, 0, 2).contiguous()));
}

class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / "xgrad_loader_test") {
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string path() const { return path_.string(); }
  void write(const std::string& name, const std::vector<int>& bytes) const {
    std::ofstream file(path_ / name, std::ios::binary);
    for (const int byte : bytes) file.put(static_cast<char>(byte));
  }

 private:
  std::filesystem::path path_;
};

TEST_CASE("MNIST reads its four files") {
  using data::datasets::MNIST;
  const Folder folder;
  REQUIRE(error_of([&] { MNIST(folder.path()); }) ==
          "MNIST: neither train-images-idx3-ubyte nor train-images-idx3-ubyte.gz is in folder '" +
              folder.path() + "', expected the four files of MNIST or Fashion-MNIST");
  folder.write("t10k-images-idx3-ubyte", {0, 0,  8,   3,  0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2,  //
                                          0, 51, 255, 102});
  folder.write("t10k-labels-idx1-ubyte", {0, 0, 8, 1, 0, 0, 0, 2, 7, 9});
  MNIST test(folder.path(), MNIST::Mode::kTest);
  REQUIRE(!test.is_train());
  REQUIRE(test.size().value() == 2);
  REQUIRE(test.images().sizes() == IntArrayRef({2, 1, 1, 2}));
  REQUIRE_THAT(test.get(1).data, Near(tensor({{{1.0, 0.4}}}), 1e-7));
  REQUIRE_THAT(test.targets(), Identical(tensor({7, 9})));
  folder.write("t10k-labels-idx1-ubyte", {0, 0, 8, 1, 0, 0, 0, 1, 7});
  REQUIRE(error_of([&] { MNIST(folder.path(), MNIST::Mode::kTest); }) ==
          "MNIST: folder '" + folder.path() +
              "' has 2 images but 1 labels in its t10k files, expected one for each");
}

}  // namespace
