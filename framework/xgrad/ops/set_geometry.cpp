// Methods that give a tensor another geometry or another storage, in place.
#include "xgrad/autograd/in_place.h"
#include "xgrad/core/format.h"
#include "xgrad/ops/copy.h"
#include "xgrad/ops/factories.h"

namespace xgrad {

Tensor Tensor::to(Device device, ScalarType type, bool non_blocking, bool copy,
                  optional<MemoryFormat> format) const {
  return to(TensorOptions(type).device(device), non_blocking, copy, format);
}

Tensor Tensor::new_empty_strided(IntArrayRef sizes, IntArrayRef strides,
                                 TensorOptions options) const {
  return empty_strided(sizes, strides,
                       options.has_dtype() ? options : options.dtype(scalar_type()));
}

// Only where one is given: without, channels_last stays what it was not asked to be.
Tensor& Tensor::resize_(IntArrayRef sizes, optional<MemoryFormat> format) const {
  check(format != MemoryFormat::Preserve, "resize_: the memory format is preserve, expected one");
  resize_(sizes);
  if (!format) return const_cast<Tensor&>(*this);
  set_data(make_alias(*this, sizes, empty(sizes, TensorOptions(scalar_type()), format).strides(),
                      storage_offset()));
  return const_cast<Tensor&>(*this);
}

Tensor& Tensor::resize_as_(const Tensor& other, optional<MemoryFormat> format) const {
  return resize_(other.sizes(),
                 format == MemoryFormat::Preserve ? other.suggest_memory_format() : format);
}

Tensor& Tensor::set_() const { return set_(empty({0}, scalar_type())); }

Tensor& Tensor::set_(const Tensor& source, std::int64_t offset, IntArrayRef sizes,
                     IntArrayRef strides) const {
  check(source.scalar_type() == scalar_type(), "set_: the source is {}, expected {}",
        dtype_name(source.scalar_type()), dtype_name(scalar_type()));
  const Dims steps = strides.empty() ? contiguous_strides(sizes) : Dims(strides);
  return set_(source.detach().as_strided(sizes, steps, offset));
}

}  // namespace xgrad
