// resolve: text and shapes to equation and path in one look-up, for the call that is made a million
// times.
//
//   ResolvedPtr r = resolve("bi,oi->bo", {x.sizes(), w.sizes()}, x.scalar_type());
//   for (const Step& step : r->path.steps) { ... plan(step.equation, ...) ... contract(...) ... }
#pragma once

#include <memory>

#include "xgrad/contraction/path.h"
#include "xgrad/core/scalar_type.h"

namespace xgrad::contraction {

struct Resolved {
  Equation equation;
  Path path;
};
using ResolvedPtr = std::shared_ptr<const Resolved>;

// Thread-safe; a bounded number of results is kept. Errors: as parse().
ResolvedPtr resolve(std::string_view text, Shapes shapes, ScalarType dtype,
                    const PathOptions& options = {});
ResolvedPtr resolve(const std::vector<Labels>& inputs, const std::optional<Labels>& output,
                    Shapes shapes, ScalarType dtype, const PathOptions& options = {});

}  // namespace xgrad::contraction
