#include "xgrad/ops/window_planes.h"

#include <algorithm>
#include <vector>

#include "xgrad/core/parallel.h"
#include "xgrad/kernels/gemm.h"
#include "xgrad/ops/window_padded.h"

namespace xgrad {

using namespace window;

namespace {

constexpr std::int64_t kPieceWork = 1LL << 18;  // multiply-adds that are worth a thread

template <class T>
const kernels::GemmKernels<T>& kernels_of() {
  return kernels::kernels_of<T>(kernels::gemm_table());
}

// to[i] = start + sum over k of weights[k] from[i + offsets[k]], from a plane of `extent`.
template <class T>
void correlate(const T* from, const Three& extent, const Table& offsets, const T* weights, T start,
               const Three& size, T* to) {
  for (std::int64_t i = 0; i < size[0]; ++i) {
    kernels_of<T>().combine(size[1], size[2], static_cast<std::int64_t>(offsets.size()), weights,
                            offsets.data(), from + i * extent[1] * extent[2], extent[2], start,
                            to + i * size[1] * size[2], size[2]);
  }
}

std::int64_t grain_of(const ConvolutionShape& s, std::int64_t planes) {
  const std::int64_t work =
      planes * ConvolutionShape::volume(s.output) * ConvolutionShape::volume(s.kernel);
  return std::max<std::int64_t>(1, kPieceWork / std::max<std::int64_t>(1, work));
}

// Of the gradient, so that each element of the input is reached by the whole kernel.
Three padding_back(const ConvolutionShape& s) {
  Three padding;
  for (std::size_t d = 0; d < 3; ++d) padding[d] = s.dilation[d] * (s.kernel[d] - 1) - s.padding[d];
  return padding;
}

}  // namespace

bool by_planes(const ConvolutionShape& s) {
  constexpr std::int64_t kMostOutputs = 4, kLeastRow = 8;
  const Three back = padding_back(s);
  return s.in == 1 && s.out <= kMostOutputs && s.stride == Three{1, 1, 1} &&
         s.output[2] >= kLeastRow && std::min({back[0], back[1], back[2]}) >= 0;
}

// One plane is padded at a time: it then stays in the L1 cache while all of its kernel is done.
template <class T>
void planes_output(const ConvolutionShape& s, const T* x, const T* weight, const T* bias, T* y) {
  const Three extent = padded_extent(s.input, s.padding, s.padding);
  const Table offsets = grid(1, 0, s.kernel, s.dilation, extent);
  const std::int64_t elements = ConvolutionShape::volume(s.input),
                     pixels = ConvolutionShape::volume(s.output),
                     taps = ConvolutionShape::volume(s.kernel);
  parallel_for(
      0, s.batch * s.groups, grain_of(s, s.out), [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t plane = first; plane < last; ++plane) {
          const Padded<T> padded(x + plane * elements, 1, s.input, s.padding, s.padding);
          for (std::int64_t o = 0; o < s.out; ++o) {
            const std::int64_t channel = plane % s.groups * s.out + o;
            correlate(padded.data(), extent, offsets, weight + channel * taps,
                      bias ? bias[channel] : T(0), s.output, y + (plane * s.out + o) * pixels);
          }
        }
      });
}

// The planes of a group follow each other, as its kernels do: all are one sum.
template <class T>
void planes_input(const ConvolutionShape& s, const T* y, const T* weight, const T* bias, T* x) {
  const Three back = padding_back(s), extent = padded_extent(s.output, back, back);
  const Table offsets = grid(s.out, ConvolutionShape::volume(extent), s.kernel, s.dilation, extent);
  const std::int64_t elements = ConvolutionShape::volume(s.input),
                     pixels = ConvolutionShape::volume(s.output),
                     taps = ConvolutionShape::volume(s.kernel);
  std::vector<T> reversed(weight, weight + s.groups * s.out * taps);
  for (std::int64_t k = 0; k < s.groups * s.out; ++k)
    std::reverse(reversed.data() + k * taps, reversed.data() + (k + 1) * taps);
  parallel_for(0, s.batch * s.groups, grain_of(s, s.out),
               [&](std::int64_t first, std::int64_t last) {
                 for (std::int64_t plane = first; plane < last; ++plane) {
                   const std::int64_t group = plane % s.groups;
                   const Padded<T> padded(y + plane * s.out * pixels, s.out, s.output, back, back);
                   correlate(padded.data(), extent, offsets, reversed.data() + group * s.out * taps,
                             bias ? bias[group] : T(0), s.input, x + plane * elements);
                 }
               });
}

template <class T>
void planes_weight(const ConvolutionShape& s, const T* y, const T* x, T* weight) {
  const Three extent = padded_extent(s.input, s.padding, s.padding);
  const Table offsets = grid(1, 0, s.kernel, s.dilation, extent);
  const std::int64_t elements = ConvolutionShape::volume(s.input),
                     pixels = ConvolutionShape::volume(s.output),
                     taps = ConvolutionShape::volume(s.kernel);
  parallel_for(
      0, s.groups, grain_of(s, s.batch * s.out), [&](std::int64_t first, std::int64_t last) {
        std::fill(weight + first * s.out * taps, weight + last * s.out * taps, T(0));
        for (std::int64_t group = first; group < last; ++group) {
          for (std::int64_t n = 0; n < s.batch; ++n) {
            const std::int64_t plane = n * s.groups + group;
            const Padded<T> padded(x + plane * elements, 1, s.input, s.padding, s.padding);
            for (std::int64_t o = 0; o < s.out; ++o) {
              const T* gradient = y + (plane * s.out + o) * pixels;
              for (std::int64_t i = 0; i < s.output[0]; ++i) {
                kernels_of<T>().add_dots(s.output[1], s.output[2], taps, offsets.data(),
                                         padded.data() + i * extent[1] * extent[2], extent[2],
                                         gradient + i * s.output[1] * s.output[2], s.output[2],
                                         weight + (group * s.out + o) * taps);
              }
            }
          }
        }
      });
}

template void planes_output(const ConvolutionShape&, const float*, const float*, const float*,
                            float*);
template void planes_output(const ConvolutionShape&, const double*, const double*, const double*,
                            double*);
template void planes_input(const ConvolutionShape&, const float*, const float*, const float*,
                           float*);
template void planes_input(const ConvolutionShape&, const double*, const double*, const double*,
                           double*);
template void planes_weight(const ConvolutionShape&, const float*, const float*, float*);
template void planes_weight(const ConvolutionShape&, const double*, const double*, double*);

}  // namespace xgrad
