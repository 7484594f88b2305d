#include "xgrad/ops/window_products.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <vector>

#include "xgrad/core/allocator.h"
#include "xgrad/core/parallel.h"
#include "xgrad/kernels/convolution.h"
#include "xgrad/ops/window_padded.h"
#include "xgrad/ops/window_planes.h"

namespace xgrad {

using namespace window;

namespace {

constexpr std::int64_t kRowBlock = 192;         // 24 kB of sums
constexpr std::int64_t kDepthBlock = 512;       // 64 kB of weights
constexpr std::int64_t kPieceWork = 1LL << 20;  // multiply-adds that are worth a thread

template <class T>
const kernels::ConvolutionKernels<T>& kernels_of() {
  if constexpr (std::is_same_v<T, float>) {
    return kernels::convolution_table().f32;
  } else {
    return kernels::convolution_table().f64;
  }
}

Table multiples(std::int64_t n, std::int64_t step) {
  Table table(as_size(n));
  for (std::int64_t i = 0; i < n; ++i) table[as_size(i)] = i * step;
  return table;
}

// Matrices [depth, columns], one a group, in panels of two registers: [group][panel][depth][2
// lanes].
template <class T>
class Panels {
 public:
  Panels(std::int64_t groups, std::int64_t depth, std::int64_t columns)
      : width(2 * kernels_of<T>().lanes),
        depth_(depth),
        columns_(columns),
        count((columns + width - 1) / width),
        buffer_(as_size(groups * count * width * depth)) {
    std::memset(static_cast<void*>(buffer_.data()), 0,
                as_size(groups * count * width * depth) * sizeof(T));
  }
  T* at(std::int64_t group, std::int64_t panel) {
    return buffer_.data() + (group * count + panel) * width * depth_;
  }
  std::int64_t columns(std::int64_t panel) const {
    return std::min(width, columns_ - panel * width);
  }
  int vectors(std::int64_t panel) const { return columns(panel) * 2 > width ? 2 : 1; }

  const std::int64_t width;

 private:
  std::int64_t depth_, columns_;

 public:
  const std::int64_t count;

