// Example: one element of a dataset, or a collated batch: data and, unless Target is void, what is
// to be said about it.
//
//   data::Example<> example(image, label);   // image [1, 28, 28], label []
//   data::TensorExample unlabelled = image;
#pragma once

#include <utility>

#include "xgrad/core/tensor.h"

namespace xgrad::data {

template <class Data = Tensor, class Target = Tensor>
struct Example {
  using DataType = Data;
  using TargetType = Target;

  Example() = default;
  Example(Data the_data, Target the_target)
      : data(std::move(the_data)), target(std::move(the_target)) {}

  Data data;
  Target target;
};

namespace example {
using NoTarget = void;
}

template <class Data>
struct Example<Data, example::NoTarget> {
  using DataType = Data;
  using TargetType = example::NoTarget;

  Example() = default;
  Example(Data the_data) : data(std::move(the_data)) {}
  operator Data&() { return data; }
  operator const Data&() const { return data; }

  Data data;
};

using TensorExample = Example<Tensor, example::NoTarget>;

}  // namespace xgrad::data
