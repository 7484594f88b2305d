#include <algorithm>

#include "xgrad/contraction/execute_product.h"
#include "xgrad/contraction/group_table.h"
#include "xgrad/core/parallel.h"

namespace xgrad::contraction {

namespace {

// The columns of b, packed.
template <class T>
using PackedColumns = Scratch<T, 16384 / sizeof(T)>;

template <class T>
std::int64_t packed_width(const Plan& plan) {
  const std::int64_t unit = kernels::kernels_of<T>(*plan.table).tile_columns;
  return divided_up(plan.n.back().size, unit) * unit;
}

std::int64_t batch_grain(const Plan& plan) {
  return grain_of(plan.batches, plan.rows * plan.columns * plan.depth);
}

// One product: some rows are a piece of work, or some columns where those are more.
template <class T>
void run_pieces(const kernels::GemmKernels<T>& kernels, const kernels::Product<T>& product) {
  const std::int64_t pieces = product.m * product.n * product.k / kPieceWork;
  if (pieces <= 1) return kernels.direct(product);
  // In units that the kernel does alike wherever they lie; what is left goes with the last one.
  const bool by_rows = product.m >= product.n;
  const std::int64_t unit = by_rows ? 8 : kernels.tile_columns,
                     size = by_rows ? product.m : product.n,
                     units = std::max<std::int64_t>(1, size / unit);
  parallel_for(0, units, divided_up(units, balanced(pieces)),
               [&](std::int64_t first_unit, std::int64_t last_unit) {
                 const std::int64_t first = first_unit * unit,
                                    last = last_unit == units ? size : last_unit * unit;
                 kernels::Product<T> part = product;
                 if (by_rows) {
                   part.m = last - first;
                   part.a += first * product.a_m;
                   part.c += first * product.c_m;
                 } else {
                   part.n = last - first;
                   part.b += first_unit * product.b_panel;
                   part.c += first * product.c_n;
                 }
                 kernels.direct(part);
               });
}

}  // namespace

template <class T>
void run_direct(const Plan& plan, const T* a, const T* b, T* c, T alpha, bool accumulate) {
  const auto& kernels = kernels::kernels_of<T>(*plan.table);
  const Loop& m = plan.m.back();
  const Loop& n = plan.n.back();
  const Loop& k = plan.k.back();
  const kernels::Product<T> product{
      m.size, n.size,     k.size,
      a,      m.a,        k.a,
      b,      k.b,        kernels.tile_columns,
      c,      m.c,        n.c,
      alpha,  accumulate, k.size <= kStreamDepth && n.size > kWideRow};
  if (plan.batch.empty() && !plan.pack_b) return run_pieces(kernels, product);
  parallel_for(0, plan.batches, batch_grain(plan), [&](std::int64_t first, std::int64_t last) {
    if (!plan.pack_b) {
      walk(plan.batch, first, last, [&](const Offsets& at) {
        kernels::Product<T> one = product;
        one.a += at.a;
        one.b += at.b;
        one.c += at.c;
        kernels.direct(one);
      });
      return;
    }
    const std::int64_t unit = kernels.tile_columns;
    const auto run_after = [&](const auto& pack) {
      PackedColumns<T> packed(packed_width<T>(plan) * k.size);
      walk(plan.batch, first, last, [&](const Offsets& at) {
        parallel_for(0, n.size, grain_of(divided_up(n.size, unit), unit * k.size, kPackWork) * unit,
                     [&](std::int64_t from, std::int64_t to) {
                       pack(packed.data() + from * k.size, b + at.b, from, to - from);
                     });
        kernels::Product<T> one = product;
        one.a += at.a;
        one.b = packed.data();
        one.b_k = unit;
        one.b_panel = unit * k.size;
        one.c += at.c;
        run_pieces(kernels, one);
      });
    };
    if (k.b == 1) {
      run_after([&](T* packed, const T* source, std::int64_t column, std::int64_t columns) {
        kernels.pack_plain_b(packed, source + column * n.b, columns, k.size, n.b);
      });
      return;
    }
    GroupTable columns(n.size), depth(k.size);
    columns.fill(plan.n, &Loop::b, 0, n.size);
    depth.fill(plan.k, &Loop::b, 0, k.size);
    run_after([&](T* packed, const T* source, std::int64_t column, std::int64_t count) {
      kernels.pack_b(packed, source, count, k.size, shifted(columns.table(), column),
                     depth.table());
    });
  });
}

template <class T>
std::size_t direct_scratch_bytes(const Plan& plan) {
  if (!plan.pack_b) return 0;
  const std::int64_t n = plan.n.back().size, k = plan.k.back().size;
  const bool plain = plan.k.back().b == 1;  // needs no tables
  const std::size_t one = (plain ? 0 : GroupTable::bytes(n) + GroupTable::bytes(k)) +
                          PackedColumns<T>::bytes(packed_width<T>(plan) * k);
  return one * concurrent(plan.batches, batch_grain(plan));
}

template std::size_t direct_scratch_bytes<float>(const Plan&);
template std::size_t direct_scratch_bytes<double>(const Plan&);
template void run_direct(const Plan&, const float*, const float*, float*, float, bool);
template void run_direct(const Plan&, const double*, const double*, double*, double, bool);

}  // namespace xgrad::contraction
