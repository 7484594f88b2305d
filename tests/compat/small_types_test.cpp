// The small types of c10: what their members answer. Expected values are libtorch 1.13's.
#include <catch2/catch.hpp>

#include "torch/torch.h"

TEST_CASE("TensorOptions tell what was said, and one is merged into another") {
  const auto options = torch::dtype(torch::kInt).requires_grad(false);
  REQUIRE(options.requires_grad_opt() == c10::optional<bool>(false));
  REQUIRE(!torch::TensorOptions().requires_grad_opt());
  REQUIRE(!options.has_layout());
  REQUIRE(!options.has_pinned_memory());
  const auto merged = options.merge_in(torch::dtype(torch::kDouble).device(torch::kCPU));
  REQUIRE(merged.dtype() == torch::kDouble);
  REQUIRE(merged.has_device());
  REQUIRE(merged.has_requires_grad());
  REQUIRE(options.merge_in(torch::TensorOptions()).dtype() == torch::kInt);
  REQUIRE(options.type_equal(torch::dtype(torch::kInt)));
  REQUIRE(torch::memory_format(torch::MemoryFormat::ChannelsLast).has_memory_format());
  REQUIRE(options.layout(c10::nullopt).pinned_memory(c10::nullopt).dtype() == torch::kInt);
  REQUIRE(c10::dtype_or_default(c10::nullopt) == torch::kFloat);
  REQUIRE(c10::device_or_default(c10::nullopt).is_cpu());
}

TEST_CASE("scalars convert to the narrow integers, and refuse what does not fit") {
  REQUIRE(torch::Scalar(7).toChar() == 7);
  REQUIRE(torch::Scalar(-7).toShort() == -7);
  REQUIRE_THROWS_AS(torch::Scalar(300).toByte(), c10::Error);
  REQUIRE(torch::Scalar(1.0).log().toDouble() == 0);
  REQUIRE(torch::Scalar(1).isIntegral());
  REQUIRE(!torch::Scalar(true).isIntegral());
}

TEST_CASE("dtypes say what they are and where they may be stored") {
  REQUIRE(c10::canCast(torch::kLong, torch::kInt));
  REQUIRE(!c10::canCast(torch::kFloat, torch::kLong));
  REQUIRE(!c10::canCast(torch::kLong, torch::kBool));
  REQUIRE(c10::isIntegralType(torch::kByte));
  REQUIRE(!c10::isIntegralType(torch::kBool));
  REQUIRE(!c10::isSignedType(torch::kByte));
  REQUIRE(!c10::isComplexType(torch::kDouble));
  REQUIRE(c10::optTypeMetaToScalarType(torch::dtype(torch::kInt).dtype()) == torch::kInt);
}

TEST_CASE("lists are walked from either end and may be absent") {
  const std::vector<std::int64_t> values = {1, 2, 3};
  const torch::IntArrayRef list = values;
  REQUIRE(std::vector<std::int64_t>(list.cbegin(), list.cend()) == values);
  torch::IntArrayRef::reverse_iterator last = list.rbegin();
  REQUIRE(*last == 3);
  torch::OptionalIntArrayRef some = list;
  REQUIRE(some.value_or(torch::IntArrayRef()).size() == 3);
  some.reset();
  REQUIRE(!some.has_value());
}

TEST_CASE("a storage says where its bytes are and who shares them") {
  const torch::Tensor x = torch::arange(4.0);
  REQUIRE(x.storage().data_ptr().get() == x.data_ptr());
  REQUIRE(x.storage().data<float>()[3] == 3);
  REQUIRE(x.storage().data_ptr().device() == torch::kCPU);
  REQUIRE(x.storage().device_type() == torch::kCPU);
  const torch::Tensor view = x.view({2, 2});
  REQUIRE(x.storage().use_count() == 2);
  REQUIRE(!x.storage().unique());
  REQUIRE(torch::ones(2).storage().unique());
  const torch::Storage held = x.storage();
  REQUIRE(held.use_count() == 3);
}

TEST_CASE("a generator has a device, and a guard knows the mode before it") {
  REQUIRE(torch::make_generator<at::CPUGeneratorImpl>().device() == torch::kCPU);
  REQUIRE(at::detail::getDefaultCPUGenerator().defined());
  const torch::NoGradGuard guard;
  REQUIRE(guard.prev_mode);
  REQUIRE(!torch::Device(torch::kCPU).is_xpu());
}
