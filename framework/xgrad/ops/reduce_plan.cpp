#include "xgrad/ops/reduce_plan.h"

#include <cstring>

#include "xgrad/core/allocator.h"
#include "xgrad/core/format.h"
#include "xgrad/core/parallel.h"
#include "xgrad/ops/map.h"

namespace xgrad {
namespace {

using Index = std::int64_t;

constexpr Index kPiece =
    32 * 1024;  // elements that one task reduces: 10 us, a third of the cost of waking a thread
constexpr Index kColumns = 512;  // columns that are reduced together: their sums stay in L1
constexpr Index kRows =
    256;  // rows at least in a piece of columns, so that joining the pieces costs little
constexpr Index kShortRow = 256;  // rows shorter than this are gathered into longer ones
constexpr Index kGathered = 4096;

struct Loop {
  Index size, in, out;  // strides in elements; out is 0 for a reduced dim
};

// Innermost first, merged where memory allows. Rank is small: a fixed array saves the heap.
struct Loops {
  std::array<Loop, kMaxDims> loop;
  std::size_t count = 0;

  void insert(const Loop& added) {
    std::size_t at = count++;
    for (; at > 0 && precedes(added, loop[at - 1]); --at) loop[at] = loop[at - 1];
    loop[at] = added;
  }
  // Small strides inside; broadcast dims (stride 0) outside.
  static bool precedes(const Loop& a, const Loop& b) {
    return a.in != 0 && (b.in == 0 || a.in <= b.in);
  }
  void merge() {
    std::size_t kept = 0;
    for (std::size_t i = 1; i < count; ++i) {
      Loop& inner = loop[kept];
      if (loop[i].in == inner.in * inner.size && loop[i].out == inner.out * inner.size) {
        inner.size *= loop[i].size;
      } else {
        loop[++kept] = loop[i];
      }
    }
    if (count != 0) count = kept + 1;
  }
  Index numel(std::size_t from = 0) const {
    Index n = 1;
    for (std::size_t i = from; i < count; ++i) n *= loop[i].size;
    return n;
  }
  // Where element `position` (counted by the loops from `from` on) lies.
  std::pair<Index, Index> place(Index position, std::size_t from = 0) const {
    Index in = 0, out = 0;
    for (std::size_t i = from; i < count; ++i) {
      const Index index = position % loop[i].size;
      position /= loop[i].size;
      in += index * loop[i].in;
      out += index * loop[i].out;
    }
    return {in, out};
  }
};

// Sums of equal numbers of parts are joined by pairs, so that errors grow with the logarithm of the
// number of parts.
class Pairwise {
 public:
  Pairwise(const kernels::ReduceKernel& kernel, Index n, Index parts)
      : kernel_(kernel),
        n_(n),
        bytes_(static_cast<std::size_t>(n) * elementSize(kernel.result)),
        slots_(bytes_ * levels(parts)) {}
  void clear() { depth_ = parts_ = 0; }
  // Where the next part is to be written; then push() it.
  char* next() { return slot(depth_); }
  void push() {
    ++depth_;
    for (std::size_t pairs = ++parts_; pairs % 2 == 0; pairs /= 2) join_top();
  }
  const char* finish() {
    while (depth_ > 1) join_top();
    return slot(0);
  }

 private:
  static std::size_t levels(Index parts) {
    std::size_t count = 2;
    for (; parts > 1; parts = (parts + 1) / 2) ++count;
    return count;
  }
  char* slot(std::size_t i) { return slots_.data() + i * bytes_; }
  void join_top() {
    --depth_;
    kernel_.join(n_, slot(depth_ - 1), slot(depth_));
  }

  const kernels::ReduceKernel& kernel_;
  Index n_;
  std::size_t bytes_, depth_ = 0, parts_ = 0;
  memory::Buffer<char> slots_;
};

void copy_strided(char* to, Index to_step, const char* from, Index from_step, Index n,
                  std::size_t bytes) {
  if (to_step == 1 && from_step == 1) {
    std::memcpy(to, from, static_cast<std::size_t>(n) * bytes);
    return;
  }
  for (Index i = 0; i < n; ++i) {
    std::memcpy(to + static_cast<std::size_t>(i * to_step) * bytes,
                from + static_cast<std::size_t>(i * from_step) * bytes, bytes);
  }
}

class Plan {
 public:
  Plan(const kernels::ReduceKernel& kernel, const Tensor& x, const DimMask& mask,
       const Tensor& centre, const Tensor& y)
      : kernel_(kernel),
        in_bytes_(elementSize(x.scalar_type())),
        out_bytes_(elementSize(kernel.result)),
        outputs_(y.numel()) {
    Index out = 1;
    for (std::size_t d = x.sizes().size(); d-- > 0;) {
      const Index size = x.sizes()[d];
      if (size == 1) continue;
      if (mask[d]) {
        reduced_.insert({size, x.strides()[d], 0});
      } else {
        kept_.insert({size, x.strides()[d], out});
        out *= size;
      }
    }
    reduced_.merge();
    kept_.merge();
    x_ = static_cast<const char*>(x.data_ptr());
    y_ = static_cast<char*>(y.data_ptr());
    centre_ = centre.defined() ? static_cast<const char*>(centre.data_ptr()) : nullptr;
    length_ = reduced_.numel();
  }

