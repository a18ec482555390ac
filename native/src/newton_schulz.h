// Newton-Schulz rounds of Muon, which take a matrix near the nearest one whose singular values are all 1.
#pragma once

#include <ATen/ATen.h>

#include <vector>

namespace segnext {

// Orthogonalises matrices [rows, columns] in place, each in the format and on the device that it has; single precision
// on the CPU by this file's own products, whose result does not depend on the number of threads.
void orthogonalise(std::vector<at::Tensor>& matrices, int32_t rounds);

}  // namespace segnext
