// A resumed run is the run that was not interrupted, byte for byte.
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>

#include "io/sample.h"
#include "io/training.h"

namespace {

using namespace xgrad;
using sample::Training;
using sample::TrainingOptions;

constexpr TrainingOptions kOptions{.inputs = 40, .features = 300, .examples = 50, .batch = 8};
constexpr std::int64_t kSaved = 10, kAll = 20;  // batches; an epoch has 7

TrainingOptions with_workers(std::size_t workers) {
  TrainingOptions options = kOptions;
  options.workers = workers;
  return options;
}

// Runs the hidden test below in a new process: this program, started again.
void train_in_new_process(const std::string& from, const std::string& to, std::int64_t until,
                          std::size_t workers, int threads) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::setenv("XGRAD_RESUME_FROM", from.c_str(), 1);
    ::setenv("XGRAD_RESUME_TO", to.c_str(), 1);
    ::setenv("XGRAD_RESUME_UNTIL", std::to_string(until).c_str(), 1);
    ::setenv("XGRAD_RESUME_WORKERS", std::to_string(workers).c_str(), 1);
    ::setenv("XGRAD_RESUME_THREADS", std::to_string(threads).c_str(), 1);
    ::execl("/proc/self/exe", "io_test", "[resume-child]", "-o", "/dev/null",
            static_cast<char*>(nullptr));
    ::_exit(127);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  REQUIRE(WIFEXITED(status));
  REQUIRE(WEXITSTATUS(status) == 0);
}

class Threads {
 public:
  explicit Threads(int count) { set_num_threads(count); }
  ~Threads() { set_num_threads(before_); }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

 private:
  int before_ = get_num_threads();
};

}  // namespace

TEST_CASE("the second half of a run, in a process of its own", "[.][resume-child]") {
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    REQUIRE(value != nullptr);
    return std::string(value);
  };
  set_num_threads(std::stoi(variable("XGRAD_RESUME_THREADS")));
  // Begins otherwise than the first half did: all that counts must come from the file.
  Training training(99, with_workers(std::stoull(variable("XGRAD_RESUME_WORKERS"))));
  training.load(variable("XGRAD_RESUME_FROM"));
  training.train(std::stoll(variable("XGRAD_RESUME_UNTIL")));
  training.save(variable("XGRAD_RESUME_TO"));
}

TEST_CASE("2N steps are N steps, save, new process, load, N steps, byte for byte", "[slow]") {
  const sample::Folder folder;
  Training whole(7, kOptions);
  whole.train(kAll);
  whole.save(folder / "whole.json");
  const std::string expected = sample::read_text(folder / "whole.json");
  struct Case {
    std::size_t workers;
    int threads;
    const char* file;
  };
  for (const Case& one : {Case{0, 1, "half.json"}, Case{3, 1, "half.json"}, Case{0, 4, "half.json"},
                          Case{2, 2, "half.safetensors"}, Case{1, 3, "half.npz"}}) {
    INFO(one.workers << " workers, " << one.threads << " threads, " << one.file);
    {
      const Threads threads(one.threads);
      Training half(7, with_workers(one.workers));
      half.train(kSaved);
      half.save(folder / one.file);
    }
    // Not as many workers and threads as before.
    train_in_new_process(folder / one.file, folder / "resumed.json", kAll, 3 - one.workers,
                         5 - one.threads);
    REQUIRE((sample::read_text(folder / "resumed.json") == expected));
    std::filesystem::remove(folder / "resumed.json");
  }
}

TEST_CASE("a run may be interrupted anywhere, and again and again") {
  const sample::Folder folder;
  const std::string path = folder / "run.json";
  const TrainingOptions options{.workers = 2};  // 3 batches an epoch
  Training whole(3, options);
  whole.train(8);
  const std::string expected = whole.text();
  Training(3, options).save(path);
  for (std::int64_t step = 1; step <= 8; ++step) {
    Training next(static_cast<std::uint64_t>(step) + 50, options);
    next.load(path);
    next.train(step);
    next.save(path);
  }
  Training last(60, options);
  last.load(path);
  REQUIRE((last.text() == expected));
}

TEST_CASE("saving changes nothing of the run that goes on") {
  const sample::Folder folder;
  Training silent(5);
  silent.train(4);
  const std::string expected = silent.text();
  Training saving(5);
  for (auto& batch : *saving.loader) {
    saving.optimizer.zero_grad();
    nll_loss(saving.net(batch.data), batch.target).backward();
    saving.optimizer.step();
    ++saving.step;
    saving.save(folder / "run.json");
  }
  saving.scheduler.step();
  saving.train(4);
  REQUIRE((saving.text() == expected));
}

// The optimizers keep different states; all of it must be in the file.
TEST_CASE("every optimizer resumes bit for bit from a file") {
  const sample::Folder folder;
  using Make = std::function<std::unique_ptr<optim::Optimizer>(std::vector<Tensor>)>;
  const std::pair<const char*, Make> optimizers[] = {
      {"SGD",
       [](std::vector<Tensor> p) {
         return std::make_unique<optim::SGD>(
             std::move(p), optim::SGDOptions(0.1).momentum(0.9).nesterov(true).weight_decay(1e-3));
       }},
      {"Adam",
       [](std::vector<Tensor> p) {
         return std::make_unique<optim::Adam>(std::move(p), optim::AdamOptions(0.01).amsgrad(true));
       }},
      {"AdamW",
       [](std::vector<Tensor> p) { return std::make_unique<optim::AdamW>(std::move(p), 0.01); }},
      {"RMSprop",
       [](std::vector<Tensor> p) {
         return std::make_unique<optim::RMSprop>(
             std::move(p), optim::RMSpropOptions(0.01).centered(true).momentum(0.5));
       }},
      {"Adagrad",
       [](std::vector<Tensor> p) { return std::make_unique<optim::Adagrad>(std::move(p), 0.05); }},
      {"LBFGS", [](std::vector<Tensor> p) {
         return std::make_unique<optim::LBFGS>(std::move(p), optim::LBFGSOptions(0.5).max_iter(3));
       }}};
  const auto steps = [](nn::Linear& net, optim::Optimizer& optimizer, int count) {
    const Tensor x = arange(12).reshape({4, 3}).to(kFloat).sin();
    for (int i = 0; i < count; ++i) {
      optimizer.step([&] {
        optimizer.zero_grad();
        Tensor loss = (net(x) - 0.5).pow(2).mean();
        loss.backward();
        return loss;
      });
    }
  };
  for (const auto& [name, make] : optimizers) {
    for (const char* file : {"half.json", "half.safetensors", "half.npz"}) {
      INFO(name << ", " << file);
      nn::Linear whole(3, 2), other(3, 2);
      const auto optimizer = make(whole->parameters()), another = make(other->parameters());
      steps(whole, *optimizer, 3);
      save_checkpoint(folder / file, {{"model", whole}, {"optimizer", *optimizer}});
      steps(whole, *optimizer, 3);
      load_checkpoint(folder / file, {{"model", other}, {"optimizer", *another}});
      steps(other, *another, 3);
      REQUIRE(io::to_json(io::make_document({{"model", whole}, {"optimizer", *optimizer}}, {})) ==
              io::to_json(io::make_document({{"model", other}, {"optimizer", *another}}, {})));
    }
  }
}
