// Prints tensors as PyTorch does in Python: tensor([[0.1156, -0.2897], ...]).
// Source: https://pytorch.org/docs/stable/generated/torch.set_printoptions.html (the default
// profile).
#include "xgrad/core/print.h"

#include <cmath>
#include <iostream>

#include "xgrad/core/format.h"

namespace xgrad {
namespace {

constexpr std::int64_t kThreshold = 1000;  // more elements than this are summarized...
constexpr std::int64_t kEdge = 3;          // ...to so many at each end of a dim

std::size_t as_size(std::int64_t i) { return static_cast<std::size_t>(i); }

// A tensor's elements by place, converted for printing.
class Elements {
 public:
  explicit Elements(const Tensor& tensor) : data_(tensor.data_ptr()), type_(tensor.scalar_type()) {}
  bool floating() const { return isFloatingType(type_); }
  double number(std::int64_t place) const {
    return type_ == kFloat ? static_cast<const float*>(data_)[place]
                           : static_cast<const double*>(data_)[place];
  }
  std::string integer(std::int64_t place) const {
    switch (type_) {
      case kBool:
        return static_cast<const bool*>(data_)[place] ? "True" : "False";
      case kByte:
        return fmt::format("{}", static_cast<const std::uint8_t*>(data_)[place]);
      case kInt:
        return fmt::format("{}", static_cast<const std::int32_t*>(data_)[place]);
      default:
        return fmt::format("{}", static_cast<const std::int64_t*>(data_)[place]);
    }
  }

 private:
  const void* data_;
  ScalarType type_;
};

// How all elements of one tensor are written: whole numbers, four digits or an exponent, in columns
// of one width.
class Format {
 public:
  // Takes note of an element that is going to be printed.
  void see(const Elements& elements, std::int64_t place) {
    if (!elements.floating()) {
      width_ = std::max(width_, elements.integer(place).size());
      return;
    }
    const double x = elements.number(place);
    if (!std::isfinite(x) || x == 0) return;
    seen_.push_back(x);
    whole_ = whole_ && x == std::ceil(x);
  }

  // After all were seen.
  void settle() {
    if (seen_.empty()) return;
    double least = std::fabs(seen_[0]), most = least;
    for (const double x : seen_) {
      least = std::min(least, std::fabs(x));
      most = std::max(most, std::fabs(x));
    }
    exponent_ = most / least > 1000. || most > 1.e8 || (!whole_ && least < 1.e-4);
    for (const double x : seen_) width_ = std::max(width_, text(x).size());
    seen_.clear();
  }

  std::size_t width() const { return width_; }

  std::string padded(const Elements& elements, std::int64_t place) const {
    const std::string plain =
        elements.floating() ? text(elements.number(place)) : elements.integer(place);
    return std::string(width_ - std::min(width_, plain.size()), ' ') + plain;
  }

 private:
  std::string text(double x) const {
    if (std::isnan(x)) return "nan";
    if (std::isinf(x)) return x < 0 ? "-inf" : "inf";
    if (exponent_) return fmt::format("{:.4e}", x);
    return whole_ ? fmt::format("{:.0f}.", x) : fmt::format("{:.4f}", x);
  }

  std::size_t width_ = 1;
  bool whole_ = true, exponent_ = false;
  std::vector<double> seen_;
};

class Printer {
 public:
  Printer(const Tensor& tensor, std::int64_t line_width)
      : tensor_(tensor),
        elements_(tensor),
        line_width_(line_width),
        summarizes_(tensor.numel() > kThreshold) {
    see(0, 0);
    format_.settle();
  }

  std::string text(std::int64_t indent) const { return text(0, 0, indent); }

 private:
  bool cuts(std::size_t dim) const { return summarizes_ && tensor_.sizes()[dim] > 2 * kEdge; }

  // f(i) for the indices along dim that are shown.
  template <class F>
  void for_each_shown(std::size_t dim, const F& f) const {
    const std::int64_t size = tensor_.sizes()[dim];
    for (std::int64_t i = 0; i < size; ++i) {
      if (i == kEdge && cuts(dim)) i = size - kEdge;
      f(i);
    }
  }

  void see(std::size_t dim, std::int64_t place) {
    if (dim == tensor_.sizes().size()) return format_.see(elements_, place);
    for_each_shown(dim, [&](std::int64_t i) { see(dim + 1, place + i * tensor_.strides()[dim]); });
  }

