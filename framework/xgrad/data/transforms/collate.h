// Collation: a transform of a batch to one value; Collate: one that is made of a function.
#pragma once

#include "xgrad/data/transforms/lambda.h"

namespace xgrad::data::transforms {

template <class T, class BatchType = std::vector<T>>
using Collation = BatchTransform<BatchType, T>;

template <class T, class BatchType = std::vector<T>>
using Collate = BatchLambda<BatchType, T>;

}  // namespace xgrad::data::transforms
