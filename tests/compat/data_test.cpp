// Data sets, transforms and loaders of one's own as libtorch programs write them.
// Compiles against libtorch too.
#include <torch/torch.h>

#include <catch2/catch.hpp>

namespace {

namespace data = torch::data;

// The numbers 0..size-1 and whether they are odd.
class Numbers : public data::datasets::Dataset<Numbers> {
 public:
  explicit Numbers(int64_t size) : numbers_(torch::arange(size, torch::kFloat)) {}
  data::Example<> get(size_t index) override {
    auto number = numbers_[static_cast<int64_t>(index)];
    return {number.unsqueeze(0), torch::tensor(static_cast<int64_t>(index % 2), torch::kLong)};
  }
  torch::optional<size_t> size() const override { return static_cast<size_t>(numbers_.size(0)); }

 private:
  torch::Tensor numbers_;
};

struct Twice : data::transforms::TensorTransform<> {
  torch::Tensor operator()(torch::Tensor input) override { return input * 2; }
};

template <typename Loader>
double total(Loader& loader) {
  double sum = 0;
  for (auto& batch : loader) sum += batch.data.sum().template item<double>();
  return sum;
}

TEST_CASE("a loader walks a data set of one's own in batches") {
  auto dataset = Numbers(10).map(data::transforms::Stack<>());
  REQUIRE(dataset.size().value() == 10);
  auto loader = data::make_data_loader<data::samplers::SequentialSampler>(std::move(dataset),
                                                                          /*batch_size=*/4);
  std::vector<int64_t> sizes;
  for (const auto& batch : *loader) {
    REQUIRE(batch.target.dtype() == torch::kLong);
    sizes.push_back(batch.data.size(0));
  }
  REQUIRE(sizes == std::vector<int64_t>{4, 4, 2});
}

TEST_CASE("transforms of one's own and Lambda chain, Normalize subtracts and divides") {
  auto dataset = Numbers(4)
                     .map(Twice())
                     .map(data::transforms::Lambda<data::Example<>>([](data::Example<> example) {
                       return data::Example<>(example.data + 1, example.target);
                     }))
                     .map(data::transforms::Stack<>());
  auto loader = data::make_data_loader<data::samplers::SequentialSampler>(
      std::move(dataset), data::DataLoaderOptions().batch_size(4).workers(0));
  REQUIRE(total(*loader) == 16);
  REQUIRE(data::transforms::Normalize<>(1.0, 2.0)(torch::full({1, 2, 2}, 5.0))
              .equal(torch::full({1, 2, 2}, 2.0)));
}

TEST_CASE("every example comes once from a random sampler and from worker threads") {
  auto random = data::make_data_loader<data::samplers::RandomSampler>(
      Numbers(9).map(data::transforms::Stack<>()), 2);
  REQUIRE(total(*random) == 36);
  REQUIRE(total(*random) == 36);
  auto threaded =
      data::make_data_loader(Numbers(9).map(data::transforms::Stack<>()),
                             data::DataLoaderOptions().batch_size(2).workers(2).drop_last(true));
  int batches = 0;
  for (data::Example<>& batch : *threaded) batches += batch.data.size(0) == 2 ? 1 : 0;
  REQUIRE(batches == 4);
}

TEST_CASE("a small network learns the loop that tutorials write") {
  torch::manual_seed(1);
  torch::nn::Sequential net(torch::nn::Linear(1, 8), torch::nn::Tanh(), torch::nn::Linear(8, 2));
  torch::optim::Adam optimizer(net->parameters(), torch::optim::AdamOptions(0.05));
  auto loader = data::make_data_loader<data::samplers::RandomSampler>(
      Numbers(2).map(data::transforms::Stack<>()), data::DataLoaderOptions(2));
  double first = 0, last = 0;
  for (size_t epoch = 0; epoch < 50; ++epoch) {
    for (auto& batch : *loader) {
      optimizer.zero_grad();
      auto loss =
          torch::nll_loss(torch::log_softmax(net->forward(batch.data), /*dim=*/1), batch.target);
      AT_ASSERT(!std::isnan(loss.item<float>()));
      loss.backward();
      optimizer.step();
      last = loss.item<double>();
      if (epoch == 0) first = last;
    }
  }
  REQUIRE(last < first / 5);
}

}  // namespace
