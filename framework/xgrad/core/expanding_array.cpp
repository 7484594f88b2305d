#include "xgrad/core/expanding_array.h"

#include "xgrad/core/format.h"

namespace xgrad {

void check_expanding_array(std::size_t expected, std::size_t given) {
  check(given == expected, "expanding array: {} values were given, expected {} or a single one",
        given, expected);
}

}  // namespace xgrad
