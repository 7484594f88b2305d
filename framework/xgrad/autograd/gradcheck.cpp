#include "xgrad/autograd/gradcheck.h"

#include <cmath>

#include "xgrad/autograd/engine.h"
#include "xgrad/autograd/grad_mode.h"
#include "xgrad/core/format.h"

namespace xgrad::autograd {
namespace {

// Element i (row-major) of a float64 tensor of any strides.
double& element(const Tensor& x, std::int64_t i) {
  std::int64_t place = 0;
  for (std::size_t d = x.sizes().size(); d-- > 0;) {
    place += i % x.sizes()[d] * x.strides()[d];
    i /= x.sizes()[d];
  }
  return static_cast<double*>(x.data_ptr())[place];
}

std::vector<double> values_of(const Tensor& x) {
  std::vector<double> values(static_cast<std::size_t>(x.numel()));
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = element(x, static_cast<std::int64_t>(i));
  return values;
}

variable_list differentiable_outputs(const CheckedFunction& f, const variable_list& inputs) {
  variable_list outputs;
  for (Tensor& output : f(inputs)) {
    if (output.defined() && output.scalar_type() == kDouble) outputs.push_back(std::move(output));
  }
  return outputs;
}

void compare(const CheckedFunction& f, const variable_list& inputs,
             const GradcheckOptions& options) {
  const variable_list outputs = differentiable_outputs(f, inputs);
  for (std::size_t j = 0; j < inputs.size(); ++j) {
    if (!inputs[j].defined() || !inputs[j].requires_grad()) continue;
    check(inputs[j].scalar_type() == kDouble, "gradcheck: input {} is {}, expected float64", j,
          dtype_name(inputs[j].scalar_type()));
  }
  for (std::size_t o = 0; o < outputs.size(); ++o) {
    if (!outputs[o].requires_grad()) continue;
    // Analytic: one row of the Jacobian for each element of the output.
    std::vector<variable_list> rows;
    variable_list wanted;
    for (const Tensor& input : inputs) {
      if (input.defined() && input.requires_grad()) wanted.push_back(input);
    }
    for (std::int64_t e = 0; e < outputs[o].numel(); ++e) {
      const Tensor one = make_tensor(outputs[o].sizes(), kDouble).zero_();
      element(one, e) = 1;
      rows.push_back(grad({outputs[o]}, wanted, {one}, true, false, true));
    }
    // Numeric: one column for each element of an input.
    for (std::size_t w = 0; w < wanted.size(); ++w) {
      const Tensor input = wanted[w].detach();
      for (std::int64_t i = 0; i < input.numel(); ++i) {
        const double x = element(input, i);
        const auto output_at = [&](double value) {
          element(input, i) = value;
          return values_of(differentiable_outputs(f, inputs)[o]);
        };
        const std::vector<double> above = output_at(x + options.eps),
                                  below = output_at(x - options.eps);
        element(input, i) = x;
        for (std::size_t e = 0; e < above.size(); ++e) {
          const double numeric = (above[e] - below[e]) / (2 * options.eps);
          const Tensor& row = rows[e][w];
          const double analytic = row.defined() ? element(row, i) : 0;
          check(std::fabs(analytic - numeric) <= options.atol + options.rtol * std::fabs(numeric),
                "gradcheck: the derivative of output {} [{}] with respect to input {} [{}] is {}, "
                "expected {}",
                o, e, w, i, analytic, numeric);
        }
      }
    }
  }
}

}  // namespace

bool gradcheck(const CheckedFunction& f, const variable_list& inputs,
               const GradcheckOptions& options) {
  try {
    compare(f, inputs, options);
  } catch (const Error&) {
    if (options.raise_exception) throw;
    return false;
  }
  return true;
}

bool gradgradcheck(const CheckedFunction& f, const variable_list& inputs,
                   const variable_list& grad_outputs, const GradcheckOptions& options) {
  variable_list all = inputs;
  std::vector<bool> takes_part;
  for (const Tensor& output : differentiable_outputs(f, inputs))
    takes_part.push_back(output.requires_grad());
  if (grad_outputs.empty()) {
    Generator generator(0);
    for (const Tensor& output : differentiable_outputs(f, inputs)) {
      if (!output.requires_grad()) continue;
      const Tensor dy = make_tensor(output.sizes(), kDouble);
      for (std::int64_t i = 0; i < dy.numel(); ++i) element(dy, i) = generator.normal(0, 1);
      all.push_back(dy.requires_grad_());
    }
  } else {
    all.insert(all.end(), grad_outputs.begin(), grad_outputs.end());
  }
  const std::size_t count = inputs.size();
  const auto first_derivatives = [&, count](const variable_list& x) {
    const AutoGradMode grad_mode(true);
    const variable_list given(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(count));
    variable_list outputs, wanted;
    for (Tensor& output : differentiable_outputs(f, given)) {
      if (output.requires_grad()) outputs.push_back(std::move(output));
    }
    for (const Tensor& input : given) {
      if (input.defined() && input.requires_grad()) wanted.push_back(input);
    }
    if (outputs.empty() || wanted.empty()) return variable_list();
    return grad(outputs, wanted,
                variable_list(x.begin() + static_cast<std::ptrdiff_t>(count), x.end()), true, true,
                true);
  };
  return gradcheck(first_derivatives, all, options);
}

}  // namespace xgrad::autograd
