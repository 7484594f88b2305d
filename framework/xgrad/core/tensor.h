// Tensor: a handle to an n-dimensional array with shared storage, and the door to every op.
//
//   auto x = xgrad::randn({2, 3}, xgrad::requires_grad());
//   auto loss = (x * x).sum();
//   loss.backward();
//   std::cout << x.grad();
//
// Copies of a handle are the same tensor, and views (`transpose`, `select`, `x[0]`...) share
// storage, as in PyTorch: methods are const, in-place ones too, and assigning to an rvalue
// (`x[0] = 1`) writes through. Methods are the ops of `ops/`, of the same names; what they mean is
// said there. Source: https://pytorch.org/docs/stable/tensors.html.
#pragma once

#include <concepts>
#include <functional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "xgrad/core/array_ref.h"
#include "xgrad/core/generator.h"
#include "xgrad/core/scalar.h"
#include "xgrad/core/tensor_impl.h"
#include "xgrad/core/tensor_options.h"

namespace xgrad {

class Tensor;

using TensorList = ArrayRef<Tensor>;

namespace indexing {
struct TensorIndex;
}
namespace autograd {
class Node;
}
template <class T, std::size_t N>
class TensorAccessor;

// How the gradient of a whole reduction is named in losses: at::Reduction.
namespace Reduction {
enum Reduction { None, Mean, Sum, END };
}

class Tensor {
 public:
  using Hook = std::function<Tensor(const Tensor&)>;
  using Index = indexing::TensorIndex;
  using IndexList = std::initializer_list<Index>;
  using Pair = std::tuple<Tensor, Tensor>;
  using OptDim = optional<std::int64_t>;
  using OptType = optional<ScalarType>;
  using OptScalar = optional<Scalar>;
  using OptGenerator = optional<Generator>;

  Tensor() = default;  // undefined
  explicit Tensor(Ref<TensorImpl> impl) : impl_(std::move(impl)) {}
  Tensor(const Tensor&) = default;
  Tensor(Tensor&&) = default;

  // To an lvalue: rebinds the handle. To an rvalue (x[0] = y): copies into the storage.
  Tensor& operator=(const Tensor& other) & = default;
  Tensor& operator=(Tensor&& other) & = default;
  Tensor& operator=(const Scalar& value) &;
  Tensor& operator=(const Tensor& other) &&;
  Tensor& operator=(Tensor&& other) && {
    return std::move(*this) = static_cast<const Tensor&>(other);
  }
  Tensor& operator=(const Scalar& value) &&;

  // What it is. An undefined tensor has no elements and, as in libtorch, sizes [0]; other questions
  // about it are Errors.
  bool defined() const { return impl_.get() != nullptr; }
  void reset() { impl_.reset(); }
  bool is_same(const Tensor& other) const { return impl_ == other.impl_; }
  std::size_t use_count() const { return impl_ ? impl_->references() : 0; }
  TensorImpl* impl() const { return impl_.get(); }
  TensorImpl* unsafeGetTensorImpl() const { return impl_.get(); }
  IntArrayRef sizes() const { return described().sizes; }
  IntArrayRef strides() const { return checked().strides; }
  std::int64_t size(std::int64_t dim) const;
  std::int64_t stride(std::int64_t dim) const;
  std::int64_t dim() const { return static_cast<std::int64_t>(described().sizes.size()); }
  std::int64_t ndimension() const { return dim(); }
  std::int64_t numel() const { return described().numel; }
  ScalarType scalar_type() const { return checked().dtype; }
  TypeMeta dtype() const { return described().dtype; }
  DeprecatedTypeProperties type() const { return DeprecatedTypeProperties(scalar_type()); }
  std::size_t element_size() const { return elementSize(scalar_type()); }
  std::size_t itemsize() const { return element_size(); }
  std::size_t nbytes() const { return element_size() * static_cast<std::size_t>(numel()); }
  Device device() const;
  Layout layout() const { return kStrided; }
  TensorOptions options() const { return TensorOptions(scalar_type()).device(device()); }
  std::int64_t get_device() const { return -1; }
  bool is_cuda() const { return false; }
  bool is_cpu() const { return defined(); }
  bool is_sparse() const { return false; }
  bool is_quantized() const { return false; }
  bool is_meta() const { return false; }
  bool is_pinned() const { return false; }
  bool is_floating_point() const { return isFloatingType(dtype()); }
  bool is_complex() const { return false; }
  bool is_signed() const { return scalar_type() != kByte && scalar_type() != kBool; }
  bool is_contiguous(MemoryFormat format = MemoryFormat::Contiguous) const;
  bool is_non_overlapping_and_dense() const;
  // ChannelsLast where the order of the strides of [N, C, H, W] says so.
  MemoryFormat suggest_memory_format() const;
  std::int64_t storage_offset() const { return checked().offset; }
  Storage storage() const { return Storage(checked().storage); }
  bool has_storage() const { return defined(); }
  bool is_set_to(const Tensor& other) const;
  bool is_same_size(const Tensor& other) const { return sizes() == other.sizes(); }
  bool is_alias_of(const Tensor& other) const { return storage().is_alias_of(other.storage()); }
  bool is_nonzero() const;  // of one element. Errors: more or fewer
  std::string toString() const;
  // Empty: tensors of ours have no names.
  const std::string& name() const;

