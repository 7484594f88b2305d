// What an op that writes at indexed places may share memory with. Which calls are refused is what
// PyTorch 1.13 does with the same ones.
#include <catch2/catch.hpp>
#include <functional>

#include "support/matchers.h"
#include "xgrad/xgrad.h"

namespace xgrad::testing {
namespace {

// The first half of a vector, and what may be put into it.
struct Halves {
  Tensor all = arange(12, kFloat64), x = all.slice(0, 0, 6), same = all.slice(0, 0, 6),
         part = all.slice(0, 3, 9), apart = all.slice(0, 6, 12);
  Tensor places = arange(6), self_index = arange(6);
};

}  // namespace

TEST_CASE("an op that writes at places refuses a source or index of the same memory",
          "[ops][overlap]") {
  using Write = std::function<void(const Halves&, const Tensor&)>;
  const std::vector<Write> writes = {
      [](const Halves& h, const Tensor& source) { h.x.scatter_(0, h.places, source); },
      [](const Halves& h, const Tensor& source) { h.x.scatter_(0, h.places, source, "add"); },
      [](const Halves& h, const Tensor& source) { h.x.scatter_add_(0, h.places, source); },
      [](const Halves& h, const Tensor& source) {
        h.x.scatter_reduce_(0, h.places, source, "amax");
      },
      [](const Halves& h, const Tensor& source) { h.x.index_add_(0, h.places, source); },
      [](const Halves& h, const Tensor& source) { h.x.index_copy_(0, h.places, source); },
      [](const Halves& h, const Tensor& source) { h.x.index_reduce_(0, h.places, source, "prod"); },
      [](const Halves& h, const Tensor& source) { h.x.put_(h.places, source); },
      [](const Halves& h, const Tensor& source) { h.x.index_put_({h.places}, source); },
      [](const Halves& h, const Tensor& source) { h.x.index_put_({h.places}, source, true); },
  };
  for (const Write& write : writes) {
    const Halves h;
    CHECK_THROWS_AS(write(h, h.x), Error);
    CHECK_THROWS_AS(write(h, h.same), Error);
    CHECK_THROWS_AS(write(h, h.part), Error);
    CHECK_THAT(h.all, Near(arange(12, kFloat64), 0));  // nothing was written
    CHECK_NOTHROW(write(h, h.apart));
    CHECK_NOTHROW(write(h, h.all.as_strided({6}, {2}, 0)));  // with holes: not looked for
  }
  const Halves h;
  const Tensor i = h.self_index;
  CHECK_THROWS_AS(i.scatter_(0, i, 7), Error);
  CHECK_THROWS_AS(i.scatter_add_(0, i, h.places), Error);
  CHECK_THROWS_AS(i.index_add_(0, i, h.places), Error);
  CHECK_THROWS_AS(i.index_copy_(0, i, h.places), Error);
  CHECK_THROWS_AS(i.index_fill_(0, i, 9), Error);
  CHECK_THROWS_AS(i.put_(i, h.places), Error);
  CHECK_THROWS_AS(i.index_put_({i}, h.places), Error);
  CHECK(error_of([&] { h.x.index_add_(0, h.places, h.part); }) ==
        "index_add_: an input of shape [6] shares memory with the tensor of shape [6] that the "
        "result goes into; clone() the input first");
}

TEST_CASE("a mask may be the tensor that it fills, not a part of it", "[ops][overlap]") {
  const Tensor all = ones({12}, kBool), x = all.slice(0, 0, 6);
  CHECK_THROWS_AS(x.masked_fill_(all.slice(0, 2, 8), false), Error);
  x.masked_fill_(x, false);
  CHECK(all.sum().item<int>() == 6);
  const Tensor y = arange(4);
  y.index_put_({y > 1}, y[0]);  // one value is read first
  CHECK_THAT(y, Near(tensor({0, 1, 0, 0}), 0));
}

TEST_CASE("scatter refuses a source that is undefined", "[ops][overlap]") {
  const Tensor x = zeros({3}), i = tensor({0, 1});
  CHECK(error_of([&] { x.scatter(0, i, Tensor()); }) ==
        "scatter: the source is undefined, expected a tensor");
  CHECK_THROWS_AS(x.scatter(0, i, Tensor(), "add"), Error);
  CHECK_THROWS_AS(x.scatter_(0, i, Tensor()), Error);
  CHECK_THROWS_AS(x.scatter_add(0, i, Tensor()), Error);
  CHECK_THROWS_AS(x.scatter_add_(0, i, Tensor()), Error);
  CHECK_THROWS_AS(x.scatter_reduce(0, i, Tensor(), "sum"), Error);
}

}  // namespace xgrad::testing
