// torch::nn::parallel: several devices do not exist, so a batch is computed whole.
//
//   auto y = torch::nn::parallel::data_parallel(net, x);
#pragma once

#include <vector>

#include "torch/namespaces.h"

namespace xgrad::nn::parallel {

// module(input). Errors: a device other than the CPU.
template <class M>
Tensor data_parallel(M module, Tensor input, optional<std::vector<Device>> devices = nullopt,
                     optional<Device> output_device = nullopt, std::int64_t = 0) {
  const auto check_device = [](const Device& device) {
    if (!device.is_cpu()) fail("data_parallel: device " + device.str() + ", expected cpu");
  };
  if (devices) {
    for (const Device& device : *devices) check_device(device);
  }
  if (output_device) check_device(*output_device);
  return module->forward(std::move(input));
}

}  // namespace xgrad::nn::parallel