  std::string text(std::size_t dim, std::int64_t place, std::int64_t indent) const {
    if (dim == tensor_.sizes().size()) return format_.padded(elements_, place);
    const bool row = dim + 1 == tensor_.sizes().size();
    std::vector<std::string> parts;
    for_each_shown(dim, [&](std::int64_t i) {
      if (i == tensor_.sizes()[dim] - kEdge && cuts(dim)) parts.push_back(row ? " ..." : "...");
      parts.push_back(text(dim + 1, place + i * tensor_.strides()[dim], indent + 1));
    });
    return "[" + (row ? lines(parts, indent) : joined(parts, dim, indent)) + "]";
  }

  // A vector's elements, as many in a line as there is room for.
  std::string lines(const std::vector<std::string>& parts, std::int64_t indent) const {
    const auto width = static_cast<std::int64_t>(format_.width()) + 2;
    const std::int64_t fit = line_width_ > indent ? (line_width_ - indent) / width : 0;
    const std::size_t per_line = as_size(std::max<std::int64_t>(1, fit));
    std::string text;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (i != 0) text += i % per_line == 0 ? ",\n" + std::string(as_size(indent + 1), ' ') : ", ";
      text += parts[i];
    }
    return text;
  }

  // Slices below each other, with an empty line more for every dim above matrices.
  std::string joined(const std::vector<std::string>& parts, std::size_t dim,
                     std::int64_t indent) const {
    const std::string newlines(tensor_.sizes().size() - dim - 1, '\n');
    const std::string separator = "," + newlines + std::string(as_size(indent + 1), ' ');
    std::string text;
    for (std::size_t i = 0; i < parts.size(); ++i) text += (i == 0 ? "" : separator) + parts[i];
    return text;
  }

  const Tensor& tensor_;
  Elements elements_;
  std::int64_t line_width_;
  bool summarizes_;
  Format format_;
};

// What stands behind the elements: what they do not show.
std::vector<std::string> suffixes(const Tensor& tensor) {
  std::vector<std::string> texts;
  const ScalarType type = tensor.scalar_type();
  const bool empty = tensor.numel() == 0, is_default = type == get_default_dtype_as_scalartype();
  if (empty && tensor.dim() != 1) {
    texts.push_back(fmt::format("size=({})", fmt::join(tensor.sizes(), ", ")));
  }
  if (!is_default && (empty || (type != kLong && type != kBool)))
    texts.push_back(fmt::format("dtype=torch.{}", dtype_name(type)));
  if (const std::string name = detail::grad_fn_name(tensor); !name.empty()) {
    texts.push_back("grad_fn=<" + name + ">");
  } else if (tensor.requires_grad()) {
    texts.push_back("requires_grad=True");
  }
  return texts;
}

std::string text_of(const Tensor& tensor, std::int64_t line_width) {
  if (!tensor.defined()) return "[ Tensor (undefined) ]";
  const std::string prefix = "tensor(";
  const auto indent = static_cast<std::int64_t>(prefix.size());
  std::string text =
      prefix + (tensor.numel() == 0 ? "[]" : Printer(tensor, line_width).text(indent));
  const std::size_t newline = text.rfind('\n');
  auto column = static_cast<std::int64_t>(newline == std::string::npos ? text.size() + 2
                                                                       : text.size() - newline + 1);
  for (const std::string& suffix : suffixes(tensor)) {
    const auto size = static_cast<std::int64_t>(suffix.size());
    if (column + size + 2 > line_width) {
      text += ",\n" + std::string(prefix.size(), ' ') + suffix;
      column = indent + size;
    } else {
      text += ", " + suffix;
      column += size + 2;
    }
  }
  return text + ")";
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Tensor& tensor) {
  return out << text_of(tensor, 80);
}
std::ostream& operator<<(std::ostream& out, TensorList tensors) {
  out << '[';
  for (std::size_t i = 0; i < tensors.size(); ++i) out << (i == 0 ? "" : ", ") << tensors[i];
  return out << ']';
}
void print(std::ostream& out, const Tensor& tensor, std::int64_t line_width) {
  out << text_of(tensor, line_width);
}
void print(const Tensor& tensor, std::int64_t line_width) { print(std::cout, tensor, line_width); }

}  // namespace xgrad