  bool rows() const { return reduced_.count == 0 ? kept_.count == 0 : reduced_.loop[0].in == 1; }
  bool columns() const { return kept_.count != 0 && kept_.loop[0].in == 1; }

  void run() {
    if (rows() && reduced_.count <= 1 && length_ <= kPiece) return run_whole_rows();
    by_columns_ = !rows();
    width_ = by_columns_ ? std::min(kept_.loop[0].size, kColumns) : 1;
    chunks_ = by_columns_ ? (kept_.loop[0].size + width_ - 1) / width_ : 1;
    piece_ = by_columns_ ? std::max(kRows, kPiece / width_) : kPiece;
    const Index units = chunks_ * kept_.numel(by_columns_ ? 1 : 0);
    const Index pieces = (length_ + piece_ - 1) / piece_;
    memory::Buffer<char> partial(
        pieces > 1 ? static_cast<std::size_t>(pieces * outputs_) * out_bytes_ : 1);
    const Index work = std::max<Index>(1, std::min(length_, piece_) * width_);
    parallel_for(
        0, units * pieces, std::max<Index>(1, kPiece / work), [&](Index first, Index last) {
          Pairwise parts(kernel_, width_, std::min(length_, piece_) + 1);
          memory::Buffer<char> gathered(by_columns_
                                            ? static_cast<std::size_t>(width_) * out_bytes_
                                            : static_cast<std::size_t>(kGathered) * in_bytes_);
          for (Index task = first; task < last; ++task) {
            const Index unit = task / pieces, piece = task % pieces;
            char* y = pieces > 1
                          ? partial.data() + static_cast<std::size_t>(piece * outputs_) * out_bytes_
                          : y_;
            const Index begin = piece * piece_, end = std::min(length_, begin + piece_);
            parts.clear();
            if (by_columns_) {
              reduce_columns(unit, begin, end, parts, gathered.data(), y);
            } else {
              reduce_row(unit, begin, end, parts, gathered.data(), y);
            }
          }
        });
    if (pieces == 1) return;
    const auto row = [&](Index i) {
      return partial.data() + static_cast<std::size_t>(i * outputs_) * out_bytes_;
    };
    for (Index step = 1; step < pieces; step *= 2) {
      for (Index i = 0; i + step < pieces; i += 2 * step)
        kernel_.join(outputs_, row(i), row(i + step));
    }
    std::memcpy(y_, partial.data(), static_cast<std::size_t>(outputs_) * out_bytes_);
  }

 private:
  const char* input(Index offset) const { return x_ + offset * static_cast<Index>(in_bytes_); }
  char* output(char* y, Index offset) const { return y + offset * static_cast<Index>(out_bytes_); }
  const char* centre(Index offset) const {
    return centre_ ? centre_ + offset * static_cast<Index>(out_bytes_) : nullptr;
  }

  // Each result is one contiguous row: the common case of a last dim or a whole tensor.
  void run_whole_rows() {
    const Loop inner = kept_.count != 0 ? kept_.loop[0] : Loop{1, 0, 1};
    parallel_for(0, outputs_, std::max<Index>(1, kPiece / std::max<Index>(length_, 1)),
                 [&](Index first, Index last) {
                   while (first < last) {
                     const auto [in, out] = kept_.place(first);
                     const Index n = inner.out == 1
                                         ? std::min(last - first, inner.size - first % inner.size)
                                         : 1;
                     kernel_.rows(n, inner.in, length_, input(in), centre(out), output(y_, out));
                     first += n;
                   }
                 });
  }

  // Elements [begin, end) of the reduced dims, for result `unit`.
  void reduce_row(Index unit, Index begin, Index end, Pairwise& parts, char* gathered,
                  char* y) const {
    const std::pair<Index, Index> place = kept_.place(unit);
    const Index base = place.first, out = place.second;
    const Loop& inner = reduced_.loop[0];
    Index filled = 0;
    const auto flush = [&] {
      if (filled == 0) return;
      kernel_.rows(1, 0, filled, gathered, centre(out), parts.next());
      parts.push();
      filled = 0;
    };
    while (begin < end) {
      const Index n = std::min(end - begin, inner.size - begin % inner.size);
      const char* x = input(base + reduced_.place(begin).first);
      if (inner.size < kShortRow) {
        if (filled + n > kGathered) flush();
        std::memcpy(gathered + static_cast<std::size_t>(filled) * in_bytes_, x,
                    static_cast<std::size_t>(n) * in_bytes_);
        filled += n;
      } else {
        kernel_.rows(1, 0, n, x, centre(out), parts.next());
        parts.push();
      }
      begin += n;
    }
    flush();
    std::memcpy(output(y, out), parts.finish(), out_bytes_);
  }

