#include "xgrad/core/tensor_accessor.h"

#include "xgrad/core/format.h"

namespace xgrad::detail {

void check_accessor(const Tensor& tensor, std::size_t dims) {
  check(tensor.sizes().size() == dims, "accessor: the tensor has shape {}, expected {} dims",
        tensor.sizes(), dims);
}

}  // namespace xgrad::detail
