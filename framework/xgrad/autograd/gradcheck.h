// gradcheck: a function's derivatives held against finite differences.
//
//   auto f = [](const variable_list& x) { return variable_list{x[0].sin() * x[1]}; };
//   xgrad::autograd::gradcheck(f, {a, b});        // first derivatives, float64 inputs
//   xgrad::autograd::gradgradcheck(f, {a, b});    // second
//
// Source: https://pytorch.org/docs/stable/generated/torch.autograd.gradcheck.gradcheck.html.
#pragma once

#include "xgrad/autograd/node.h"

namespace xgrad::autograd {

using CheckedFunction = std::function<variable_list(const variable_list&)>;

struct GradcheckOptions {
  double eps = 1e-6;   // the step of the central difference
  double atol = 1e-5;  // |analytic - numeric| <= atol + rtol * |numeric|
  double rtol = 1e-3;
  bool raise_exception = true;  // false: return false instead of throwing
};

// Every derivative d output[j] / d input[i] for the float64 inputs that require grad. Errors: the
// first derivative that differs, by output, element, input and element, with both values.
bool gradcheck(const CheckedFunction& f, const variable_list& inputs,
               const GradcheckOptions& options = {});
// The same for the gradients of f, as a function of its inputs and of the outputs' gradients
// (random when not given).
bool gradgradcheck(const CheckedFunction& f, const variable_list& inputs,
                   const variable_list& grad_outputs = {}, const GradcheckOptions& options = {});

}  // namespace xgrad::autograd
