#include "xgrad/kernels/recurrent.h"

#include "xgrad/kernels/lanes.arch.h"

namespace xgrad::kernels {
namespace XGRAD_ARCH_NAME {

// A vector's place in a row: whole, or the row's last `count` elements.
template <class T>
struct WholeLanes {
  std::int64_t at;
  XGRAD_INLINE Batch<T> load(const T* row) const { return Batch<T>::load_unaligned(row + at); }
  XGRAD_INLINE void store(T* row, Batch<T> value) const { value.store_unaligned(row + at); }
};
template <class T>
struct LastLanes {
  std::int64_t at, count;
  XGRAD_INLINE Batch<T> load(const T* row) const { return load_part<T>(row + at, count, T{0}); }
  XGRAD_INLINE void store(T* row, Batch<T> value) const { store_part<T>(value, row + at, count); }
};

// Calls f(row, lanes) for every vector of [rows, n].
template <class T, class F>
XGRAD_INLINE void for_each_vector(std::int64_t rows, std::int64_t n, const F& f) {
  constexpr std::int64_t width = Batch<T>::size;
  for (std::int64_t row = 0; row < rows; ++row) {
    std::int64_t i = 0;
    for (; i + width <= n; i += width) f(row, WholeLanes<T>{i});
    if (i < n) f(row, LastLanes<T>{i, n - i});
  }
}

// Row `row` of a matrix [rows, n] that may be absent.
template <class T>
XGRAD_INLINE T* row_of(T* matrix, std::int64_t row, std::int64_t n) {
  return matrix ? matrix + row * n : nullptr;
}
template <class T, class Lanes>
XGRAD_INLINE Batch<T> load_or_zero(const Lanes& lanes, const T* row) {
  return row ? lanes.load(row) : Batch<T>(T{0});
}

template <class V>
XGRAD_INLINE V sigmoid(V x) {
  return apply(Sigmoid{}, nullptr, x);
}
// With y = sigmoid(x), y = tanh(x).
template <class V>
XGRAD_INLINE V sigmoid_slope(V y) {
  return y * (constant<V>(1) - y);
}
template <class V>
XGRAD_INLINE V tanh_slope(V y) {
  return constant<V>(1) - y * y;
}

template <class T, class F>
void rnn(const RecurrentStep<T>& s) {
  const std::int64_t n = s.hidden;
  for_each_vector<T>(s.rows, n, [&](std::int64_t row, auto lanes) {
    const Batch<T> x = lanes.load(s.gates + row * n) + lanes.load(s.bias);
    lanes.store(s.h + row * n, apply(F{}, nullptr, x));
  });
}

// F: (dy, y) to the gradient of what y is a function of.
template <class T, class F>
void rnn_backward(const RecurrentStepBackward<T>& s) {
  const std::int64_t n = s.hidden;
  for_each_vector<T>(s.rows, n, [&](std::int64_t row, auto lanes) {
    const Batch<T> dh = load_or_zero<T>(lanes, row_of(s.dh, row, n)) +
                        load_or_zero<T>(lanes, row_of(s.dh_carried, row, n));
    lanes.store(s.dgates + row * n, apply(F{}, nullptr, dh, lanes.load(s.h + row * n)));
  });
}

// c = f c_before + i g, h = o tanh(c). Source: Hochreiter and Schmidhuber, 1997.
template <class T>
void lstm(const RecurrentStep<T>& s) {
  const std::int64_t n = s.hidden;
  for_each_vector<T>(s.rows, n, [&](std::int64_t row, auto lanes) {
    T* gates = s.gates + row * 4 * n;
    const auto gate = [&](std::int64_t k) {
      return lanes.load(gates + k * n) + lanes.load(s.bias + k * n);
    };
    const Batch<T> i = sigmoid(gate(0)), f = sigmoid(gate(1)), g = xsimd::tanh(gate(2)),
                   o = sigmoid(gate(3));
    const Batch<T> c = f * load_or_zero<T>(lanes, row_of(s.c_before, row, n)) + i * g;
    lanes.store(gates, i);
    lanes.store(gates + n, f);
    lanes.store(gates + 2 * n, g);
    lanes.store(gates + 3 * n, o);
    lanes.store(s.c + row * n, c);
    lanes.store(s.h + row * n, o * xsimd::tanh(c));
  });
}

template <class T>
void lstm_backward(const RecurrentStepBackward<T>& s) {
  const std::int64_t n = s.hidden;
  for_each_vector<T>(s.rows, n, [&](std::int64_t row, auto lanes) {
    const T* gates = s.gates + row * 4 * n;
    T *dgates = s.dgates + row * 4 * n, *carried = s.dc + row * n;
    const Batch<T> i = lanes.load(gates), f = lanes.load(gates + n), g = lanes.load(gates + 2 * n),
                   o = lanes.load(gates + 3 * n);
    const Batch<T> dh = load_or_zero<T>(lanes, row_of(s.dh, row, n)) +
                        load_or_zero<T>(lanes, row_of(s.dh_carried, row, n));
    const Batch<T> squashed = xsimd::tanh(lanes.load(s.c + row * n));
    const Batch<T> dc = lanes.load(carried) + dh * o * tanh_slope(squashed);
    const Batch<T> c_before = load_or_zero<T>(lanes, row_of(s.c_before, row, n));
    lanes.store(dgates, dc * g * sigmoid_slope(i));
    lanes.store(dgates + n, dc * c_before * sigmoid_slope(f));
    lanes.store(dgates + 2 * n, dc * i * tanh_slope(g));
    lanes.store(dgates + 3 * n, dh * squashed * sigmoid_slope(o));
    lanes.store(carried, dc * f);
  });
}

// h = new + z (h_before - new), new = tanh(x's part + r h_before's part). Source: Cho et al., 2014,
// with r applied after the product.
template <class T>
void gru(const RecurrentStep<T>& s) {
  const std::int64_t n = s.hidden;
  for_each_vector<T>(s.rows, n, [&](std::int64_t row, auto lanes) {
    T* gates = s.gates + row * 3 * n;
    const T* h_gates = row_of(s.h_gates, row, 3 * n);
    const auto product = [&](std::int64_t k) {
      return h_gates ? lanes.load(h_gates + k * n) : Batch<T>(T{0});
    };
    const auto gate = [&](std::int64_t k) {
      return lanes.load(gates + k * n) + lanes.load(s.bias + k * n);
    };
    const Batch<T> r = sigmoid(gate(0) + product(0)), z = sigmoid(gate(1) + product(1));
    const Batch<T> h_new = product(2) + lanes.load(s.h_bias);
    const Batch<T> fresh = xsimd::tanh(gate(2) + r * h_new);
    const Batch<T> h_before = load_or_zero<T>(lanes, row_of(s.h_before, row, n));
    lanes.store(gates, r);
    lanes.store(gates + n, z);
    lanes.store(gates + 2 * n, fresh);
    lanes.store(s.h_new + row * n, h_new);
    lanes.store(s.h + row * n, fresh + z * (h_before - fresh));
  });
}

template <class T>
void gru_backward(const RecurrentStepBackward<T>& s) {
  const std::int64_t n = s.hidden;
  for_each_vector<T>(s.rows, n, [&](std::int64_t row, auto lanes) {
    const T* gates = s.gates + row * 3 * n;
    T *dgates = s.dgates + row * 3 * n, *dh_gates = s.dh_gates + row * 3 * n;
    const Batch<T> r = lanes.load(gates), z = lanes.load(gates + n),
                   fresh = lanes.load(gates + 2 * n);
    const Batch<T> h_before = load_or_zero<T>(lanes, row_of(s.h_before, row, n));
    const Batch<T> dh =
        load_or_zero<T>(lanes, row_of(s.dh, row, n)) + lanes.load(s.dh_carried + row * n);
    const Batch<T> dnew = dh * (constant<Batch<T>>(1) - z) * tanh_slope(fresh);
    const Batch<T> dr = dnew * lanes.load(s.h_new + row * n) * sigmoid_slope(r);
    const Batch<T> dz = dh * (h_before - fresh) * sigmoid_slope(z);
    lanes.store(dgates, dr);
    lanes.store(dgates + n, dz);
    lanes.store(dgates + 2 * n, dnew);
    lanes.store(dh_gates, dr);
    lanes.store(dh_gates + n, dz);
    lanes.store(dh_gates + 2 * n, dnew * r);
    lanes.store(s.dh_carried + row * n, dh * z);
  });
}

template <class T>
constexpr RecurrentKernels<T> recurrent_kernels = {
    {&rnn<T, Tanh>, &rnn<T, Relu>, &lstm<T>, &gru<T>},
    {&rnn_backward<T, TanhBackward>, &rnn_backward<T, ReluBackward>, &lstm_backward<T>,
     &gru_backward<T>}};

constexpr RecurrentTable recurrent = {recurrent_kernels<float>, recurrent_kernels<double>};

}  // namespace XGRAD_ARCH_NAME

const RecurrentTable& XGRAD_ARCH_SYMBOL(recurrent_table_)();
const RecurrentTable& XGRAD_ARCH_SYMBOL(recurrent_table_)() { return XGRAD_ARCH_NAME::recurrent; }

}  // namespace xgrad::kernels
