// Indexing as in Python: x.index({...}) is x[...], x.index_put_({...}, y) is x[...] = y.
// Source: https://pytorch.org/cppdocs/notes/tensor_indexing.html,
// https://numpy.org/doc/stable/user/basics.indexing.html.
//
// Numbers, slices, None and an ellipsis give a view. Index tensors (int64; bool or uint8 masks
// stand for the places of what is not zero) give a copy: they broadcast to one shape, which takes
// the place of their dims if those are neighbours, and comes first if they are not. Errors
// (IndexError) name dim, index and size.
#pragma once

#include "xgrad/core/tensor_index.h"

namespace xgrad {

Tensor index(const Tensor& x, ArrayRef<indexing::TensorIndex> indices);
Tensor index(const Tensor& x, std::initializer_list<indexing::TensorIndex> indices);
Tensor index(const Tensor& x, TensorList indices);

// A copy of x with `values` (broadcast to the chosen places, of x's dtype) written or, with
// accumulate, added there. Of several values for one place the last counts, or all are added.
Tensor index_put(const Tensor& x, ArrayRef<indexing::TensorIndex> indices, const Tensor& values,
                 bool accumulate = false);
Tensor index_put(const Tensor& x, std::initializer_list<indexing::TensorIndex> indices,
                 const Tensor& values, bool accumulate = false);
Tensor index_put(const Tensor& x, TensorList indices, const Tensor& values,
                 bool accumulate = false);
// The same in x itself.
Tensor& index_put_(const Tensor& x, ArrayRef<indexing::TensorIndex> indices, const Tensor& values,
                   bool accumulate = false);
Tensor& index_put_(const Tensor& x, std::initializer_list<indexing::TensorIndex> indices,
                   const Tensor& values, bool accumulate = false);
Tensor& index_put_(const Tensor& x, TensorList indices, const Tensor& values,
                   bool accumulate = false);

}  // namespace xgrad
