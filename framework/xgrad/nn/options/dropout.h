// Options of the dropout layers and functions.
#pragma once

#include "xgrad/core/arg.h"

namespace xgrad::nn {

struct DropoutOptions {
  DropoutOptions(double p = 0.5) : p_(p) {}
  XGRAD_ARG(double, p);
  XGRAD_ARG(bool, inplace) = false;
};
using Dropout2dOptions = DropoutOptions;
using Dropout3dOptions = DropoutOptions;
using AlphaDropoutOptions = DropoutOptions;
using FeatureAlphaDropoutOptions = DropoutOptions;

namespace functional {

struct DropoutFuncOptions {
  XGRAD_ARG(double, p) = 0.5;
  XGRAD_ARG(bool, training) = true;
  XGRAD_ARG(bool, inplace) = false;
};
using Dropout2dFuncOptions = DropoutFuncOptions;
using Dropout3dFuncOptions = DropoutFuncOptions;

struct AlphaDropoutFuncOptions {
  XGRAD_ARG(double, p) = 0.5;
  XGRAD_ARG(bool, training) = false;
  XGRAD_ARG(bool, inplace) = false;
};
struct FeatureAlphaDropoutFuncOptions {
  XGRAD_ARG(double, p) = 0.5;
  XGRAD_ARG(bool, training) = false;
  XGRAD_ARG(bool, inplace) = false;
};

}  // namespace functional
}  // namespace xgrad::nn