  // Rows [begin, end) of the reduced dims, for the chunk `unit` of columns.
  void reduce_columns(Index unit, Index begin, Index end, Pairwise& parts, char* centres,
                      char* y) const {
    const Loop& inner = kept_.loop[0];
    const auto [outer_in, outer_out] = kept_.place(unit / chunks_, 1);
    const Index first = unit % chunks_ * width_, n = std::min(width_, inner.size - first);
    const Index base = outer_in + first, out = outer_out + first * inner.out;
    const char* centre_row = centre(out);
    if (centre_row != nullptr && inner.out != 1) {
      copy_strided(centres, 1, centre_row, inner.out, n, out_bytes_);
      centre_row = centres;
    }
    const Loop rows = reduced_.count != 0 ? reduced_.loop[0] : Loop{1, 0, 0};
    while (begin < end) {
      const Index count = std::min(end - begin, rows.size - begin % rows.size);
      kernel_.columns(count, rows.in, n, input(base + reduced_.place(begin).first), centre_row,
                      parts.next());
      parts.push();
      begin += count;
    }
    copy_strided(output(y, out), inner.out, parts.finish(), 1, n, out_bytes_);
  }

  const kernels::ReduceKernel& kernel_;
  Loops kept_, reduced_;
  const char* x_;
  const char* centre_;
  char* y_;
  std::size_t in_bytes_, out_bytes_;
  Index outputs_, length_ = 1;
  bool by_columns_ = false;
  Index width_ = 1, chunks_ = 1, piece_ = 1;
};

}  // namespace

DimMask reduced_dims(const char* op, OptionalIntArrayRef dims, std::int64_t rank) {
  check(rank <= static_cast<Index>(kMaxDims), "{}: the input has {} dims, expected at most {}", op,
        rank, kMaxDims);
  DimMask mask;
  if (!dims.has_value() || dims->empty()) return mask.set();
  for (const std::int64_t dim : *dims) {
    const auto d = static_cast<std::size_t>(wrap_dim(op, dim, rank));
    check(!mask[d], "{}: dim {} appears twice in {}", op, d, dims->vec());
    mask.set(d);
  }
  return mask;
}

Dims reduced_shape(IntArrayRef sizes, const DimMask& reduced, bool keepdim) {
  Dims shape;
  for (std::size_t d = 0; d < sizes.size(); ++d) {
    if (!reduced[d]) {
      shape.push_back(sizes[d]);
    } else if (keepdim) {
      shape.push_back(1);
    }
  }
  return shape;
}

std::int64_t reduced_count(IntArrayRef sizes, const DimMask& reduced) {
  std::int64_t count = 1;
  for (std::size_t d = 0; d < sizes.size(); ++d) {
    if (reduced[d]) count *= sizes[d];
  }
  return count;
}

Tensor reduce(const char* op, kernels::ReduceOp kind, const Tensor& x, const DimMask& reduced,
              bool keepdim, const Tensor& centre) {
  const kernels::ReduceKernel& kernel = kernels::reduce_kernel(kind, x.scalar_type());
  check(kernel.rows != nullptr, "{}: not defined for dtype {}", op, dtype_name(x.scalar_type()));
  const Tensor y = make_tensor(reduced_shape(x.sizes(), reduced, keepdim), kernel.result);
  if (y.numel() == 0) return y;
  const void* middle = centre.defined() ? centre.data_ptr() : nullptr;
  if (x.numel() == 0 || (x.is_contiguous() && y.numel() == 1 && x.numel() <= kPiece)) {
    kernel.rows(y.numel(), 0, x.numel(), x.data_ptr(), middle, y.data_ptr());
    return y;
  }
  Plan plan(kernel, x, reduced, centre, y);
  if (plan.rows() || plan.columns()) {
    plan.run();
  } else {  // no dim is contiguous: a dense copy has one
    const Tensor dense = convert(x, x.scalar_type());
    Plan(kernel, dense, reduced, centre, y).run();
  }
  return y;
}

Tensor restore_dims(const Tensor& y, IntArrayRef sizes, const DimMask& reduced, bool keepdim) {
  const auto rank = static_cast<std::int64_t>(sizes.size());
  if (keepdim || y.dim() == rank) return y;
  return y.reshape(reduced_shape(sizes, reduced, true));
}

Tensor spread(const Tensor& dy, IntArrayRef sizes, const DimMask& reduced, bool keepdim) {
  return (dy.dim() == 0 ? dy : restore_dims(dy, sizes, reduced, keepdim)).expand(sizes);
}

Lines::Lines(const char* op, const Tensor& tensor, std::int64_t wanted)
    : dim(wrap_dim(op, wanted, tensor.dim())) {
  x = tensor.requires_grad() ? tensor.detach() : tensor;
  if (!x.is_contiguous()) {
    const Tensor dense = make_tensor(x.sizes(), x.scalar_type());
    copy_into(dense, x);
    x = dense;
  }
  for (std::int64_t d = 0; d < x.dim(); ++d) {
    const std::int64_t size = x.sizes()[static_cast<std::size_t>(d)];
    (d < dim ? outer : d == dim ? n : inner) *= size;
  }
}

Dims Lines::with(std::int64_t length) const {
  Dims sizes = x.sizes();
  if (!sizes.empty()) sizes[static_cast<std::size_t>(dim)] = length;
  return sizes;
}

}  // namespace xgrad
