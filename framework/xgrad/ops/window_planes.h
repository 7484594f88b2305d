// The products of window_products.h where a group has one channel (depthwise convolution): plane by
// plane, one element of the kernel after the other. Private to window_products.cpp.
#pragma once

#include "xgrad/ops/window_products.h"

namespace xgrad {

// Whether a shape is done this way: rows that are worth it, read without gaps.
bool by_planes(const ConvolutionShape& shape);

// As window_output(), window_input() and window_weight().
template <class T>
void planes_output(const ConvolutionShape& shape, const T* x, const T* weight, const T* bias, T* y);
template <class T>
void planes_input(const ConvolutionShape& shape, const T* y, const T* weight, const T* bias, T* x);
template <class T>
void planes_weight(const ConvolutionShape& shape, const T* y, const T* x, T* weight);

}  // namespace xgrad
