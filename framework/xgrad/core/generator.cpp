#include "xgrad/core/generator.h"

#include <cmath>
#include <numbers>
#include <optional>
#include <random>
#include <sstream>

#include "xgrad/core/format.h"
#include "xgrad/core/tensor.h"

namespace xgrad {

namespace {

// std::mt19937 in words of 32 bits: std::uint_fast32_t has 64, which makes twice as much to twist.
using Engine =
    std::mersenne_twister_engine<std::uint32_t, 32, 624, 397, 31, 0x9908B0DF, 11, 0xFFFFFFFF, 7,
                                 0x9D2C5680, 15, 0xEFC60000, 18, 1812433253>;

}  // namespace

struct Generator::State {
  Engine engine;
  std::uint64_t seed = 0;
  std::optional<double> next_normal;
  // Not a part of what is copied.
  struct Mutex : std::mutex {
    Mutex() = default;
    Mutex(const Mutex&) : std::mutex() {}
    Mutex& operator=(const Mutex&) { return *this; }
  } mutex;
};

Generator::Generator(std::uint64_t seed) : state_(std::make_shared<State>()) {
  set_current_seed(seed);
}

void Generator::set_current_seed(std::uint64_t seed) {
  state_->engine.seed(static_cast<std::uint32_t>(seed));
  state_->seed = seed;
  state_->next_normal.reset();
}

std::uint64_t Generator::current_seed() const { return state_->seed; }

std::uint64_t Generator::seed() {
  std::random_device device;
  set_current_seed((std::uint64_t{device()} << 32 | device()) &
                   0x1FFFFFFFFFFFFF);  // 53 bits, as PyTorch's
  return state_->seed;
}

std::uint32_t Generator::random() { return state_->engine(); }

std::uint64_t Generator::random64() {
  const std::uint64_t high = random();
  return high << 32 | random();
}

float Generator::uniform_float() { return static_cast<float>(random() & 0xFFFFFF) * 0x1p-24F; }

double Generator::uniform_double() {
  return static_cast<double>(random64() & 0x1FFFFFFFFFFFFF) * 0x1p-53;
}

double Generator::normal(double mean, double std) {
  if (state_->next_normal) {
    const double kept = *state_->next_normal;
    state_->next_normal.reset();
    return kept * std + mean;
  }
  const double u1 = uniform_double();
  const double u2 = uniform_double();
  const double r = std::sqrt(-2.0 * std::log1p(-u2));
  const double theta = 2.0 * std::numbers::pi * u1;
  state_->next_normal = r * std::sin(theta);
  return r * std::cos(theta) * std + mean;
}

Generator Generator::clone() const {
  Generator copy;
  *copy.state_ = *state_;
  return copy;
}

std::mutex& Generator::mutex() const { return state_->mutex; }

void Generator::set_state(const Generator& other) { *state_ = *other.state_; }

bool Generator::same_state(const Generator& other) const {
  return state_->engine == other.state_->engine && state_->seed == other.state_->seed &&
         state_->next_normal == other.state_->next_normal;
}

std::string Generator::state() const {
  std::ostringstream out;
  out << state_->seed << ' ';
  if (state_->next_normal) {
    out << fmt::format("{} ", *state_->next_normal);
  } else {
    out << "- ";
  }
  out << state_->engine;
  return out.str();
}

void Generator::set_state(const std::string& text) {
  std::istringstream in(text);
  State read;
  std::string kept;
  in >> read.seed >> kept >> read.engine;
  if (in && kept != "-") {
    std::istringstream number(kept);
    double value = 0;
    number >> value;
    check(!number.fail() && number.eof(), "Generator::set_state: '{}' is not a number", kept);
    read.next_normal = value;
  }
  check(!in.fail(),
        "Generator::set_state: the text is not a generator state, expected what state() returned");
  *state_ = read;
}

Tensor Generator::get_state() const {
  const std::string text = state();
  const Tensor bytes = make_tensor({static_cast<std::int64_t>(text.size())}, kByte);
  std::copy(text.begin(), text.end(), bytes.data_ptr<std::uint8_t>());
  return bytes;
}
void Generator::set_state(const Tensor& bytes) {
  check(bytes.defined() && bytes.scalar_type() == kByte && bytes.is_contiguous(),
        "Generator::set_state: expected the tensor of bytes that get_state() returned");
  const auto* first = bytes.data_ptr<std::uint8_t>();
  set_state(std::string(first, first + bytes.numel()));
}

Generator& default_generator() {
  static Generator generator(67280421310721);  // PyTorch's default seed
  return generator;
}

Generator& manual_seed(std::uint64_t seed) {
  default_generator().set_current_seed(seed);
  return default_generator();
}

}  // namespace xgrad
