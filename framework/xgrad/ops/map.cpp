#include "xgrad/ops/map.h"

#include "xgrad/core/format.h"
#include "xgrad/core/parallel.h"
#include "xgrad/ops/map_nest.h"
#include "xgrad/ops/map_small.h"

namespace xgrad {
namespace {

constexpr int kMaxOperands = MapNest::kMaxOperands;
constexpr std::int64_t kGrain = MapNest::kGrain;

Dims broadcast_strides(const Tensor& tensor, const Dims& shape) {
  Dims strides(shape.size(), 0);
  const std::size_t lead = shape.size() - tensor.sizes().size();
  for (std::size_t i = lead; i < shape.size(); ++i) {
    const bool broadcast = tensor.sizes()[i - lead] == 1 && shape[i] != 1;
    strides[i] = broadcast ? 0 : tensor.strides()[i - lead];
  }
  return strides;
}

// Which of two dims runs faster in memory, asking the operands in turn: PyTorch's rule, so that
// results get its memory order.
int compare_dims(std::size_t a, std::size_t b, const Dims& shape, const Dims* strides, int count) {
  for (int i = 0; i < count; ++i) {
    const std::int64_t sa = strides[i].empty() ? 0 : strides[i][a],
                       sb = strides[i].empty() ? 0 : strides[i][b];
    if (sa == 0 || sb == 0) continue;
    if (sa != sb) return sa < sb ? -1 : 1;
    if (shape[a] > shape[b]) return 1;
  }
  return 0;
}

Dims memory_order(const Dims& shape, const Dims* strides, int count) {
  const std::size_t rank = shape.size();
  Dims order(rank, 0);
  for (std::size_t i = 0; i < rank; ++i) order[i] = static_cast<std::int64_t>(rank - 1 - i);
  for (std::size_t i = 1; i < rank; ++i) {
    for (std::size_t at = i, below = i; below-- > 0;) {
      const int order_of = compare_dims(static_cast<std::size_t>(order[below]),
                                        static_cast<std::size_t>(order[at]), shape, strides, count);
      if (order_of < 0) break;
      if (order_of > 0) {
        std::swap(order[below], order[at]);
        at = below;
      }
    }
  }
  return order;
}

// Puts the dims in `order` and merges those that all operands walk as one.
void arrange(MapNest& nest, const Dims& shape, Dims* strides, const Dims& order) {
  for (const std::int64_t dim : order) {
    const auto d = static_cast<std::size_t>(dim);
    if (shape[d] == 1) continue;
    bool merges = !nest.sizes.empty();
    for (int i = 0; i < nest.operands && merges; ++i) {
      const std::int64_t next = strides[i].empty() ? 0 : strides[i][d];
      merges = next == nest.strides[i].back() * nest.sizes.back();
    }
    if (merges) {
      nest.sizes.back() *= shape[d];
      continue;
    }
    nest.sizes.push_back(shape[d]);
    for (int i = 0; i < nest.operands; ++i)
      nest.strides[i].push_back(strides[i].empty() ? 0 : strides[i][d]);
  }
  if (nest.sizes.empty()) {
    nest.sizes.push_back(1);
    for (int i = 0; i < nest.operands; ++i) nest.strides[i].push_back(1);
  }
}

void store_scalar(const Scalar& value, ScalarType type, void* place) {
  dispatch(type, [&](auto zero) {
    using T = decltype(zero);
    *static_cast<T*>(place) = value.cast<T>();
  });
}

// True when writing `out` while reading `x` could read what was written.
bool overlaps(const Tensor& out, const Tensor& x) {
  return out.impl()->storage == x.impl()->storage &&
         !(out.storage_offset() == x.storage_offset() && out.sizes() == x.sizes() &&
           out.strides() == x.strides());
}

int kind_of(ScalarType type) { return isFloatingType(type) ? 2 : type == kBool ? 0 : 1; }

}  // namespace

ScalarType result_type(Operands operands) {
  ScalarType found[3] = {ScalarType::Undefined, ScalarType::Undefined, ScalarType::Undefined};
  for (const Operand& operand : operands) {
    ScalarType type;
    int group = 2;
    if (operand.is_tensor()) {
      type = operand.tensor().scalar_type();
      group = operand.tensor().dim() > 0 ? 0 : 1;
    } else {
      type = operand.scalar().type() == kDouble ? get_default_dtype_as_scalartype()
                                                : operand.scalar().type();
    }
    if (found[group] == type) continue;
    found[group] = found[group] == ScalarType::Undefined ? type : promoteTypes(found[group], type);
  }
  ScalarType result = found[0];
  for (int group = 1; group < 3; ++group) {
    if (found[group] == ScalarType::Undefined) continue;
    if (result == ScalarType::Undefined) {
      result = found[group];
    } else if (kind_of(found[group]) > kind_of(result)) {
      result = found[group];
    }
  }
  return result;
}

ScalarType floating_result_type(Operands operands) {
  const ScalarType type = result_type(operands);
  return isFloatingType(type) ? type : get_default_dtype_as_scalartype();
}

Dims broadcast_shape(const char* op, Operands operands) {
  Dims shape;
  bool first = true;
  for (const Operand& operand : operands) {
    if (!operand.is_tensor()) continue;
    const IntArrayRef sizes = operand.tensor().sizes();
    if (first) {
      shape = sizes;
      first = false;
      continue;
    }
    if (sizes == IntArrayRef(shape)) continue;
    const Dims before = shape;
    while (shape.size() < sizes.size()) shape.insert(0, 1);
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      std::int64_t& wide = shape[shape.size() - 1 - i];
      const std::int64_t size = sizes[sizes.size() - 1 - i];
      check(wide == size || wide == 1 || size == 1,
            "{}: shapes {} and {} do not broadcast: {} and {} at dim {} from the right", op,
            IntArrayRef(before), sizes, wide, size, i);
      if (wide == 1) wide = size;
    }
  }
  return shape;
}

