// Generator: the random stream, the same as PyTorch's on the CPU for the same seed.
//
//   xgrad::manual_seed(0);
//   auto x = xgrad::randn({3});   // what torch.randn(3) gives after torch.manual_seed(0)
//
// A handle: copies share one stream. Not to be used by two threads at the same time.
// Source: PyTorch's CPU generator is mt19937 seeded by init_genrand (Matsumoto and Nishimura,
// 1998).
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "xgrad/core/tensor_options.h"

namespace xgrad {

class Tensor;

class Generator {
 public:
  explicit Generator(std::uint64_t seed = 5489);
  void set_current_seed(std::uint64_t seed);
  std::uint64_t current_seed() const;
  // Seeds from the system's entropy and returns that seed.
  std::uint64_t seed();

  std::uint32_t random();
  std::uint64_t random64();  // two 32-bit draws, the first one the high half
  float uniform_float();     // [0, 1), 24 bits of one 32-bit draw
  double uniform_double();   // [0, 1), 53 bits of one 64-bit draw
  // Box-Muller in double; the second sample of a pair is kept for the next call.
  double normal(double mean, double std);

  bool defined() const { return state_ != nullptr; }
  Device device() const { return kCPU; }

  // A generator of its own that goes on as this one would.
  Generator clone() const;
  // Goes on as `other` would; handles of this one stay handles of this one.
  void set_state(const Generator& other);
  // Of this stream, for programs whose threads share it: held by them, not by the ops.
  std::mutex& mutex() const;
  // Whether both are handles of one stream.
  friend bool operator==(const Generator& a, const Generator& b) { return a.state_ == b.state_; }
  // Whether both go on alike.
  bool same_state(const Generator& other) const;
  // The whole state as text, and back; a text that is no state is an Error and changes nothing.
  std::string state() const;
  void set_state(const std::string& text);
  // The same text as a tensor of bytes.
  Tensor get_state() const;
  void set_state(const Tensor& bytes);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

Generator& default_generator();
// Seeds the default generator.
Generator& manual_seed(std::uint64_t seed);

}  // namespace xgrad
