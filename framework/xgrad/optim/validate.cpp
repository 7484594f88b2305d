#include "xgrad/optim/validate.h"

#include "xgrad/core/format.h"

namespace xgrad::optim::detail {

void check_not_negative(const char* optimizer, const char* option, double value) {
  check(value >= 0, "{}: {} is {}, expected at least 0", optimizer, option, value);
}

void check_decay(const char* optimizer, const char* option, double value) {
  check(value >= 0 && value < 1, "{}: {} is {}, expected at least 0 and less than 1", optimizer,
        option, value);
}

void check_betas(const char* optimizer, const std::tuple<double, double>& betas) {
  check_decay(optimizer, "beta 0", std::get<0>(betas));
  check_decay(optimizer, "beta 1", std::get<1>(betas));
}

}  // namespace xgrad::optim::detail