Tensor map_kernel(const char* op, kernels::MapKernel kernel, ScalarType type, ScalarType out_type,
                  Operands operands, const MapParams& params, const Tensor& out) {
  check(kernel != nullptr, "{}: not defined for dtype {}", op, dtype_name(type));
  if (Tensor small = map_small(kernel, type, out_type, operands, params, out); small.defined())
    return small;
  const auto count = static_cast<int>(operands.size());
  alignas(8) char scalars[kMaxOperands][8];
  Tensor converted[kMaxOperands];
  const Tensor* inputs[kMaxOperands] = {};
  bool same = true;  // all inputs contiguous tensors of one shape
  int i = 0;
  for (const Operand& operand : operands) {
    if (!operand.is_tensor()) {
      store_scalar(operand.scalar(), type, scalars[i]);
      same = false;
    } else if (operand.tensor().scalar_type() != type) {
      if (operand.tensor().dim() == 0) {
        store_scalar(operand.tensor().item(), type, scalars[i]);
        converted[i] = make_tensor({}, type);
        std::memcpy(converted[i].data_ptr(), scalars[i], elementSize(type));
      } else {
        converted[i] = convert(operand.tensor(), type);
      }
      inputs[i] = &converted[i];
    } else {
      inputs[i] = &operand.tensor();
      if (out.defined() && overlaps(out, *inputs[i])) {
        converted[i] = convert(*inputs[i], type);
        inputs[i] = &converted[i];
      }
    }
    if (inputs[i] != nullptr) {
      same = same && inputs[i]->is_contiguous() &&
             (i == 0 || inputs[0] == nullptr || inputs[i]->sizes() == inputs[0]->sizes());
    }
    ++i;
  }

  if (same && (!out.defined() || (out.is_contiguous() && out.sizes() == inputs[0]->sizes() &&
                                  out.scalar_type() == out_type))) {
    const Tensor result = out.defined() ? out : make_tensor(inputs[0]->sizes(), out_type);
    const std::int64_t n = result.numel();
    if (n <= kGrain) {
      const void* in[kMaxOperands];
      for (int j = 0; j < count; ++j) in[j] = inputs[j]->data_ptr();
      kernel(n, result.data_ptr(), in, params.data());
      return result;
    }
    parallel_for(0, n, kGrain, [&](std::int64_t first, std::int64_t last) {
      const void* in[kMaxOperands];
      const std::size_t step = elementSize(type);
      for (int j = 0; j < count; ++j) {
        in[j] = static_cast<const char*>(inputs[j]->data_ptr()) +
                static_cast<std::size_t>(first) * step;
      }
      kernel(last - first,
             static_cast<char*>(result.data_ptr()) +
                 static_cast<std::size_t>(first) * elementSize(out_type),
             in, params.data());
    });
    return result;
  }

  const Dims shape = broadcast_shape(op, operands);
  MapNest nest;
  nest.operands = count + 1;
  Dims strides[kMaxOperands];
  for (int j = 0; j < count; ++j) {
    nest.bytes[j + 1] = elementSize(type);
    nest.data[j + 1] = inputs[j] ? static_cast<char*>(inputs[j]->data_ptr()) : scalars[j];
    if (inputs[j]) strides[j + 1] = broadcast_strides(*inputs[j], shape);
  }
  Tensor result = out;
  Tensor target = out;  // what the kernel writes; a cast follows where the output has another dtype
  if (!out.defined() || out.scalar_type() != out_type) {
    target = make_strided(shape, result_strides(shape, strides + 1, count), out_type);
    if (!out.defined()) result = target;
  }
  check(target.sizes() == IntArrayRef(shape),
        "{}: the result has shape {}, but it is to be written into {}", op, IntArrayRef(shape),
        target.sizes());
  nest.bytes[0] = elementSize(out_type);
  nest.data[0] = static_cast<char*>(target.data_ptr());
  strides[0] = target.strides();
  nest.numel = target.numel();
  if (nest.numel != 0) {
    arrange(nest, shape, strides, memory_order(shape, strides, nest.operands));
    nest.run(kernel, params);
  }
  if (!result.is_same(target)) copy_into(result, target);
  return result;
}

Dims result_strides(const Dims& shape, const Dims* strides, int count) {
  Dims fresh(shape.size(), 1);
  std::int64_t step = 1;
  for (const std::int64_t dim : memory_order(shape, strides, count)) {
    fresh[static_cast<std::size_t>(dim)] = step;
    step *= std::max<std::int64_t>(shape[static_cast<std::size_t>(dim)], 1);
  }
  return fresh;
}

}  // namespace xgrad
