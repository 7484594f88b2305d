#include "xgrad/autograd/node.h"
#include "xgrad/core/error.h"
#include "xgrad/core/print.h"

namespace xgrad::detail {

std::string grad_fn_name(const Tensor& tensor) {
  try {
    const Ref<autograd::Node>& node = tensor.grad_fn();
    return node ? node->name() : "";
  } catch (
      const Error&) {  // a view whose history nobody can tell any more: printing it is no error
    return "Invalid";
  }
}

}  // namespace xgrad::detail
