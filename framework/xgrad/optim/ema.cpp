#include "xgrad/optim/ema.h"

#include "xgrad/autograd/grad_mode.h"
#include "xgrad/core/format.h"

namespace xgrad::optim {

namespace {

void check_decay_range(double decay) {
  check(decay >= 0 && decay <= 1, "ExponentialMovingAverage: decay is {}, expected 0 to 1", decay);
}

}  // namespace

ExponentialMovingAverage::ExponentialMovingAverage(std::vector<Tensor> parameters, double decay)
    : parameters_(std::move(parameters)), decay_(decay) {
  check_decay_range(decay);
  for (const Tensor& parameter : parameters_) averages_.push_back(parameter.detach().clone());
}

void ExponentialMovingAverage::update() {
  const NoGradGuard no_grad;
  for (std::size_t i = 0; i < averages_.size(); ++i) {
    if (averages_[i].is_floating_point()) {
      averages_[i].mul_(decay_).add_(parameters_[i], 1 - decay_);
    } else {
      averages_[i].copy_(parameters_[i]);  // a counter among the buffers
    }
  }
}

void ExponentialMovingAverage::copy_to_parameters() {
  const NoGradGuard no_grad;
  for (std::size_t i = 0; i < averages_.size(); ++i) parameters_[i].copy_(averages_[i]);
}

void ExponentialMovingAverage::swap() {
  const NoGradGuard no_grad;
  for (std::size_t i = 0; i < averages_.size(); ++i) {
    const Tensor weight = parameters_[i].detach().clone();
    parameters_[i].copy_(averages_[i]);
    averages_[i].copy_(weight);
  }
}

io::StateDict ExponentialMovingAverage::state_dict() const {
  io::StateDict state;
  state.values["decay"] = decay_;
  for (std::size_t i = 0; i < averages_.size(); ++i) state.add(std::to_string(i), averages_[i]);
  return state;
}

void ExponentialMovingAverage::load_state_dict(const io::StateDict& state) {
  const double decay = state.values.at("decay").as_double();
  check_decay_range(decay);
  check(state.tensors.size() == averages_.size(),
        "ExponentialMovingAverage::load_state_dict: the state has {} averages, expected {}",
        state.tensors.size(), averages_.size());
  std::vector<const Tensor*> saved;
  for (std::size_t i = 0; i < averages_.size(); ++i) {
    saved.push_back(state.find(std::to_string(i)));
    check(saved[i] != nullptr && saved[i]->sizes() == averages_[i].sizes(),
          "ExponentialMovingAverage::load_state_dict: average {} is {}, expected {}", i,
          saved[i] != nullptr ? shape_text(saved[i]->sizes()) : "missing",
          shape_text(averages_[i].sizes()));
  }
  const NoGradGuard no_grad;
  for (std::size_t i = 0; i < averages_.size(); ++i) averages_[i].copy_(*saved[i]);
  decay_ = decay;
}

}  // namespace xgrad::optim
