// MNIST: handwritten digits, or any other dataset in its four files, such as Fashion-MNIST.
//
//   auto train = data::datasets::MNIST("./data").map(data::transforms::Normalize<>(0.1307, 0.3081))
//                    .map(data::transforms::Stack<>());
//
// The files are train-images-idx3-ubyte, train-labels-idx1-ubyte (kTrain), t10k-images-idx3-ubyte
// and t10k-labels-idx1-ubyte (kTest), each as it is or with .gz. Source:
// http://yann.lecun.com/exdb/mnist.
#pragma once

#include <string>

#include "xgrad/data/datasets/base.h"

namespace xgrad::data::datasets {

class MNIST : public Dataset<MNIST> {
 public:
  enum class Mode { kTrain, kTest };

  // Errors: a file is missing or not what its name says; images and labels differ in number.
  explicit MNIST(const std::string& root, Mode mode = Mode::kTrain);

  // [1, 28, 28] and []: views, without a copy.
  Example<> get(std::size_t index) override;
  optional<std::size_t> size() const override;
  bool is_train() const noexcept { return mode_ == Mode::kTrain; }
  const Tensor& images() const { return images_; }    // float32 [n, 1, 28, 28], 0 to 1
  const Tensor& targets() const { return targets_; }  // int64 [n]

 private:
  Mode mode_;
  Tensor images_, targets_;
};

}  // namespace xgrad::data::datasets