  // Its elements.
  void* data_ptr() const { return checked().data(); }
  template <class T>
  T* data_ptr() const;  // Errors: T is not the tensor's type.
  template <class T>
  T* data() const {
    return data_ptr<T>();
  }
  const void* const_data_ptr() const { return data_ptr(); }
  void* mutable_data_ptr() const { return data_ptr(); }
  template <class T>
  const T* const_data_ptr() const {
    return data_ptr<std::remove_const_t<T>>();
  }
  template <class T>
  T* mutable_data_ptr() const {
    return data_ptr<T>();
  }
  Scalar item() const;  // Errors: not exactly one element.
  template <class T>
  T item() const {
    return item().template to<T>();
  }
  template <class T, std::size_t N>
  TensorAccessor<T, N> accessor() const;
  template <class T, std::size_t N>
  TensorAccessor<T, N> packed_accessor32() const {
    return accessor<T, N>();
  }
  template <class T, std::size_t N>
  TensorAccessor<T, N> packed_accessor64() const {
    return accessor<T, N>();
  }
  void print() const;

  // Autograd.
  bool requires_grad() const { return described().wants_grad(); }
  const Tensor& set_requires_grad(bool value) const;
  Tensor& requires_grad_(bool value = true) const;
  bool is_leaf() const;
  Tensor& mutable_grad() const;
  const Tensor& grad() const;
  const Ref<autograd::Node>& grad_fn() const;
  std::uint32_t output_nr() const;
  void backward(const Tensor& gradient = {}, optional<bool> retain_graph = nullopt,
                bool create_graph = false, optional<TensorList> inputs = nullopt) const;
  Tensor detach() const;
  Tensor& detach_() const;
  Tensor data() const;  // an alias outside autograd: changes through it are not noticed
  Tensor variable_data() const { return data(); }
  Tensor tensor_data() const { return data(); }
  void set_data(const Tensor& other) const;
  void retain_grad() const;
  bool retains_grad() const;
  template <class F>
  unsigned register_hook(F&& hook) const {
    if constexpr (std::is_void_v<std::invoke_result_t<F, Tensor>>) {
      return add_hook([hook = std::forward<F>(hook)](const Tensor& grad) mutable {
        hook(grad);
        return Tensor();
      });
    } else {
      return add_hook(std::forward<F>(hook));
    }
  }
  void remove_hook(unsigned position) const;
  std::int64_t _version() const;  // Errors: an inference tensor, which has none.
  bool is_view() const;
  Tensor _base() const;
  bool is_inference() const { return described().inference; }

  // Copies and conversions.
  Tensor to(const TensorOptions& options, bool non_blocking = false, bool copy = false,
            optional<MemoryFormat> format = nullopt) const;
  Tensor to(ScalarType type, bool non_blocking = false, bool copy = false,
            optional<MemoryFormat> format = nullopt) const;
  Tensor to(TypeMeta type, bool non_blocking = false, bool copy = false) const {
    return to(type.toScalarType(), non_blocking, copy);
  }
  Tensor to(Device device, ScalarType type, bool non_blocking = false, bool copy = false) const;
  Tensor to(const Tensor& like, bool non_blocking = false, bool copy = false) const {
    return to(like.scalar_type(), non_blocking, copy);
  }
  Tensor toType(ScalarType type) const { return to(type); }
  Tensor type_as(const Tensor& other) const { return to(other.scalar_type()); }
  Tensor cpu() const { return *this; }
  Tensor cuda() const;
  Tensor pin_memory() const;  // Errors: always, as only CUDA has such memory.
  Tensor clone(optional<MemoryFormat> format = nullopt) const;
  Tensor contiguous(MemoryFormat format = MemoryFormat::Contiguous) const;
  Tensor& copy_(const Tensor& source, bool non_blocking = false) const;
  Tensor& fill_(const Scalar& value) const;
  Tensor& fill_(const Tensor& value) const;
  Tensor& zero_() const;
  Tensor& set_(const Tensor& source) const;
  Tensor& resize_(IntArrayRef sizes) const;
  Tensor& resize_as_(const Tensor& other) const { return resize_(other.sizes()); }
  Tensor new_empty(IntArrayRef sizes, TensorOptions options = {}) const;
  Tensor new_zeros(IntArrayRef sizes, TensorOptions options = {}) const;
  Tensor new_ones(IntArrayRef sizes, TensorOptions options = {}) const;
  Tensor new_full(IntArrayRef sizes, const Scalar& value, TensorOptions options = {}) const;
  Tensor new_tensor(const Tensor& source) const;

