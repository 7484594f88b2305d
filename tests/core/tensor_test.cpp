// The tensor handle: views share, assignment writes through or rebinds, promotion is PyTorch's.
#include "xgrad/core/tensor.h"

#include <catch2/catch.hpp>
#include <sstream>

#include "support/matchers.h"
#include "xgrad/xgrad.h"

namespace xgrad::testing {

TEST_CASE("copies of a handle are the same tensor and clones are not", "[core]") {
  const Tensor x = zeros({2, 3});
  const Tensor same = x;
  same[0][1] = 5;
  CHECK(x[0][1].item<float>() == 5);
  const Tensor other = x.clone();
  other.fill_(7);
  CHECK(x[0][1].item<float>() == 5);
}

TEST_CASE("assignment to an rvalue writes through and to an lvalue rebinds", "[core]") {
  Tensor x = zeros({2, 2});
  x[0] = ones({2});
  CHECK_THAT(x, Near(tensor({{1., 1.}, {0., 0.}}), 0));
  x[1][0] += 10.;
  CHECK(x[1][0].item<double>() == 10);
  x.slice(0, 1, 2) = tensor({{3., 4.}});
  CHECK_THAT(x, Near(tensor({{1., 1.}, {3., 4.}}), 0));
  Tensor alias = x;
  alias = ones({1});
  CHECK(x.sizes() == IntArrayRef({2, 2}));
}

TEST_CASE("dtypes promote as in PyTorch", "[core]") {
  const ScalarType types[] = {kByte, kInt, kLong, kFloat, kDouble, kBool};
  // torch.promote_types of each pair, row by row.
  const char* expected[] = {"uint8 int32 int64 float32 float64 uint8",
                            "int32 int32 int64 float32 float64 int32",
                            "int64 int64 int64 float32 float64 int64",
                            "float32 float32 float32 float32 float64 float32",
                            "float64 float64 float64 float64 float64 float64",
                            "uint8 int32 int64 float32 float64 bool"};
  for (int i = 0; i < 6; ++i) {
    std::istringstream row(expected[i]);
    for (const ScalarType other : types) {
      std::string name;
      row >> name;
      CHECK(dtype_name(promote_types(types[i], other)) == name);
    }
  }
  // Numbers and 0-d tensors count only if their kind is higher.
  CHECK((ones({2}, kInt) + 1.5).scalar_type() == kFloat);
  CHECK((ones({2}, kFloat) + ones({}, kDouble)).scalar_type() == kFloat);
  CHECK((ones({2}, kByte) + 300).scalar_type() == kByte);
  CHECK((ones({2}, kBool) + 1).scalar_type() == kLong);
  CHECK((ones({}, kFloat) + ones({}, kDouble)).scalar_type() == kDouble);
  CHECK((ones({2}, kLong) / 2).scalar_type() == kFloat);
}

TEST_CASE("factories take libtorch's dtypes", "[core]") {
  CHECK(tensor(1.0).scalar_type() == kFloat);
  CHECK(tensor({1, 2}).scalar_type() == kLong);
  CHECK(tensor({true, false}).scalar_type() == kBool);
  CHECK(arange(3).scalar_type() == kLong);
  CHECK(arange(3.).scalar_type() == kFloat);
  CHECK(full({2}, 3).scalar_type() == kLong);
  CHECK(tensor({{1., 2.}, {3., 4.}}).sizes() == IntArrayRef({2, 2}));
  CHECK(tensor(std::vector<double>{1, 2, 3}, kFloat64).scalar_type() == kDouble);
  CHECK(linspace(0, 1, 5)[3].item<float>() == 0.75F);
  CHECK(zeros(4).sizes() == IntArrayRef({4}));
}

TEST_CASE("from_blob borrows and calls its deleter once", "[core]") {
  float values[] = {1, 2, 3, 4, 5, 6};
  int calls = 0;
  {
    Tensor x = from_blob(values, {2, 3}, [&](void*) { ++calls; });
    Tensor row = x[1];
    row += 10;
    CHECK(values[3] == 14);
    x.reset();
    CHECK(calls == 0);
  }
  CHECK(calls == 1);
}

TEST_CASE("errors of tensors name what was wrong", "[core]") {
  CHECK(error_of([] { Tensor().strides(); }) ==
        "Tensor: the tensor is undefined, expected one with elements");
  CHECK(error_of([] {
          zeros({2, 3}).item();
        }) == "item: expected a tensor of one element, got [2, 3]");
  CHECK(error_of([] { zeros({2}).data_ptr<double>(); }) ==
        "data_ptr: the tensor holds float32, expected float64");
  CHECK(error_of([] { zeros({2}).select(0, 2); }) ==
        "select: index 2 is out of range for dim 0 of size 2");
  CHECK(error_of([] { zeros({2, 3}).view({4}); }) == "view: shape [4] does not fit 6 elements");
  CHECK(error_of([] {
          zeros({2, 3}).t().view({6});
        }) ==
        "view: shape [6] cannot be seen in a tensor of shape [3, 2] with strides [1, 3] without a "
        "copy; use reshape");
  CHECK(error_of([] { zeros({2}) + zeros({3}); }) ==
        "add: shapes [2] and [3] do not broadcast: 2 and 3 at dim 0 from the right");
  CHECK(error_of([] { zeros({2}, kInt).add_(1.5); }) ==
        "add_: the result is float32, which cannot be stored in a tensor of int32");
  CHECK(error_of([] { zeros({2}, kHalf); }) ==
        "empty: dtype float16 is not supported, expected one of uint8, int32, int64, float32, "
        "float64, bool");
  CHECK(error_of([] { zeros({-1}); }) == "empty: size -1 at dim 0 is negative in [-1]");
  CHECK(error_of([] { zeros({2}, kCUDA); }) ==
        "empty: device cuda is not available, expected cpu (xgrad computes on the CPU)");
  CHECK(error_of([] { Device("gpu"); }) ==
        "Device: 'gpu' is not a device, expected cpu, cuda or mps, with an index as in cuda:0");
  CHECK(error_of([] { zeros({1}).expand({3}).add_(1); }) ==
        "add_: several elements of the tensor share one place in memory (dim 0 is expanded); "
        "clone() it before an in-place change");
  CHECK(error_of([] {
          zeros({2, 3}).sum(2);
        }).find("sum: dim 2 is out of range, expected -2 to 1") == 0);
}

TEST_CASE("results keep the memory order of their inputs", "[core]") {
  const Tensor x = zeros({2, 3, 4}).permute({2, 0, 1});
  CHECK((x + 1).strides() == x.strides());
  CHECK(x.exp().strides() == x.strides());
  CHECK((x + ones({3})).strides() == x.strides());
  CHECK((x.slice(0, 0, 4, 2) * 2).strides() == IntArrayRef({1, 6, 2}));
  CHECK(x.contiguous().strides() == IntArrayRef({6, 3, 1}));
}

}  // namespace xgrad::testing
