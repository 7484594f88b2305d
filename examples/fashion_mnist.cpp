// Trains a classifier on Fashion-MNIST, with a JSON checkpoint after every epoch, and evaluates it.
//
// Data:    the four IDX files of Fashion-MNIST (Debian package dataset-fashion-mnist), plain or
//          .gz; --data names their folder
// Command: fashion_mnist                   train, then evaluate the checkpoint as it was read back
//          fashion_mnist --resume          go on from it, bit for bit as if never interrupted
//          fashion_mnist --eval            only evaluate the checkpoint
//          fashion_mnist --model bilinear  einsum("bn,anm,bm->ba") as classifier; convnet, lstm
// Result:  test accuracy of at least 88.5% for the default model after its 12 epochs, about a
//          minute on two cores
#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <utility>

#include "examples/progress.h"
#include "models/bilinear_classifier.h"
#include "models/convnet.h"
#include "models/lstm_classifier.h"
#include "models/mlp.h"
#include "xgrad/xgrad.h"

using xgrad::Tensor;
namespace data = xgrad::data;
using Mode = data::datasets::MNIST::Mode;

namespace {

struct Settings {
  std::string data = "/usr/share/datasets/fashion-mnist";
  std::string checkpoint = "fashion_mnist.json";
  std::string model = "mlp";
  std::int64_t epochs = 12;
  std::size_t batch_size = 128;
  double lr = 2e-3;
  std::uint64_t seed = 1;
  std::size_t limit = 0;
  int threads = 0;
  bool resume = false;
  bool eval = false;
};

// The images, scaled to mean 0 and deviation 1 (the training set's figures), with their classes, in
// batches; and how many of them are used.
auto read_set(const Settings& settings, Mode mode) {
  auto set = data::datasets::MNIST(settings.data, mode)
                 .map(data::transforms::Normalize<>(0.2860, 0.3530))
                 .map(data::transforms::Stack<>());
  const std::size_t size = set.size().value();
  return std::pair(std::move(set), settings.limit > 0 ? std::min(settings.limit, size) : size);
}

auto make_test_loader(const Settings& settings) {
  auto [set, count] = read_set(settings, Mode::kTest);
  return data::make_data_loader(std::move(set), data::samplers::SequentialSampler(count), 1000);
}

template <class Net, class Loader>
double accuracy(Net& net, Loader& loader) {
  const xgrad::NoGradGuard no_grad;
  net->eval();
  std::int64_t correct = 0, count = 0;
  for (const auto& batch : loader) {
    correct += net(batch.data).argmax(1).eq(batch.target).sum().template item<std::int64_t>();
    count += batch.target.size(0);
  }
  net->train();
  return static_cast<double>(correct) / static_cast<double>(count);
}

template <class Net>
void train(Net& net, const Settings& settings) {
  auto [set, count] = read_set(settings, Mode::kTrain);
  const auto loader = data::make_data_loader(
      std::move(set), data::samplers::RandomSampler(static_cast<std::int64_t>(count)),
      settings.batch_size);
  const auto test_loader = make_test_loader(settings);
  const std::size_t steps = (count + settings.batch_size - 1) / settings.batch_size;
  xgrad::optim::Adam optimizer(net->parameters(), xgrad::optim::AdamOptions(settings.lr));
  xgrad::optim::CosineAnnealingLR scheduler(optimizer, settings.epochs);
  // All that the rest of the run depends on.
  const std::vector<xgrad::io::Part> run = {{"model", net},
                                            {"optimizer", optimizer},
                                            {"scheduler", scheduler},
                                            {"loader", *loader},
                                            {"generator", xgrad::default_generator()}};
  std::int64_t first = 1;
  if (settings.resume) {
    first = xgrad::load_checkpoint(settings.checkpoint, run).at("epoch").as_int() + 1;
    std::cout << "resuming " << settings.checkpoint << " after epoch " << first - 1 << "\n";
  }

  for (std::int64_t epoch = first; epoch <= settings.epochs; ++epoch) {
    const auto begin = std::chrono::steady_clock::now();
    Progress bar("epoch " + std::to_string(epoch) + "/" + std::to_string(settings.epochs), steps);
    double total = 0;
    std::size_t step = 0;
    for (const auto& batch : *loader) {
      const Tensor loss = xgrad::nll_loss(net(batch.data), batch.target);
      optimizer.zero_grad();
      loss.backward();
      optimizer.step();
      total += loss.template item<double>();
      ++step;
      bar.show(step, total / static_cast<double>(step));
    }
    bar.finish();
    scheduler.step();
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    const double reached = accuracy(net, *test_loader);
    std::printf("epoch %2lld/%lld  loss %.4f  test accuracy %.2f%%  %.1f s\n",
                static_cast<long long>(epoch), static_cast<long long>(settings.epochs),
                total / static_cast<double>(step), 100 * reached, seconds);
    std::fflush(stdout);
    xgrad::save_checkpoint(
        settings.checkpoint, run,
        {{"epoch", epoch}, {"architecture", settings.model}, {"test_accuracy", reached}});
  }
}

// The checkpoint as it stands on disk, in a network of its own.
template <class Net>
void evaluate(Net& net, const Settings& settings) {
  const xgrad::io::Value metadata = xgrad::load_checkpoint(settings.checkpoint, {{"model", net}});
  const double reached = accuracy(net, *make_test_loader(settings)),
               noted = metadata.at("test_accuracy").as_double();
  std::printf("checkpoint %s (epoch %lld): test accuracy %.2f%%\n",
              std::filesystem::absolute(settings.checkpoint).c_str(),
              static_cast<long long>(metadata.at("epoch").as_int()), 100 * reached);
  if (reached != noted && settings.limit == 0) {
    throw xgrad::Error("checkpoint " + settings.checkpoint + ": it notes an accuracy of " +
                       std::to_string(noted) + ", but has " + std::to_string(reached));
  }
}

template <class MakeNet>
void run(const Settings& settings, const MakeNet& make_net) {
  if (!settings.eval) {
    auto net = make_net();
    std::int64_t parameters = 0;
    for (const Tensor& parameter : net->parameters()) parameters += parameter.numel();
    std::cout << net << "\n"
              << parameters << " parameters, " << xgrad::get_num_threads() << " threads\n";
    train(net, settings);
  }
  auto reloaded = make_net();
  evaluate(reloaded, settings);
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App app("Trains a classifier on Fashion-MNIST and keeps it in a JSON checkpoint.");
  const auto add = [&](const char* name, auto& value, const char* help) {
    return app.add_option(name, value, help)->capture_default_str();
  };
  add("--data", settings.data, "folder of the IDX files, plain or .gz");
  add("--checkpoint", settings.checkpoint, "the file to write and read");
  add("--model", settings.model, "mlp, bilinear, convnet or lstm")
      ->check(CLI::IsMember({"mlp", "bilinear", "convnet", "lstm"}));
  add("--epochs", settings.epochs, "passes over the training set")->check(CLI::PositiveNumber);
  add("--batch-size", settings.batch_size, "images a step")->check(CLI::PositiveNumber);
  add("--lr", settings.lr, "learning rate of the first epoch")->check(CLI::PositiveNumber);
  add("--seed", settings.seed, "seed of weights, order and dropout");
  add("--limit", settings.limit, "use only so many images of each set (0: all)");
  add("--threads", settings.threads, "threads (0: one for each CPU)");
  app.add_flag("--resume", settings.resume, "go on from the checkpoint");
  app.add_flag("--eval", settings.eval, "only evaluate the checkpoint");
  CLI11_PARSE(app, argc, argv);

  try {
    if (settings.threads > 0) xgrad::set_num_threads(settings.threads);
    xgrad::manual_seed(settings.seed);
    if (settings.model == "bilinear") {
      run(settings, [] { return models::BilinearClassifier(784, 64, 10); });
    } else if (settings.model == "convnet") {
      run(settings, [] { return models::ConvNet(10); });
    } else if (settings.model == "lstm") {
      run(settings, [] { return models::LSTMClassifier(28, 128, 10); });
    } else {
      run(settings, [] {
        return models::MLP(models::MLPOptions({784, 512, 256, 10}).dropout(0.2));
      });
    }
  } catch (const xgrad::Error& error) {
    std::cerr << "fashion_mnist: " << error.what() << "\n";
    return 1;
  }
}
