#include "xgrad/data/datasets/mnist.h"

#include <filesystem>

#include "xgrad/core/format.h"
#include "xgrad/data/idx.h"

namespace xgrad::data::datasets {

namespace {

IdxArray read_file(const std::string& root, const std::string& name, std::size_t dims) {
  std::filesystem::path path = std::filesystem::path(root) / name;
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) path += ".gz";
  check(std::filesystem::exists(path, ignored),
        "MNIST: neither {} nor {}.gz is in folder '{}', expected the four files of MNIST or "
        "Fashion-MNIST",
        name, name, root);
  IdxArray array = read_idx(path.string());
  check(array.type == IdxType::UInt8 && array.shape.size() == dims,
        "MNIST: '{}' holds elements of {} bytes with shape {}, expected bytes with {} dimensions",
        path.string(), idx_element_size(array.type), IntArrayRef(array.shape), dims);
  return array;
}

// [n, 1, rows, columns]
Tensor to_images(const IdxArray& array) {
  Tensor images = make_tensor({array.shape[0], 1, array.shape[1], array.shape[2]}, kFloat);
  auto* out = images.data_ptr<float>();
  for (const std::byte value : array.bytes) {
    *out++ = static_cast<float>(std::to_integer<int>(value)) / 255.0F;
  }
  return images;
}

Tensor to_targets(const IdxArray& array) {
  Tensor targets = make_tensor({array.shape[0]}, kLong);
  auto* out = targets.data_ptr<std::int64_t>();
  for (const std::byte value : array.bytes) *out++ = std::to_integer<std::int64_t>(value);
  return targets;
}

}  // namespace

MNIST::MNIST(const std::string& root, Mode mode) : mode_(mode) {
  const std::string set = mode == Mode::kTrain ? "train" : "t10k";
  const IdxArray images = read_file(root, set + "-images-idx3-ubyte", 3);
  const IdxArray targets = read_file(root, set + "-labels-idx1-ubyte", 1);
  check(images.shape[0] == targets.shape[0],
        "MNIST: folder '{}' has {} images but {} labels in its {} files, expected one for each",
        root, images.shape[0], targets.shape[0], set);
  images_ = to_images(images);
  targets_ = to_targets(targets);
}

Example<> MNIST::get(std::size_t index) {
  const auto i = static_cast<std::int64_t>(index);
  return {images_[i], targets_[i]};
}

optional<std::size_t> MNIST::size() const { return static_cast<std::size_t>(images_.size(0)); }

}  // namespace xgrad::data::datasets
