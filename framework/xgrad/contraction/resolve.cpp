#include "xgrad/contraction/resolve.h"

#include <bit>

#include "xgrad/contraction/cache.h"

namespace xgrad::contraction {

namespace {

template <class Parse>
ResolvedPtr find(CacheKey& key, Shapes shapes, ScalarType dtype, const PathOptions& options,
                 const Parse& parse_equation) {
  thread_local Cache<Resolved> cache;
  key.add(static_cast<std::int64_t>(elementSize(dtype)));
  for (const IntArrayRef& shape : shapes) key.add_all(shape);
  if (!options.is_default()) {
    key.add(static_cast<std::int64_t>(options.method));
    key.add(std::bit_cast<std::int64_t>(options.memory_limit));
    if (options.order) key.add_all(*options.order);
  }
  return cache.find(key, [&] {
    Equation equation = parse_equation();
    Path path = find_path(equation, elementSize(dtype), options);
    return std::make_shared<const Resolved>(Resolved{std::move(equation), std::move(path)});
  });
}

}  // namespace

ResolvedPtr resolve(std::string_view text, Shapes shapes, ScalarType dtype,
                    const PathOptions& options) {
  CacheKey key;
  key.add(-2);  // no sublist key begins so
  key.add(static_cast<std::int64_t>(text.size()));
  for (std::size_t i = 0; i < text.size(); i += sizeof(std::int64_t)) {
    std::int64_t word = 0;
    std::memcpy(&word, text.data() + i, std::min(sizeof(word), text.size() - i));
    key.add(word);
  }
  return find(key, shapes, dtype, options, [&] { return parse(text, shapes); });
}

ResolvedPtr resolve(const std::vector<Labels>& inputs, const std::optional<Labels>& output,
                    Shapes shapes, ScalarType dtype, const PathOptions& options) {
  CacheKey key;
  key.add(static_cast<std::int64_t>(inputs.size()));
  for (const Labels& labels : inputs) key.add_all(labels);
  key.add(output ? 1 : 0);
  if (output) key.add_all(*output);
  return find(key, shapes, dtype, options, [&] { return parse(inputs, output, shapes); });
}

}  // namespace xgrad::contraction
