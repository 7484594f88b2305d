#include "xgrad/core/error.h"

namespace xgrad {

void fail(const std::string& message) { throw Error(message); }
void fail_index(const std::string& message) { throw IndexError(message); }

}  // namespace xgrad
