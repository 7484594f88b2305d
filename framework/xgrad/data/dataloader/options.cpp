#include "xgrad/data/dataloader/options.h"

#include "xgrad/core/format.h"

namespace xgrad::data {

FullDataLoaderOptions::FullDataLoaderOptions(const DataLoaderOptions& options)
    : batch_size(options.batch_size()),
      workers(options.workers()),
      max_jobs(options.max_jobs().value_or(2 * options.workers())),
      timeout(options.timeout()),
      enforce_ordering(options.enforce_ordering()),
      drop_last(options.drop_last()) {
  check(batch_size > 0, "DataLoader: batch_size is 0, expected at least 1");
  check(workers == 0 || max_jobs > 0,
        "DataLoader: max_jobs is 0, expected at least 1 for {} workers", workers);
}

}  // namespace xgrad::data
