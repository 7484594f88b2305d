// The checks of hyper-parameters. Errors read "Adam: lr is -1, expected at least 0".
#pragma once

#include <tuple>

namespace xgrad::optim::detail {

// Not a number is refused, too.
void check_not_negative(const char* optimizer, const char* option, double value);
// In [0, 1).
void check_decay(const char* optimizer, const char* option, double value);
void check_betas(const char* optimizer, const std::tuple<double, double>& betas);

}  // namespace xgrad::optim::detail
