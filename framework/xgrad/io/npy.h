// npy and npz: NumPy's formats, on the same records as JSON.
//
//   io::write_npz("m.npz", document);           // numpy.load("m.npz")["fc.weight"]
//   io::Document document = io::read_npz("m.npz");
//   io::Record array = io::read_npy("x.npy");
//
// Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html. npy versions 1 to
// 3 are read, 1 is written; arrays in Fortran order are read into row-major order. npz is a zip of
// npy files, stored or deflated when read, stored when written; files of ours also hold
// "xgrad.json", with kinds, ties, sections, metadata and a checksum (FORMAT.md), foreign ones
// become one section "model" of parameters. Dtypes: float32, float64, int64, int32, uint8, bool,
// little-endian.
#pragma once

#include <string>
#include <string_view>

#include "xgrad/io/document.h"
#include "xgrad/io/sink.h"

namespace xgrad::io {

// Errors: `npy <path>: ...`. The name of the record is not kept and is empty when read.
void write_npy(const std::string& path, const Record& record);
void write_npy(Sink& sink, const Record& record);
Record read_npy(const std::string& path);
Record parse_npy(std::string_view content, const std::string& name = "<memory>");

// Errors: `checkpoint <path>: ...`. Whole or not at all, as for JSON.
void write_npz(const std::string& path, const Document& document);
void write_npz(Sink& sink, const Document& document, const std::string& label = "checkpoint");
Document read_npz(const std::string& path);
Document parse_npz(std::string_view content, const std::string& name = "<memory>");

}  // namespace xgrad::io
