// The verbs of the `xgrad` command, one file each. They print to stdout, return the exit code, and
// throw xgrad::Error for files that cannot be read or written.
#pragma once

#include <string>

#include "xgrad/io/document.h"

namespace cli {

// What is in a checkpoint, as a table or as one JSON object.
int inspect(const std::string& file, bool as_json);
// 0 if the file is whole; throws where it is not.
int verify(const std::string& file, bool quiet);
// 0 if both are the same, 1 if not; `tensors_only` leaves metadata, kinds and ties out.
int diff(const std::string& first, const std::string& second, bool tensors_only);
// Writes what the one file holds as another, in the format of its extension: one of a checkpoint.
int convert(const std::string& from, const std::string& to, bool base64);

// Whether a file of that name has an extension of a checkpoint.
bool is_checkpoint_name(const std::string& file);
// "12 tensors, 4.1 kB": how much a document holds.
std::string content_text(const xgrad::io::Document& document);

}  // namespace cli
