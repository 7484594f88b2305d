// xgrad verify: whether a checkpoint is whole.
#include <iostream>

#include "verbs.h"
#include "xgrad/io/records.h"

namespace cli {

int verify(const std::string& file, bool quiet) {
  const xgrad::io::Document document = xgrad::io::read_document(file);
  if (quiet) return 0;
  const char* verdict = document.is_checksummed ? "whole" : "well-formed, but without checksums";
  std::cout << file << ": " << verdict << " (" << content_text(document) << ")\n";
  return 0;
}

}  // namespace cli
