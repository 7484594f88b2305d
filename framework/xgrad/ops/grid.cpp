// Broadcasting and grids: see shape.h.
#include "xgrad/core/format.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/gather.h"
#include "xgrad/ops/places.h"
#include "xgrad/ops/shape.h"

namespace xgrad {

std::vector<Tensor> broadcast_tensors(TensorList tensors) {
  Dims shape;
  for (const Tensor& tensor : tensors) {
    const IntArrayRef sizes = tensor.sizes();
    while (shape.size() < sizes.size()) shape.insert(0, 1);
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      std::int64_t& wide = shape[shape.size() - 1 - i];
      const std::int64_t size = sizes[sizes.size() - 1 - i];
      check(wide == size || wide == 1 || size == 1,
            "broadcast_tensors: shape {} does not broadcast to {}, that of those before", sizes,
            IntArrayRef(shape));
      if (wide == 1) wide = size;
    }
  }
  std::vector<Tensor> views;
  views.reserve(tensors.size());
  for (const Tensor& tensor : tensors) views.push_back(tensor.expand(shape));
  return views;
}

std::vector<Tensor> meshgrid(TensorList tensors, std::string_view indexing) {
  check(indexing == "ij" || indexing == "xy",
        "meshgrid: indexing '{}' is unknown, expected ij or xy", indexing);
  check(!tensors.empty(), "meshgrid: got no tensors, expected at least one");
  Dims shape;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    check(tensors[i].dim() <= 1, "meshgrid: tensor {} has shape {}, expected a vector", i,
          tensors[i].sizes());
    check(tensors[i].scalar_type() == tensors[0].scalar_type(),
          "meshgrid: tensor {} is {}, expected the first one's {}", i,
          dtype_name(tensors[i].scalar_type()), dtype_name(tensors[0].scalar_type()));
    shape.push_back(tensors[i].numel());
  }
  // Of "xy" the first two dims change places.
  const bool swapped = indexing == "xy" && tensors.size() >= 2;
  if (swapped) std::swap(shape[0], shape[1]);
  std::vector<Tensor> grid;
  grid.reserve(tensors.size());
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    Dims alone(shape.size(), 1);
    alone[swapped && i < 2 ? 1 - i : i] = tensors[i].numel();
    grid.push_back(tensors[i].view(alone).expand(shape));
  }
  return grid;
}
std::vector<Tensor> meshgrid(TensorList tensors) { return meshgrid(tensors, "ij"); }

Tensor cartesian_prod(TensorList tensors) {
  check(!tensors.empty(), "cartesian_prod: got no tensors, expected at least one");
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    check(tensors[i].dim() == 1, "cartesian_prod: tensor {} has shape {}, expected a vector", i,
          tensors[i].sizes());
  }
  if (tensors.size() == 1) return tensors[0];
  std::vector<Tensor> columns = meshgrid(tensors);
  for (Tensor& column : columns) column = column.flatten();
  return stack(columns, 1);
}

Tensor combinations(const Tensor& x, std::int64_t r, bool with_replacement) {
  check(x.dim() == 1, "combinations: the tensor has shape {}, expected a vector", x.sizes());
  check(r >= 0, "combinations: r is {}, expected at least 0", r);
  if (r == 0) return empty({0}, x.options());
  const std::int64_t n = x.numel(), step = with_replacement ? 0 : 1;
  if (n == 0 || (r > n && !with_replacement)) return empty({0, r}, x.options());
  // The odometer of indices in rising order.
  std::vector<std::int64_t> rows;
  Dims index(as_size(r), 0);
  for (std::int64_t i = 0; i < r; ++i) index[as_size(i)] = i * step;
  for (std::int64_t place = 0; place >= 0;) {
    rows.insert(rows.end(), index.begin(), index.end());
    place = r - 1;
    while (place >= 0 && index[as_size(place)] >= n - 1 - (r - 1 - place) * step) --place;
    if (place < 0) break;
    ++index[as_size(place)];
    for (std::int64_t i = place + 1; i < r; ++i) index[as_size(i)] = index[as_size(i - 1)] + step;
  }
  Tensor flat = make_tensor({static_cast<std::int64_t>(rows.size())}, kLong);
  std::copy(rows.begin(), rows.end(), flat.data_ptr<std::int64_t>());
  return index_select(x, 0, flat).reshape({flat.numel() / r, r});
}

}  // namespace xgrad