  // Views and shapes.
  Tensor operator[](std::int64_t index) const;
  Tensor operator[](const Scalar& index) const { return (*this)[index.toLong()]; }
  Tensor operator[](const Tensor& index) const;
  Tensor index(ArrayRef<Index> indices) const;
  Tensor index(IndexList indices) const;
  Tensor index_put(ArrayRef<Index> indices, const Tensor& value, bool accumulate = false) const;
  Tensor index_put(IndexList indices, const Tensor& value, bool accumulate = false) const;
  Tensor& index_put_(ArrayRef<Index> indices, const Tensor& value, bool accumulate = false) const;
  Tensor& index_put_(ArrayRef<Index> indices, const Scalar& value) const;
  Tensor& index_put_(IndexList indices, const Tensor& value, bool accumulate = false) const;
  Tensor& index_put_(IndexList indices, const Scalar& value) const;
  Tensor view(IntArrayRef sizes) const;
  Tensor view(ScalarType type) const;
  Tensor view_as(const Tensor& other) const { return view(other.sizes()); }
  Tensor reshape(IntArrayRef sizes) const;
  Tensor reshape_as(const Tensor& other) const { return reshape(other.sizes()); }
  Tensor flatten(std::int64_t start_dim = 0, std::int64_t end_dim = -1) const;
  Tensor unflatten(std::int64_t dim, IntArrayRef sizes) const;
  Tensor ravel() const;
  Tensor transpose(std::int64_t a, std::int64_t b) const;
  Tensor swapaxes(std::int64_t a, std::int64_t b) const { return transpose(a, b); }
  Tensor swapdims(std::int64_t a, std::int64_t b) const { return transpose(a, b); }
  Tensor t() const;
  Tensor mT() const { return dim() == 0 ? *this : transpose(-2, -1); }
  Tensor mH() const { return mT(); }
  Tensor adjoint() const { return mT(); }
  Tensor numpy_T() const;
  Tensor permute(IntArrayRef dims) const;
  Tensor movedim(std::int64_t source, std::int64_t destination) const;
  Tensor movedim(IntArrayRef source, IntArrayRef destination) const;
  Tensor moveaxis(std::int64_t source, std::int64_t destination) const {
    return movedim(source, destination);
  }
  Tensor moveaxis(IntArrayRef source, IntArrayRef destination) const {
    return movedim(source, destination);
  }
  Tensor squeeze() const;
  Tensor squeeze(std::int64_t dim) const;
  Tensor unsqueeze(std::int64_t dim) const;
  Tensor expand(IntArrayRef sizes, bool implicit = false) const;
  Tensor expand_as(const Tensor& other) const { return expand(other.sizes()); }
  Tensor broadcast_to(IntArrayRef sizes) const { return expand(sizes); }
  Tensor sum_to_size(IntArrayRef sizes) const;
  Tensor select(std::int64_t dim, std::int64_t index) const;
  Tensor narrow(std::int64_t dim, std::int64_t start, std::int64_t length) const;
  Tensor narrow_copy(std::int64_t dim, std::int64_t start, std::int64_t length) const {
    return narrow(dim, start, length).clone();
  }
  Tensor slice(std::int64_t dim = 0, OptDim start = nullopt, OptDim end = nullopt,
               std::int64_t step = 1) const;
  Tensor diagonal(std::int64_t offset = 0, std::int64_t dim1 = 0, std::int64_t dim2 = 1) const;
  Tensor unfold(std::int64_t dim, std::int64_t size, std::int64_t step) const;
  Tensor as_strided(IntArrayRef sizes, IntArrayRef strides, OptDim storage_offset = nullopt) const;
  Tensor alias() const;
  std::vector<Tensor> chunk(std::int64_t chunks, std::int64_t dim = 0) const;
  std::vector<Tensor> split(std::int64_t size, std::int64_t dim = 0) const;
  std::vector<Tensor> split(IntArrayRef sizes, std::int64_t dim = 0) const;
  std::vector<Tensor> split_with_sizes(IntArrayRef sizes, std::int64_t dim = 0) const;
  std::vector<Tensor> unsafe_chunk(std::int64_t chunks, std::int64_t dim = 0) const {
    return chunk(chunks, dim);
  }
  std::vector<Tensor> unsafe_split(std::int64_t size, std::int64_t dim = 0) const {
    return split(size, dim);
  }
  std::vector<Tensor> tensor_split(std::int64_t sections, std::int64_t dim = 0) const;
  std::vector<Tensor> hsplit(std::int64_t sections) const;
  std::vector<Tensor> hsplit(IntArrayRef indices) const;
  std::vector<Tensor> vsplit(std::int64_t sections) const;
  std::vector<Tensor> vsplit(IntArrayRef indices) const;
  std::vector<Tensor> dsplit(std::int64_t sections) const;
  std::vector<Tensor> dsplit(IntArrayRef indices) const;
  std::vector<Tensor> unbind(std::int64_t dim = 0) const;
  Tensor repeat(IntArrayRef repeats) const;
  Tensor repeat_interleave(std::int64_t repeats, OptDim dim = nullopt,
                           OptDim output_size = nullopt) const;
  Tensor repeat_interleave(const Tensor& repeats, OptDim dim = nullopt,
                           OptDim output_size = nullopt) const;
  Tensor tile(IntArrayRef repeats) const;
  Tensor flip(IntArrayRef dims) const;
  Tensor fliplr() const;
  Tensor flipud() const;
  Tensor roll(IntArrayRef shifts, IntArrayRef dims = {}) const;
  Tensor rot90(std::int64_t k = 1, IntArrayRef dims = {0, 1}) const;
  Tensor tril(std::int64_t diagonal = 0) const;
  Tensor triu(std::int64_t diagonal = 0) const;
  Tensor diag(std::int64_t diagonal = 0) const;
  Tensor diag_embed(std::int64_t offset = 0, std::int64_t dim1 = -2, std::int64_t dim2 = -1) const;
  Tensor diagflat(std::int64_t offset = 0) const;
  // Copies of this tensor in which a view is replaced.
  Tensor select_scatter(const Tensor& source, std::int64_t dim, std::int64_t index) const;
  Tensor slice_scatter(const Tensor& source, std::int64_t dim = 0, OptDim start = nullopt,
                       OptDim end = nullopt, std::int64_t step = 1) const;
  Tensor diagonal_scatter(const Tensor& source, std::int64_t offset = 0, std::int64_t dim1 = 0,
                          std::int64_t dim2 = 1) const;
  Tensor as_strided_scatter(const Tensor& source, IntArrayRef sizes, IntArrayRef strides,
                            OptDim storage_offset = nullopt) const;
  Tensor& squeeze_() const;
  Tensor& squeeze_(std::int64_t dim) const;
  Tensor& unsqueeze_(std::int64_t dim) const;
  Tensor& transpose_(std::int64_t a, std::int64_t b) const;
  Tensor& swapaxes_(std::int64_t a, std::int64_t b) const { return transpose_(a, b); }
  Tensor& swapdims_(std::int64_t a, std::int64_t b) const { return transpose_(a, b); }
  Tensor& t_() const;
  Tensor& as_strided_(IntArrayRef sizes, IntArrayRef strides,
                      OptDim storage_offset = nullopt) const;
  Tensor& tril_(std::int64_t diagonal = 0) const;
  Tensor& triu_(std::int64_t diagonal = 0) const;
  Tensor& fill_diagonal_(const Scalar& value, bool wrap = false) const;

#include "xgrad/core/tensor_methods.inc"
#include "xgrad/core/tensor_variants.inc"

