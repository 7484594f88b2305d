// Lambda, BatchLambda: transforms made of a function.
//
//   data::transforms::Lambda<data::Example<>> halve([](data::Example<> e) {
//     return data::Example<>(e.data / 2, e.target);
//   });
#pragma once

#include <functional>

#include "xgrad/data/transforms/base.h"

namespace xgrad::data::transforms {

// Of a batch.
template <class Input, class Output = Input>
class BatchLambda : public BatchTransform<Input, Output> {
 public:
  using typename BatchTransform<Input, Output>::InputBatchType;
  using typename BatchTransform<Input, Output>::OutputBatchType;
  using FunctionType = std::function<OutputBatchType(InputBatchType)>;

  explicit BatchLambda(FunctionType function) : function_(std::move(function)) {}
  OutputBatchType apply_batch(InputBatchType batch) override { return function_(std::move(batch)); }

 private:
  FunctionType function_;
};

// Of each example.
template <class Input, class Output = Input>
class Lambda : public Transform<Input, Output> {
 public:
  using typename Transform<Input, Output>::InputType;
  using typename Transform<Input, Output>::OutputType;
  using FunctionType = std::function<Output(Input)>;

  explicit Lambda(FunctionType function) : function_(std::move(function)) {}
  OutputType apply(InputType input) override { return function_(std::move(input)); }

 private:
  FunctionType function_;
};

}  // namespace xgrad::data::transforms
