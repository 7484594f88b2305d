#include "xgrad/optim/update.h"

#include "xgrad/autograd/in_place.h"
#include "xgrad/core/format.h"

namespace xgrad::optim::detail {

namespace {

// Whether both walk through memory in the same order. Both are dense and of one shape.
bool same_layout(const Tensor& a, const Tensor& b) {
  if (a.is_contiguous() && b.is_contiguous()) return true;
  for (std::size_t i = 0; i < a.sizes().size(); ++i) {
    if (a.sizes()[i] > 1 && a.strides()[i] != b.strides()[i]) return false;
  }
  return true;
}

bool fits(const Tensor& tensor, const Tensor& work) {
  return tensor.scalar_type() == work.scalar_type() && same_layout(tensor, work);
}

Tensor copy_in_layout(const Tensor& tensor, const Tensor& work) {
  Tensor copy = dense_like(work);
  copy.copy_(tensor);
  return copy;
}

}  // namespace

Tensor dense_like(const Tensor& parameter) {
  if (!parameter.is_non_overlapping_and_dense()) {
    return make_tensor(parameter.sizes(), parameter.scalar_type());
  }
  return make_strided(parameter.sizes(), parameter.strides(), parameter.scalar_type());
}

Tensor new_state(const Tensor& parameter, double value) {
  Tensor state = dense_like(parameter);
  return value == 0 ? state.zero_() : state.fill_(value);
}

Update::Update(const char* optimizer, const Tensor& parameter,
               std::initializer_list<Tensor*> states)
    : parameter_(parameter),
      work_(parameter),
      gradient_(parameter.grad()),
      element_(parameter.element_size()) {
  check(parameter.is_floating_point(),
        "{}: a parameter is of dtype {}, expected a floating-point one", optimizer,
        dtype_name(parameter.scalar_type()));
  check(gradient_.sizes() == parameter.sizes(),
        "{}: a parameter is {} but its gradient {}, expected the same shape", optimizer,
        shape_text(parameter.sizes()), shape_text(gradient_.sizes()));
  if (!parameter.is_non_overlapping_and_dense()) work_ = copy_in_layout(parameter, parameter);
  if (!fits(gradient_, work_)) gradient_ = copy_in_layout(gradient_, work_);
  for (Tensor* state : states) {
    check(state->defined() && state->sizes() == parameter.sizes(),
          "{}: a parameter is {} but its state is not, expected the parameters that the state was "
          "made for",
          optimizer, shape_text(parameter.sizes()));
    if (!fits(*state, work_)) *state = copy_in_layout(*state, work_);
    states_[count_++] = state->data_ptr();
  }
}

void Update::finish() {
  if (work_.is_same(parameter_)) {
    autograd::bump_version(parameter_);
  } else {
    parameter_.copy_(work_);
  }
}

}  // namespace xgrad::optim::detail
