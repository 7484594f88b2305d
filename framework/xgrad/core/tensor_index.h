// What may stand in the brackets of Tensor::index:
// numbers, slices, None, an ellipsis and index tensors.
//
//   using namespace xgrad::indexing;
//   x.index({0, Slice(1, None, 2), Ellipsis, None, mask});   // Python: x[0, 1::2, ..., None, mask]
//   x.index_put_({Slice(), 0}, 1.0);                         // Python: x[:, 0] = 1.0
//
// Source: https://pytorch.org/cppdocs/notes/tensor_indexing.html.
#pragma once

#include <iosfwd>
#include <limits>
#include <type_traits>
#include <vector>

#include "xgrad/core/tensor.h"

namespace xgrad::indexing {

inline constexpr std::int64_t INDEX_MAX = std::numeric_limits<std::int64_t>::max();
inline constexpr std::int64_t INDEX_MIN = std::numeric_limits<std::int64_t>::min();

enum class TensorIndexType { None, Ellipsis, Integer, Boolean, Slice, Tensor };

inline constexpr std::nullopt_t None = std::nullopt;  // a new dim of size 1; in a Slice: to the end

struct EllipsisIndexType final {};
inline constexpr EllipsisIndexType Ellipsis{};  // as many full slices as are missing

// start:stop:step. Errors: step 0.
struct Slice final {
  Slice(optional<std::int64_t> start = nullopt, optional<std::int64_t> stop = nullopt,
        optional<std::int64_t> step = nullopt);
  std::int64_t start() const { return start_; }
  std::int64_t stop() const { return stop_; }
  std::int64_t step() const { return step_; }

 private:
  std::int64_t start_, stop_, step_;
};

struct TensorIndex final {
  TensorIndex(std::nullopt_t) : type_(TensorIndexType::None) {}
  TensorIndex(EllipsisIndexType) : type_(TensorIndexType::Ellipsis) {}
  TensorIndex(const char* text);  // Errors: anything but "..."
  TensorIndex(std::int64_t integer) : type_(TensorIndexType::Integer), integer_(integer) {}
  TensorIndex(int integer) : TensorIndex(std::int64_t{integer}) {}
  template <class T, class = std::enable_if_t<std::is_same_v<T, bool>>>
  TensorIndex(T boolean) : type_(TensorIndexType::Boolean), integer_(boolean) {}
  TensorIndex(Slice slice) : type_(TensorIndexType::Slice), slice_(slice) {}
  TensorIndex(xgrad::Tensor tensor) : type_(TensorIndexType::Tensor), tensor_(std::move(tensor)) {}

  bool is_none() const { return type_ == TensorIndexType::None; }
  bool is_ellipsis() const { return type_ == TensorIndexType::Ellipsis; }
  bool is_integer() const { return type_ == TensorIndexType::Integer; }
  bool is_boolean() const { return type_ == TensorIndexType::Boolean; }
  bool is_slice() const { return type_ == TensorIndexType::Slice; }
  bool is_tensor() const { return type_ == TensorIndexType::Tensor; }
  std::int64_t integer() const { return integer_; }
  bool boolean() const { return integer_ != 0; }
  const Slice& slice() const { return slice_; }
  const xgrad::Tensor& tensor() const { return tensor_; }

 private:
  TensorIndexType type_;
  std::int64_t integer_ = 0;
  Slice slice_;
  xgrad::Tensor tensor_;
};

// Prints as "1:9:2", "None", "...", and lists in parentheses.
std::ostream& operator<<(std::ostream& out, const Slice& slice);
std::ostream& operator<<(std::ostream& out, const TensorIndex& index);
std::ostream& operator<<(std::ostream& out, const std::vector<TensorIndex>& indices);

}  // namespace xgrad::indexing
