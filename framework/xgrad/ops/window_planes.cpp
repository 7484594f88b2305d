#include "xgrad/ops/window_planes.h"

#include <algorithm>
#include <vector>

#include "xgrad/core/parallel.h"
#include "xgrad/kernels/gemm.h"

namespace xgrad {
namespace {

constexpr std::int64_t kPieceWork = 1LL << 18;  // multiply-adds that are worth a thread

template <class T>
const kernels::GemmKernels<T>& kernels_of() {
  return kernels::kernels_of<T>(kernels::gemm_table());
}

using Three = ConvolutionShape::Three;

std::size_t as_size(std::int64_t n) { return static_cast<std::size_t>(n); }

// The offsets of the elements of a kernel in a plane of `extent`.
std::vector<std::int64_t> taps_in(const Three& kernel, const Three& dilation, const Three& extent) {
  std::vector<std::int64_t> offsets;
  for (std::int64_t i = 0; i < kernel[0]; ++i) {
    for (std::int64_t j = 0; j < kernel[1]; ++j) {
      for (std::int64_t k = 0; k < kernel[2]; ++k)
        offsets.push_back((i * dilation[0] * extent[1] + j * dilation[1]) * extent[2] +
                          k * dilation[2]);
    }
  }
  return offsets;
}

// Planes with zeros around them.
template <class T>
class PaddedPlanes {
 public:
  PaddedPlanes(std::int64_t count, const Three& size, const Three& padding)
      : size_(size), padding_(padding) {
    for (std::size_t d = 0; d < 3; ++d) extent[d] = size[d] + 2 * padding[d];
    plane = ConvolutionShape::volume(extent);
    values_.assign(as_size(count * plane), T(0));
  }
  void fill(std::int64_t index, const T* from) {
    for (std::int64_t i = 0; i < size_[0]; ++i) {
      for (std::int64_t j = 0; j < size_[1]; ++j, from += size_[2]) {
        std::copy_n(from, size_[2],
                    values_.data() + index * plane +
                        ((i + padding_[0]) * extent[1] + j + padding_[1]) * extent[2] +
                        padding_[2]);
      }
    }
  }
  const T* data() const { return values_.data(); }

  Three extent;
  std::int64_t plane;

 private:
  Three size_, padding_;
  std::vector<T> values_;
};

// to[i] = start + sum over k of weights[k] planes[i + k dilation], summed over `count` planes.
template <class T>
void correlate(const PaddedPlanes<T>& planes, std::int64_t count, const ConvolutionShape& s,
               const T* weights, T start, const Three& size, T* to) {
  std::vector<std::int64_t> offsets;
  for (std::int64_t p = 0; p < count; ++p) {
    for (const std::int64_t tap : taps_in(s.kernel, s.dilation, planes.extent))
      offsets.push_back(p * planes.plane + tap);
  }
  for (std::int64_t i = 0; i < size[0]; ++i) {
    kernels_of<T>().combine(size[1], size[2], static_cast<std::int64_t>(offsets.size()), weights,
                            offsets.data(), planes.data() + i * planes.extent[1] * planes.extent[2],
                            planes.extent[2], start, to + i * size[1] * size[2], size[2]);
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

template <class T>
void planes_output(const ConvolutionShape& s, const T* x, const T* weight, const T* bias, T* y) {
  const std::int64_t pixels = ConvolutionShape::volume(s.output),
                     taps = ConvolutionShape::volume(s.kernel);
  parallel_for(0, s.batch * s.groups, grain_of(s, s.out),
               [&](std::int64_t first, std::int64_t last) {
                 PaddedPlanes<T> padded(1, s.input, s.padding);
                 for (std::int64_t plane = first; plane < last; ++plane) {
                   padded.fill(0, x + plane * ConvolutionShape::volume(s.input));
                   for (std::int64_t o = 0; o < s.out; ++o) {
                     const std::int64_t channel = plane % s.groups * s.out + o;
                     correlate(padded, 1, s, weight + channel * taps, bias ? bias[channel] : T(0),
                               s.output, y + (plane * s.out + o) * pixels);
                   }
                 }
               });
}

template <class T>
void planes_input(const ConvolutionShape& s, const T* y, const T* weight, const T* bias, T* x) {
  const std::int64_t pixels = ConvolutionShape::volume(s.output),
                     elements = ConvolutionShape::volume(s.input),
                     taps = ConvolutionShape::volume(s.kernel);
  parallel_for(0, s.batch * s.groups, grain_of(s, s.out),
               [&](std::int64_t first, std::int64_t last) {
                 PaddedPlanes<T> padded(s.out, s.output, padding_back(s));
                 std::vector<T> reversed(as_size(s.out * taps));
                 for (std::int64_t plane = first; plane < last; ++plane) {
                   const std::int64_t group = plane % s.groups;
                   for (std::int64_t o = 0; o < s.out; ++o) {
                     padded.fill(o, y + (plane * s.out + o) * pixels);
                     const T* kernel = weight + (group * s.out + o) * taps;
                     std::reverse_copy(kernel, kernel + taps, reversed.data() + o * taps);
                   }
                   correlate(padded, s.out, s, reversed.data(), bias ? bias[group] : T(0), s.input,
                             x + plane * elements);
                 }
               });
}

template <class T>
void planes_weight(const ConvolutionShape& s, const T* y, const T* x, T* weight) {
  const std::int64_t pixels = ConvolutionShape::volume(s.output),
                     elements = ConvolutionShape::volume(s.input),
                     taps = ConvolutionShape::volume(s.kernel);
  parallel_for(
      0, s.groups, grain_of(s, s.batch * s.out), [&](std::int64_t first, std::int64_t last) {
        PaddedPlanes<T> padded(1, s.input, s.padding);
        const auto offsets = taps_in(s.kernel, s.dilation, padded.extent);
        std::fill(weight + first * s.out * taps, weight + last * s.out * taps, T(0));
        for (std::int64_t group = first; group < last; ++group) {
          for (std::int64_t n = 0; n < s.batch; ++n) {
            const std::int64_t plane = n * s.groups + group;
            padded.fill(0, x + plane * elements);
            for (std::int64_t o = 0; o < s.out; ++o) {
              const T* gradient = y + (plane * s.out + o) * pixels;
              for (std::int64_t i = 0; i < s.output[0]; ++i) {
                kernels_of<T>().add_dots(s.output[1], s.output[2], taps, offsets.data(),
                                         padded.data() + i * padded.extent[1] * padded.extent[2],
                                         padded.extent[2], gradient + i * s.output[1] * s.output[2],
                                         s.output[2], weight + (group * s.out + o) * taps);
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
