// Reading the data of one tensor from a JSON checkpoint. Private to the library's sources.
#pragma once

#include "xgrad/io/document.h"
#include "xgrad/io/json_scanner.h"

namespace xgrad::io {

// Reads `[1, 2, ...]` or `{"base64": "..."}` at the scanner into a new buffer of record.dtype and
// record.shape. The buffer is made only if the rest of the file can fill it, so that a wrong shape
// costs no memory.
void read_data(JsonScanner& scanner, Record& record);

}  // namespace xgrad::io
