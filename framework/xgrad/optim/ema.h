// ExponentialMovingAverage: a second set of weights that follows the trained ones slowly,
// and often tests better.
//
//   optim::ExponentialMovingAverage ema(model->parameters(), 0.999);
//   optimizer.step();
//   ema.update();               // after each step
//   {
//     auto use = ema.apply();   // the trained weights are back at the end of the scope
//     evaluate(model);          // with the averages
//   }
//
// average = decay * average + (1 - decay) * weight. Source: Polyak and Juditsky, 1992.
#pragma once

#include <vector>

#include "xgrad/io/state_dict.h"

namespace xgrad::optim {

class ExponentialMovingAverage {
 public:
  // Begins with copies of the weights. Errors: a decay outside 0 to 1.
  explicit ExponentialMovingAverage(std::vector<Tensor> parameters, double decay = 0.999);

  void update();
  const std::vector<Tensor>& averages() const { return averages_; }
  double decay() const { return decay_; }

  // Puts the averages in the weights' place for as long as it lives.
  class Applied {
   public:
    explicit Applied(ExponentialMovingAverage& ema) : ema_(ema) { ema_.swap(); }
    Applied(const Applied&) = delete;
    Applied& operator=(const Applied&) = delete;
    ~Applied() { ema_.swap(); }

   private:
    ExponentialMovingAverage& ema_;
  };
  [[nodiscard]] Applied apply() { return Applied(*this); }
  // Writes the averages into the weights, for good.
  void copy_to_parameters();

  io::StateDict state_dict() const;
  // Errors: another number of weights, or other shapes; nothing is changed then.
  void load_state_dict(const io::StateDict& state);

 private:
  void swap();  // the elements of weights and averages

  std::vector<Tensor> parameters_, averages_;
  double decay_;
};

}  // namespace xgrad::optim
