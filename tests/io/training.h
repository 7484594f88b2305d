// A small training run with everything in it that a checkpoint can hold: batch norm (buffers),
// dropout (the generator), Adam, a scheduler, and a loader that shuffles and may have workers.
#pragma once

#include <string>
#include <vector>

#include "xgrad/xgrad.h"

namespace sample {

struct NetImpl : xgrad::nn::Module {
  explicit NetImpl(std::int64_t inputs = 3, std::int64_t features = 4)
      : first(register_module("first", xgrad::nn::Linear(inputs, features))),
        norm(register_module("norm", xgrad::nn::BatchNorm1d(features))),
        drop(register_module("drop", xgrad::nn::Dropout(0.3))),
        last(register_module("last", xgrad::nn::Linear(features, 2))) {}

  xgrad::Tensor forward(const xgrad::Tensor& x) {
    return xgrad::log_softmax(last(drop(norm(first(x)).tanh())), 1);
  }

  xgrad::nn::Linear first;
  xgrad::nn::BatchNorm1d norm;
  xgrad::nn::Dropout drop;
  xgrad::nn::Linear last;
};
XGRAD_MODULE(Net);

// Example i is the same in every process.
struct Examples : xgrad::data::datasets::Dataset<Examples> {
  Examples(std::size_t the_count, std::int64_t the_inputs) : count(the_count), inputs(the_inputs) {}
  xgrad::data::Example<> get(std::size_t i) override {
    const auto number = static_cast<double>(i);
    return {(xgrad::arange(inputs) * (0.7 + number)).sin().to(xgrad::kFloat),
            xgrad::tensor(static_cast<std::int64_t>(i % 2))};
  }
  xgrad::optional<std::size_t> size() const override { return count; }
  std::size_t count;
  std::int64_t inputs;
};

struct TrainingOptions {
  std::int64_t inputs = 3, features = 4;
  std::size_t examples = 10, batch = 4, workers = 0;
};

// Made from a seed, so two of the same seed begin alike.
class Training {
 public:
  using Loader = decltype(xgrad::data::make_data_loader(
      Examples(1, 1).map(xgrad::data::transforms::Stack<>()), xgrad::data::DataLoaderOptions()));

  explicit Training(std::uint64_t seed, const TrainingOptions& options = {})
      : net(seeded(seed, options)),
        optimizer(net->parameters(), xgrad::optim::AdamOptions(0.02).weight_decay(0.01)),
        scheduler(optimizer, 2, 0.5),
        loader(xgrad::data::make_data_loader(
            Examples(options.examples, options.inputs).map(xgrad::data::transforms::Stack<>()),
            xgrad::data::DataLoaderOptions(options.batch).workers(options.workers))) {}

  std::vector<xgrad::io::Part> parts() {
    return {{"model", net},
            {"optimizer", optimizer},
            {"scheduler", scheduler},
            {"loader", *loader},
            {"generator", xgrad::default_generator()}};
  }

  // Trains until `until` batches are behind it, through as many epochs as that takes. To go on, be
  // saved, loaded into a new one and trained there: an epoch that is left is not taken up again.
  void train(std::int64_t until) {
    while (step < until) {
      for (auto& batch : *loader) {
        optimizer.zero_grad();
        xgrad::nll_loss(net(batch.data), batch.target).backward();
        optimizer.step();
        if (++step == until) return;
      }
      scheduler.step();
    }
  }

  void save(const std::string& path) { xgrad::save_checkpoint(path, parts(), {{"step", step}}); }
  void load(const std::string& path) {
    step = xgrad::load_checkpoint(path, parts()).at("step").as_int();
  }
  // All of it, as the text of a checkpoint.
  std::string text() {
    return xgrad::io::to_json(xgrad::io::make_document(parts(), {{"step", step}}));
  }

  Net net;
  xgrad::optim::Adam optimizer;
  xgrad::optim::StepLR scheduler;
  Loader loader;
  std::int64_t step = 0;

 private:
  static Net seeded(std::uint64_t seed, const TrainingOptions& options) {
    xgrad::manual_seed(seed);
    return Net(options.inputs, options.features);
  }
};

}  // namespace sample
