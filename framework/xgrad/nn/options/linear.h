// Options of Linear, Bilinear, Flatten and Unflatten.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "xgrad/core/arg.h"

namespace xgrad::nn {

struct LinearOptions {
  LinearOptions(std::int64_t in_features, std::int64_t out_features)
      : in_features_(in_features), out_features_(out_features) {}
  XGRAD_ARG(std::int64_t, in_features);
  XGRAD_ARG(std::int64_t, out_features);
  XGRAD_ARG(bool, bias) = true;
};

struct BilinearOptions {
  BilinearOptions(std::int64_t in1_features, std::int64_t in2_features, std::int64_t out_features)
      : in1_features_(in1_features), in2_features_(in2_features), out_features_(out_features) {}
  XGRAD_ARG(std::int64_t, in1_features);
  XGRAD_ARG(std::int64_t, in2_features);
  XGRAD_ARG(std::int64_t, out_features);
  XGRAD_ARG(bool, bias) = true;
};

struct FlattenOptions {
  XGRAD_ARG(std::int64_t, start_dim) = 1;
  XGRAD_ARG(std::int64_t, end_dim) = -1;
};

struct UnflattenOptions {
  // (name, size) of each new dim: the sizes count, the names are printed.
  using namedshape_t = std::vector<std::pair<std::string, std::int64_t>>;

  UnflattenOptions(std::int64_t dim, std::vector<std::int64_t> sizes)
      : dim_(dim), sizes_(std::move(sizes)) {}
  UnflattenOptions(std::string dimname, namedshape_t namedshape)
      : dim_(0), dimname_(std::move(dimname)), namedshape_(std::move(namedshape)) {}
  UnflattenOptions(const char* dimname, namedshape_t namedshape)
      : UnflattenOptions(std::string(dimname), std::move(namedshape)) {}
  XGRAD_ARG(std::int64_t, dim);
  XGRAD_ARG(std::string, dimname);
  XGRAD_ARG(std::vector<std::int64_t>, sizes);
  XGRAD_ARG(namedshape_t, namedshape);
};

}  // namespace xgrad::nn
