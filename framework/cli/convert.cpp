// xgrad convert: one checkpoint in another format.
#include "verbs.h"
#include "xgrad/io/records.h"

namespace cli {

bool is_checkpoint_name(const std::string& file) {
  return file.ends_with(".json") || file.ends_with(".safetensors") || file.ends_with(".npz");
}

int convert(const std::string& from, const std::string& to, bool base64) {
  xgrad::io::JsonOptions options;
  if (base64) options.base64_from = 0;
  write_document(to, xgrad::io::read_document(from), options);
  return 0;
}

}  // namespace cli
