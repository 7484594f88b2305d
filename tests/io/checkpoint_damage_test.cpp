// Whatever happens to its file, a model is what was saved, or what it was before the load.
#include <catch2/catch.hpp>
#include <random>

#include "io/formats.h"
#include "io/sample.h"
#include "io/training.h"

namespace {

using namespace xgrad;

// A model and its optimizer with a state, small enough for every bit of its file to be tried.
struct Small {
  explicit Small(double value)
      : optimizer(net->parameters(), optim::SGDOptions(value).momentum(0.9)) {
    const NoGradGuard no_grad;
    net->weight.fill_(value);
    net->bias.fill_(-value);
    for (Tensor& parameter : net->parameters()) {
      parameter.mutable_grad() = full(parameter.sizes(), value);
    }
    optimizer.step();
  }
  std::vector<io::Part> parts() { return {{"model", net}, {"optimizer", optimizer}}; }

  nn::Linear net = nn::Linear(2, 1);
  optim::SGD optimizer;
};

// Loads damaged files of a Saved into another, which is fresh for each.
template <class Saved>
class Judge {
 public:
  Judge(const sample::Format& format, std::function<std::unique_ptr<Saved>(bool saved)> make)
      : format_(format), make_(std::move(make)) {
    const std::unique_ptr<Saved> saved = make_(true);
    saved_ = text(*saved);
    content_ = format.write(io::make_document(saved->parts(), {}));
    target_ = make_(false);
    before_ = text(*target_);
  }

  const std::string& content() const { return content_; }
  // "" if the file loads as what was saved, or is refused by a named error and nothing changed.
  std::string verdict(const std::string& damaged) {
    try {
      io::restore(format_.read(damaged), target_->parts(), "checkpoint f", {});
    } catch (const Error& error) {
      const std::string message = error.what();
      if (!message.starts_with("checkpoint f: ")) return "unnamed error: " + message;
      return text(*target_) == before_ ? "" : "changed, though refused: " + message;
    }
    if (text(*target_) != saved_) return "loaded as something else";
    target_ = make_(false);
    return text(*target_) == before_ ? "" : "a fresh one is not as the last";
  }
  std::string verdict_of_flip(std::size_t bit) {
    std::string damaged = content_;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    return verdict(damaged);
  }

 private:
  static std::string text(Saved& saved) {
    return io::to_json(io::make_document(saved.parts(), {}));
  }

  const sample::Format& format_;
  std::function<std::unique_ptr<Saved>(bool)> make_;
  std::unique_ptr<Saved> target_;
  std::string saved_, content_, before_;
};

}  // namespace

TEST_CASE("a file cut short anywhere, or with any bit flipped, changes nothing in a model",
          "[slow]") {
  for (const sample::Format& format : sample::formats()) {
    Judge<Small> judge(format, [](bool saved) { return std::make_unique<Small>(saved ? 0.3 : 2); });
    REQUIRE(judge.verdict(judge.content()) == "");
    for (std::size_t size = 0; size < judge.content().size(); ++size) {
      const std::string verdict = judge.verdict(judge.content().substr(0, size));
      INFO(format.name << ", " << size << " of " << judge.content().size() << " bytes");
      if (!verdict.empty()) FAIL(verdict);
    }
    for (std::size_t bit = 0; bit < judge.content().size() * 8; ++bit) {
      const std::string verdict = judge.verdict_of_flip(bit);
      INFO(format.name << ", bit " << bit % 8 << " of byte " << bit / 8);
      if (!verdict.empty()) FAIL(verdict);
    }
  }
}

TEST_CASE("nor does a random flipped bit in a whole run's file", "[slow]") {
  std::mt19937 random(4);
  for (const sample::Format& format : sample::formats()) {
    Judge<sample::Training> judge(format, [](bool saved) {
      auto training = std::make_unique<sample::Training>(saved ? 1 : 2);
      training->train(saved ? 5 : 2);
      return training;
    });
    for (int i = 0; i < 500; ++i) {
      const std::size_t bit = random() % (judge.content().size() * 8);
      const std::string verdict = judge.verdict_of_flip(bit);
      INFO(format.name << ", bit " << bit % 8 << " of byte " << bit / 8);
      if (!verdict.empty()) FAIL(verdict);
    }
  }
}
