// einsum: sums of products of tensors, named by labels. The core operation of xgrad; its gradient
// is einsum again.
//
//   einsum("ii", {a});                  // trace
//   einsum("ii->i", {a});               // diagonal
//   einsum("i,j->ij", {x, y});          // outer product
//   einsum("bij,bjk->bik", {a, b});     // batch matrix multiplication
//   einsum("...ij->...ji", {a});        // batch permute
//   einsum("bn,anm,bm->ba", {l, A, r}); // bilinear
//   einsum("i->ii", {x});               // a diagonal, written
//   einsum(a, {Ellipsis, 0, 1}, b, {Ellipsis, 1, 2}, {Ellipsis, 0, 2});   // sublist format
//
// A label (a letter) names a dim; equal labels run together, labels that the output lacks are
// summed over. "..." stands for the dims that have no label; they broadcast from the right. Without
// "->" the output is the ellipsis and then the labels that occur once, A-Z before a-z. Dims of size
// 1 broadcast. A label repeated in an operand takes a diagonal; one repeated in the output writes
// one. Operands of different dtypes are promoted.
//
// Errors name the equation: einsum "ij,jk->ik": label 'j' is 3 in operand 0 (2x3) but 4 in operand
// 1 (4x5). Source: https://pytorch.org/docs/stable/generated/torch.einsum.html.
#pragma once

#include "xgrad/contraction/path.h"
#include "xgrad/core/tensor.h"
#include "xgrad/core/tensor_index.h"

namespace xgrad {

using indexing::Ellipsis;

// Operands beyond two are contracted in the cheapest order, whose steps the tape keeps for backward
// (under autograd::checkpoint they are made again instead); `options` asks for another order or
// caps the intermediates.
Tensor einsum(std::string_view equation, TensorList operands,
              const contraction::PathOptions& options = {});

// The labels of one operand or of the output in sublist format: any ints >= 0, and Ellipsis once.
class Sublist {
 public:
  class Label {
   public:
    Label(int value) : value_(value) {}
    Label(const indexing::EllipsisIndexType&) : value_(contraction::kEllipsis), ellipsis_(true) {}
    bool is_ellipsis() const { return ellipsis_; }
    int value() const { return value_; }

   private:
    int value_;
    bool ellipsis_ = false;
  };

  Sublist(std::initializer_list<Label> labels) : labels_(labels) {}
  Sublist(std::vector<Label> labels) : labels_(std::move(labels)) {}
  Sublist(const std::vector<int>& labels) : labels_(labels.begin(), labels.end()) {}
  const std::vector<Label>& labels() const { return labels_; }

 private:
  std::vector<Label> labels_;
};

// The general form; without an output as for text.
Tensor einsum(TensorList operands, const std::vector<Sublist>& sublists);
Tensor einsum(TensorList operands, const std::vector<Sublist>& sublists, const Sublist& output);

Tensor einsum(const Tensor& a, const Sublist& labels_a);
Tensor einsum(const Tensor& a, const Sublist& labels_a, const Sublist& output);
Tensor einsum(const Tensor& a, const Sublist& labels_a, const Tensor& b, const Sublist& labels_b);
Tensor einsum(const Tensor& a, const Sublist& labels_a, const Tensor& b, const Sublist& labels_b,
              const Sublist& output);
Tensor einsum(const Tensor& a, const Sublist& labels_a, const Tensor& b, const Sublist& labels_b,
              const Tensor& c, const Sublist& labels_c);
Tensor einsum(const Tensor& a, const Sublist& labels_a, const Tensor& b, const Sublist& labels_b,
              const Tensor& c, const Sublist& labels_c, const Sublist& output);
Tensor einsum(const Tensor& a, const Sublist& labels_a, const Tensor& b, const Sublist& labels_b,
              const Tensor& c, const Sublist& labels_c, const Tensor& d, const Sublist& labels_d);
Tensor einsum(const Tensor& a, const Sublist& labels_a, const Tensor& b, const Sublist& labels_b,
              const Tensor& c, const Sublist& labels_c, const Tensor& d, const Sublist& labels_d,
              const Sublist& output);

// beta * addend + alpha * einsum(equation, operands), the sum added while it is formed. addend
// broadcasts to the result's shape. `node` is its name on the tape.
Tensor einsum_add(const Tensor& addend, std::string_view equation, TensorList operands,
                  double beta = 1, double alpha = 1, const char* node = "EinsumAddBackward0");
// einsum by the name `node` on the tape, for the ops that are one: a literal, which is kept.
Tensor einsum_named(const char* node, std::string_view equation, TensorList operands);

// The order in which einsum contracts these operands, with the kernel, the cost and the memory of
// each step: path.table() prints it.
contraction::Path einsum_path(std::string_view equation, TensorList operands,
                              const contraction::PathOptions& options = {});

}  // namespace xgrad
