// Where values belong in a sorted sequence. Source:
// https://pytorch.org/docs/stable/generated/torch.searchsorted.html.
//
// The first position before which a value keeps the order, or with `right` (side "right") the last.
// int64, or int32 with out_int32. NaN goes to the end.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

// sorted_sequence [n], or [..., n] with the leading dims of values [..., m] -> [..., m]. `sorter`
// [as the sequence]: the positions that would sort it, if it is not. Errors: shapes that do not
// match, a side that contradicts `right`, positions beyond n.
Tensor searchsorted(const Tensor& sorted_sequence, const Tensor& values, bool out_int32 = false,
                    bool right = false, optional<std::string_view> side = nullopt,
                    const optional<Tensor>& sorter = nullopt);
Tensor searchsorted(const Tensor& sorted_sequence, const Scalar& value, bool out_int32 = false,
                    bool right = false, optional<std::string_view> side = nullopt,
                    const optional<Tensor>& sorter = nullopt);
// searchsorted with one sequence of boundaries [n] for all values [*] -> [*].
Tensor bucketize(const Tensor& values, const Tensor& boundaries, bool out_int32 = false,
                 bool right = false);
Tensor bucketize(const Scalar& value, const Tensor& boundaries, bool out_int32 = false,
                 bool right = false);

}  // namespace xgrad