 private:
  memory::Buffer<T> buffer_;
};

// Output pixels whose windows have the same elements.
struct PixelClass {
  Table rows;     // where each window begins
  Table targets;  // which pixel it is
  Table a_depth, b_depth;
};

// Windows of `a` times panels, to the pixels of `y`.
template <class T>
void run(const std::vector<PixelClass>& classes, std::int64_t batch, std::int64_t groups,
         const T* a, std::int64_t a_group, Panels<T>& panels, std::int64_t columns,
         std::int64_t pixels, const T* bias, T* y) {
  const auto& kernel = kernels_of<T>();
  std::int64_t work = 1;
  for (const PixelClass& c : classes)
    work += static_cast<std::int64_t>(c.rows.size() * c.a_depth.size()) * columns;
  parallel_for(
      0, batch * groups, std::max<std::int64_t>(1, kPieceWork / work),
      [&](std::int64_t first, std::int64_t last) {
        memory::Buffer<T> sums(as_size(kRowBlock * panels.width));
        for (std::int64_t image = first; image < last; ++image) {
          const std::int64_t group = image % groups;
          for (std::int64_t panel = 0; panel < panels.count; ++panel) {
            T* out = y + (image * columns + panel * panels.width) * pixels;
            const T* shift = bias ? bias + group * columns + panel * panels.width : nullptr;
            for (const PixelClass& c : classes) {
              const auto rows = static_cast<std::int64_t>(c.rows.size()),
                         depth = static_cast<std::int64_t>(c.a_depth.size());
              for (std::int64_t i = 0; i < rows; i += kRowBlock) {
                const std::int64_t tall = std::min(kRowBlock, rows - i);
                std::int64_t p = 0;
                do {
                  kernel.product({tall, std::min(kDepthBlock, depth - p), a + image * a_group,
                                  c.rows.data() + i, c.a_depth.data() + p, panels.at(group, panel),
                                  c.b_depth.data() + p, sums.data(), panels.width,
                                  panels.vectors(panel), p > 0});
                  p += kDepthBlock;
                } while (p < depth);
                // Neighbours in the image are written together.
                const std::int64_t* targets = c.targets.data() + i;
                for (std::int64_t r = 0, end; r < tall; r = end) {
                  for (end = r + 1; end < tall && targets[end] == targets[end - 1] + 1;) ++end;
                  kernel.transpose(end - r, panels.columns(panel), sums.data() + r * panels.width,
                                   panels.width, out + targets[r], pixels, shift);
                }
              }
            }
          }
        }
      });
}

template <class T>
void output_of(const ConvolutionShape& s, const T* x, const T* weight, const T* bias, T* y) {
  if (by_planes(s)) return planes_output(s, x, weight, bias, y);
  const auto& kernel = kernels_of<T>();
  const Padded<T> a(x, s.batch * s.groups * s.in, s.input, s.padding, s.padding);
  const std::int64_t window = s.window(), pixels = ConvolutionShape::volume(s.output);
  Panels<T> panels(s.groups, window, s.out);
  for (std::int64_t g = 0; g < s.groups; ++g) {
    for (std::int64_t j = 0; j < panels.count; ++j)
      kernel.transpose(panels.columns(j), window, weight + (g * s.out + j * panels.width) * window,
                       window, panels.at(g, j), panels.width, nullptr);
  }
  const std::vector<PixelClass> all = {
      {grid(1, 0, s.output, s.stride, a.extent()), multiples(pixels, 1),
       grid(s.in, a.plane(), s.kernel, s.dilation, a.extent()), multiples(window, panels.width)}};
  run<T>(all, s.batch, s.groups, a.data(), s.in * a.plane(), panels, s.out, pixels, bias, y);
}

// Along one dim: which kernel elements k reach input element i from an output element, which is
// then (i + padding - k dilation) / stride.
struct Reach {
  std::vector<std::int64_t> k;
  std::int64_t first = 0;  // the output element that the first of them needs
};
// `whole`: also from elements beyond the output, which are zeros.
Reach reach(const ConvolutionShape& s, std::size_t d, std::int64_t i, bool whole) {
  Reach result;
  for (std::int64_t k = 0; k < s.kernel[d]; ++k) {
    const std::int64_t at = i + s.padding[d] - k * s.dilation[d];
    if (at % s.stride[d] != 0) continue;
    const std::int64_t o = at / s.stride[d];
    if (!whole && (o < 0 || o >= s.output[d])) continue;
    if (result.k.empty()) result.first = o;
    result.k.push_back(k);
  }
  return result;
}

template <class T>
void input_of(const ConvolutionShape& s, const T* y, const T* weight, const T* bias, T* x) {
  if (by_planes(s)) return planes_input(s, y, weight, bias, x);
  const auto& kernel = kernels_of<T>();
  const std::int64_t taps = ConvolutionShape::volume(s.kernel),
                     pixels = ConvolutionShape::volume(s.input);
  Panels<T> panels(s.groups, s.out * taps, s.in);
  for (std::int64_t g = 0; g < s.groups; ++g) {
    for (std::int64_t j = 0; j < panels.count; ++j) {
      for (std::int64_t o = 0; o < s.out; ++o)
        kernel.transpose(panels.columns(j), taps,
                         weight + ((g * s.out + o) * s.in + j * panels.width) * taps, taps,
                         panels.at(g, j) + o * taps * panels.width, panels.width, nullptr);
    }
  }
  std::vector<Reach> reaches[3];
  Three before{0, 0, 0}, after{0, 0, 0};
  for (std::size_t d = 0; d < 3; ++d) {
    // Rows have zeros at both ends, so that all pixels of a row have the same window; the other
    // dims leave out what falls beyond.
    for (std::int64_t i = 0; i < s.input[d]; ++i) {
      reaches[d].push_back(reach(s, d, i, d == 2));
      if (d != 2 || reaches[d].back().k.empty()) continue;
      const Reach& r = reaches[d].back();
      const std::int64_t highest = r.first, lowest = r.first - (r.k.back() - r.k.front()) *
                                                                   s.dilation[d] / s.stride[d];
      before[d] = std::max(before[d], -lowest);
      after[d] = std::max(after[d], highest - s.output[d] + 1);
    }
  }
  const Padded<T> a(y, s.batch * s.groups * s.out, s.output, before, after);
  const Three& extent = a.extent();
  std::map<std::array<std::vector<std::int64_t>, 3>, std::size_t> known;
  std::vector<PixelClass> classes;
  std::int64_t pixel = 0;
  for (const Reach& r0 : reaches[0]) {
    for (const Reach& r1 : reaches[1]) {
      for (const Reach& r2 : reaches[2]) {
        const auto [entry, is_new] = known.try_emplace({r0.k, r1.k, r2.k}, classes.size());
        if (is_new) {
          PixelClass made;
          for (std::int64_t o = 0; o < s.out; ++o) {
            for (std::int64_t k0 : r0.k) {
              for (std::int64_t k1 : r1.k) {
                for (std::int64_t k2 : r2.k) {
                  const std::int64_t back0 = (k0 - r0.k[0]) * s.dilation[0] / s.stride[0],
                                     back1 = (k1 - r1.k[0]) * s.dilation[1] / s.stride[1],
                                     back2 = (k2 - r2.k[0]) * s.dilation[2] / s.stride[2];
                  made.a_depth.push_back(o * a.plane() - (back0 * extent[1] + back1) * extent[2] -
                                         back2);
                  made.b_depth.push_back((o * taps + (k0 * s.kernel[1] + k1) * s.kernel[2] + k2) *
                                         panels.width);
                }
              }
            }
          }
          classes.push_back(std::move(made));
        }
        PixelClass& c = classes[entry->second];
        c.rows.push_back(c.a_depth.empty() ? 0
                                           : (r0.first * extent[1] + r1.first) * extent[2] +
                                                 r2.first + before[2]);
        c.targets.push_back(pixel++);
      }
    }
  }
  run<T>(classes, s.batch, s.groups, a.data(), s.out * a.plane(), panels, s.in, pixels, bias, x);
}

template <class T>
void weight_of(const ConvolutionShape& s, const T* y, const T* x, T* weight) {
  if (by_planes(s)) return planes_weight(s, y, x, weight);
  const auto& kernel = kernels_of<T>();
  const Padded<T> a(x, s.batch * s.groups * s.in, s.input, s.padding, s.padding);
  const std::int64_t window = s.window(), pixels = ConvolutionShape::volume(s.output),
                     width = 2 * kernel.lanes;
  const Table rows = grid(s.in, a.plane(), s.kernel, s.dilation, a.extent()),
              depth = grid(1, 0, s.output, s.stride, a.extent()),
              columns = multiples(pixels, width);
  // As many images at a time as have 256 kB of gradients.
  const std::int64_t images = std::clamp<std::int64_t>(
      (256 << 10) /
          std::max<std::int64_t>(1, pixels * width * static_cast<std::int64_t>(sizeof(T))),
      1, std::max<std::int64_t>(1, s.batch));
  memory::Buffer<T> gradients(as_size(images * pixels * width)), sums(as_size(window * width));
  std::memset(static_cast<void*>(gradients.data()), 0,
              as_size(images * pixels * width) * sizeof(T));
  for (std::int64_t g = 0; g < s.groups; ++g) {
    for (std::int64_t j = 0; j < s.out; j += width) {
      const std::int64_t n = std::min(width, s.out - j);
      std::memset(static_cast<void*>(sums.data()), 0, as_size(window * width) * sizeof(T));
      for (std::int64_t begin = 0; begin < s.batch; begin += images) {
        const std::int64_t end = std::min(s.batch, begin + images);
        for (std::int64_t i = begin; i < end; ++i)
          kernel.transpose(n, pixels, y + ((i * s.groups + g) * s.out + j) * pixels, pixels,
                           gradients.data() + (i - begin) * pixels * width, width, nullptr);
        const std::int64_t grain = std::max<std::int64_t>(
            48, kPieceWork / std::max<std::int64_t>(1, pixels * width * (end - begin)));
        parallel_for(0, window, grain, [&](std::int64_t first, std::int64_t last) {
          for (std::int64_t i = begin; i < end; ++i) {
            for (std::int64_t p = 0; p < pixels; p += 2 * kDepthBlock)
              kernel.product({last - first, std::min(2 * kDepthBlock, pixels - p),
                              a.data() + (i * s.groups + g) * s.in * a.plane(), rows.data() + first,
                              depth.data() + p, gradients.data() + (i - begin) * pixels * width,
                              columns.data() + p, sums.data() + first * width, width,
                              n > kernel.lanes ? 2 : 1, true});
          }
        });
      }
      kernel.transpose(window, n, sums.data(), width, weight + (g * s.out + j) * window, window,
                       nullptr);
    }
  }
}

template <class T>
const T* pointer(const Tensor& x) {
  return x.defined() ? x.data_ptr<T>() : nullptr;
}

}  // namespace

void window_output(const ConvolutionShape& shape, const Tensor& x, const Tensor& weight,
                   const Tensor& bias, const Tensor& y) {
  if (x.scalar_type() == kDouble) {
    output_of(shape, x.data_ptr<double>(), weight.data_ptr<double>(), pointer<double>(bias),
              y.data_ptr<double>());
  } else {
    output_of(shape, x.data_ptr<float>(), weight.data_ptr<float>(), pointer<float>(bias),
              y.data_ptr<float>());
  }
}

void window_input(const ConvolutionShape& shape, const Tensor& y, const Tensor& weight,
                  const Tensor& bias, const Tensor& x) {
  if (x.scalar_type() == kDouble) {
    input_of(shape, y.data_ptr<double>(), weight.data_ptr<double>(), pointer<double>(bias),
             x.data_ptr<double>());
  } else {
    input_of(shape, y.data_ptr<float>(), weight.data_ptr<float>(), pointer<float>(bias),
             x.data_ptr<float>());
  }
}

void window_weight(const ConvolutionShape& shape, const Tensor& y, const Tensor& x,
                   const Tensor& weight) {
  if (x.scalar_type() == kDouble) {
    weight_of(shape, y.data_ptr<double>(), x.data_ptr<double>(), weight.data_ptr<double>());
  } else {
    weight_of(shape, y.data_ptr<float>(), x.data_ptr<float>(), weight.data_ptr<float>());
  }
}

}  // namespace xgrad