 private:
  const TensorImpl& checked() const {
    if (!impl_) [[unlikely]] {
      fail_undefined();
    }
    return *impl_;
  }
  // Of an undefined tensor: what it is said to be.
  const TensorImpl& described() const {
    if (!impl_) [[unlikely]] {
      return undefined_impl();
    }
    return *impl_;
  }
  static const TensorImpl& undefined_impl();
  [[noreturn]] static void fail_undefined();
  unsigned add_hook(Hook hook) const;

  Ref<TensorImpl> impl_;
};

// A new tensor with uninitialized elements, row-major or with the given strides.
// The bottom of every factory.
Tensor make_tensor(const Dims& sizes, ScalarType type);
Tensor make_strided(const Dims& sizes, const Dims& strides, ScalarType type);
// The same elements without history, and another view of the same storage:
// both unknown to autograd.
Tensor make_alias(const Tensor& tensor);
Tensor make_alias(const Tensor& tensor, const Dims& sizes, const Dims& strides,
                  std::int64_t offset);

// `dim` counted from the end when negative. Errors (IndexError) name the op: "sum: dim 3 is out of
// range, expected -2..1".
std::int64_t wrap_dim(const char* op, std::int64_t dim, std::int64_t rank);

std::ostream& operator<<(std::ostream& out, const Tensor& tensor);
// One after the other, in brackets.
std::ostream& operator<<(std::ostream& out, TensorList tensors);
// Prints with at most `line_width` columns.
void print(const Tensor& tensor, std::int64_t line_width = 80);
void print(std::ostream& out, const Tensor& tensor, std::int64_t line_width = 80);

}  // namespace xgrad
