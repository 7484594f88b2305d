#include "support/golden.h"

#include <fstream>
#include <limits>

#include "xgrad/core/error.h"
#include "xgrad/io/document.h"

namespace xgrad::testing {

nlohmann::json read_golden(const std::string& name) {
  std::ifstream file(std::string(XGRAD_GOLDEN_DIR) + "/" + name);
  if (!file) throw Error("golden file " + name + " is missing");
  return nlohmann::json::parse(file);
}

Tensor golden_tensor(const nlohmann::json& entry) {
  const std::vector<std::int64_t> shape = entry.at("shape");
  const Tensor tensor =
      make_tensor(IntArrayRef(shape), io::dtype_of_name(entry.at("dtype").get<std::string>()));
  const nlohmann::json& data = entry.at("data");
  dispatch(tensor.scalar_type(), [&](auto zero) {
    using T = decltype(zero);
    auto* out = static_cast<T*>(tensor.data_ptr());
    for (const nlohmann::json& value : data) {
      if constexpr (std::is_floating_point_v<T>) {
        if (value.is_string()) {
          const std::string text = value;
          const T infinity = std::numeric_limits<T>::infinity();
          *out++ = text == "NaN"    ? std::numeric_limits<T>::quiet_NaN()
                   : text[0] == '-' ? -infinity
                                    : infinity;
          continue;
        }
      }
      *out++ = value.get<T>();
    }
  });
  return tensor;
}

}  // namespace xgrad::testing
