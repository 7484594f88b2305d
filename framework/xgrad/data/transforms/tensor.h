// Transforms of an example's data alone: TensorTransform (to derive from), TensorLambda (of a
// function), Normalize.
//
//   struct Invert : data::transforms::TensorTransform<> {
//     Tensor operator()(Tensor x) override { return 1 - x; }
//   };
#pragma once

#include <functional>

#include "xgrad/data/example.h"
#include "xgrad/data/transforms/base.h"

namespace xgrad::data::transforms {

template <class Target = Tensor>
class TensorTransform : public Transform<Example<Tensor, Target>, Example<Tensor, Target>> {
 public:
  using E = Example<Tensor, Target>;
  using typename Transform<E, E>::InputType;
  using typename Transform<E, E>::OutputType;

  virtual Tensor operator()(Tensor input) = 0;
  OutputType apply(InputType input) override {
    input.data = (*this)(std::move(input.data));
    return input;
  }
};

template <class Target = Tensor>
class TensorLambda : public TensorTransform<Target> {
 public:
  using FunctionType = std::function<Tensor(Tensor)>;

  explicit TensorLambda(FunctionType function) : function_(std::move(function)) {}
  Tensor operator()(Tensor input) override { return function_(std::move(input)); }

 private:
  FunctionType function_;
};

namespace detail {
// float32 [n, 1, 1]: one value a channel.
Tensor channel_values(ArrayRef<double> values);
Tensor normalize(const Tensor& input, const Tensor& mean, const Tensor& stddev);
}  // namespace detail

// (input - mean) / stddev, with one mean and deviation a channel of [channels, height, width],
// or one for all.
template <class Target = Tensor>
struct Normalize : TensorTransform<Target> {
  Normalize(ArrayRef<double> the_mean, ArrayRef<double> the_stddev)
      : mean(detail::channel_values(the_mean)), stddev(detail::channel_values(the_stddev)) {}

  Tensor operator()(Tensor input) override { return detail::normalize(input, mean, stddev); }

  Tensor mean, stddev;
};

}  // namespace xgrad::data::transforms
