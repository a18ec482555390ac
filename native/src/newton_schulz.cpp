#include "newton_schulz.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <memory>

#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__)
#define SEGNEXT_LEVELS
#endif

namespace segnext {
namespace {

// Keller Jordan's quintic: five rounds bring singular values between 0.005 and 1 to about 0.7 to 1.2.
constexpr double linear = 3.4445;
constexpr double cubic = -4.7750;
constexpr double quintic = 2.0315;
constexpr double norm_eps = 1e-7;

// ---- any format and device ----

// Of matrices [n, rows, columns], as many at once as have one shape; rows <= columns, so that products of two are small.
at::Tensor rounds_of_batch(at::Tensor x, int32_t rounds) {
  x = x / (at::linalg_vector_norm(x, 2, at::IntArrayRef({1, 2}), /*keepdim=*/true) + norm_eps);
  for (int32_t i = 0; i < rounds; i++) {
    const at::Tensor gram = at::bmm(x, x.transpose(1, 2));
    const at::Tensor polynomial = at::baddbmm(gram, gram, gram, cubic, quintic);
    x = at::baddbmm(x, polynomial, x, linear, 1);
  }

  return x;
}

void orthogonalise_by_shape(const std::vector<at::Tensor*>& matrices, int32_t rounds) {
  std::vector<bool> done(matrices.size());
  for (size_t i = 0; i < matrices.size(); i++) {
    if (done[i]) {
      continue;
    }

    const at::Tensor& first = *matrices[i];
    const bool tall = first.size(0) > first.size(1);
    std::vector<size_t> places;
    std::vector<at::Tensor> batch;
    for (size_t j = i; j < matrices.size(); j++) {
      const at::Tensor& x = *matrices[j];
      if (!done[j] && x.sizes().equals(first.sizes()) && x.options().type_equal(first.options()) &&
          x.device() == first.device()) {
        done[j] = true;
        places.push_back(j);
        batch.push_back(tall ? x.t() : x);
      }
    }

    const at::Tensor result = rounds_of_batch(at::stack(batch), rounds);
    for (size_t j = 0; j < places.size(); j++) {
      const at::Tensor one = result.select(0, static_cast<int64_t>(j));
      *matrices[places[j]] = tall ? one.t() : one;
    }
  }
}

// ---- single precision on the CPU ----

// libtorch's BLAS would spread each of these small products over all threads and wait for them at each; here a thread
// does whole matrices. Of the symmetric products half is computed.

constexpr int64_t tile_columns = 32;

// c[i, 0..31] = alpha * sum_k a[i, k] * panel[k, 0..31] + beta * c0[i, 0..31] for `rows` rows, a multiple of 32.
struct PanelProduct {
  const float* a;
  const float* panel;
  const float* c0;
  float* c;
  int64_t rows, depth, a_stride, c0_stride, c_stride;
  float alpha, beta;
};

template <int64_t lanes>
struct Vector {
  typedef float type __attribute__((vector_size(lanes * sizeof(float)), aligned(4), may_alias));
};

// By tiles of two vectors a row, as many rows as the registers hold sums of.
template <int64_t lanes, int64_t tile_rows>
__attribute__((always_inline)) inline void multiply_by(const PanelProduct& p) {
  typedef typename Vector<lanes>::type Lanes;
  constexpr int64_t width = 2 * lanes;
  for (int64_t row = 0; row < p.rows; row += tile_rows) {
    for (int64_t column = 0; column < tile_columns; column += width) {
      Lanes sums[tile_rows][2] = {};
      const float* a = p.a + row * p.a_stride;
      const float* panel = p.panel + column;
      for (int64_t k = 0; k < p.depth; k++, panel += tile_columns) {
        const Lanes left = *reinterpret_cast<const Lanes*>(panel);
        const Lanes right = *reinterpret_cast<const Lanes*>(panel + lanes);
#pragma GCC unroll 8
        for (int64_t i = 0; i < tile_rows; i++) {
          const float factor = a[i * p.a_stride + k];
          sums[i][0] += factor * left;
          sums[i][1] += factor * right;
        }
      }

#pragma GCC unroll 8
      for (int64_t i = 0; i < tile_rows; i++) {
        const float* c0 = p.c0 + (row + i) * p.c0_stride + column;
        float* c = p.c + (row + i) * p.c_stride + column;
        for (int64_t half = 0; half < 2; half++) {
          const Lanes before = *reinterpret_cast<const Lanes*>(c0 + half * lanes);
          *reinterpret_cast<Lanes*>(c + half * lanes) = p.alpha * sums[i][half] + p.beta * before;
        }
      }
    }
  }
}

void multiply_baseline(const PanelProduct& p) { multiply_by<4, 4>(p); }

#ifdef SEGNEXT_LEVELS
// The build is for any x86-64. The tile depends on the level: one too large for the registers goes through memory at each
// product, and takes ten times as long.
__attribute__((target("avx2,fma"))) void multiply_avx2(const PanelProduct& p) { multiply_by<8, 4>(p); }

__attribute__((target("avx512f"))) void multiply_avx512(const PanelProduct& p) { multiply_by<16, 8>(p); }
#endif

typedef void (*Multiply)(const PanelProduct&);

Multiply widest() {
#ifdef SEGNEXT_LEVELS
  if (__builtin_cpu_supports("avx512f")) {
    return multiply_avx512;
  }

  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    return multiply_avx2;
  }
#endif
  return multiply_baseline;
}

const Multiply multiply = widest();

int64_t padded(int64_t size) {
  return (size + tile_columns - 1) / tile_columns * tile_columns;
}

// A matrix and its room for the rounds, zero beyond its sizes, so that no product has a remainder.
class Rounds {
 public:
  Rounds(int64_t rows, int64_t columns)
      : rows_(padded(rows)), columns_(padded(columns)), x_(allocate(rows_ * columns_)), gram_(allocate(rows_ * rows_)),
        polynomial_(allocate(rows_ * rows_)), panel_(allocate(std::max(rows_, columns_) * tile_columns)) {}

  void run(float* values, int64_t rows, int64_t columns, bool tall, int32_t rounds) {
    double squares = 0;
    for (int64_t i = 0; i < rows * columns; i++) {
      squares += static_cast<double>(values[i]) * values[i];
    }

    const float factor = static_cast<float>(1 / (std::sqrt(squares) + norm_eps));
    for (int64_t i = 0; i < rows; i++) {
      for (int64_t j = 0; j < columns; j++) {
        x_[i * columns_ + j] = factor * values[tall ? j * rows + i : i * columns + j];
      }
    }

    for (int32_t i = 0; i < rounds; i++) {
      round();
    }

    for (int64_t i = 0; i < rows; i++) {
      for (int64_t j = 0; j < columns; j++) {
        values[tall ? j * rows + i : i * columns + j] = x_[i * columns_ + j];
      }
    }
  }

 private:
  typedef std::unique_ptr<float[]> Buffer;

  static Buffer allocate(int64_t count) { return Buffer(new float[static_cast<size_t>(count)]()); }

  void round() {
    for (int64_t j = 0; j < rows_; j += tile_columns) {
      for (int64_t k = 0; k < columns_; k++) {
        for (int64_t lane = 0; lane < tile_columns; lane++) {
          panel_[k * tile_columns + lane] = x_[(j + lane) * columns_ + k];
        }
      }

      multiply({x_.get(), panel_.get(), gram_.get() + j, gram_.get() + j, j + tile_columns, columns_, columns_, rows_,
                rows_, 1, 0});
    }

    mirror(gram_.get());
    for (int64_t j = 0; j < rows_; j += tile_columns) {
      pack(gram_.get() + j, rows_);
      multiply({gram_.get(), panel_.get(), gram_.get() + j, polynomial_.get() + j, j + tile_columns, rows_, rows_,
                rows_, rows_, static_cast<float>(quintic), static_cast<float>(cubic)});
    }

    mirror(polynomial_.get());
    for (int64_t j = 0; j < columns_; j += tile_columns) {
      pack(x_.get() + j, columns_);
      multiply({polynomial_.get(), panel_.get(), x_.get() + j, x_.get() + j, rows_, rows_, rows_, columns_, columns_, 1,
                static_cast<float>(linear)});
    }
  }

  // The lower half of a symmetric matrix from its upper one.
  void mirror(float* symmetric) const {
    for (int64_t i = 0; i < rows_; i++) {
      for (int64_t j = 0; j < i; j++) {
        symmetric[i * rows_ + j] = symmetric[j * rows_ + i];
      }
    }
  }

  void pack(const float* columns, int64_t stride) {
    for (int64_t k = 0; k < rows_; k++) {
      std::memcpy(panel_.get() + k * tile_columns, columns + k * stride, tile_columns * sizeof(float));
    }
  }

  int64_t rows_, columns_;
  Buffer x_, gram_, polynomial_, panel_;
};

void orthogonalise_floats(std::vector<at::Tensor*>& matrices, int32_t rounds) {
  for (at::Tensor* x : matrices) {
    *x = x->contiguous();
  }

  // The longest first, so that threads end at about the same time.
  std::stable_sort(matrices.begin(), matrices.end(), [](const at::Tensor* x, const at::Tensor* y) {
    return x->numel() * std::min(x->size(0), x->size(1)) > y->numel() * std::min(y->size(0), y->size(1));
  });
  const int64_t count = static_cast<int64_t>(matrices.size());
  std::atomic<int64_t> next(0);
  at::parallel_for(0, std::min<int64_t>(count, at::get_num_threads()), 1, [&](int64_t begin, int64_t end) {
    for (int64_t thread = begin; thread < end; thread++) {
      for (int64_t i = next++; i < count; i = next++) {
        at::Tensor& x = *matrices[static_cast<size_t>(i)];
        const bool tall = x.size(0) > x.size(1);
        const int64_t rows = tall ? x.size(1) : x.size(0), columns = tall ? x.size(0) : x.size(1);
        Rounds(rows, columns).run(x.data_ptr<float>(), rows, columns, tall, rounds);
      }
    }
  });
}

}  // namespace

void orthogonalise(std::vector<at::Tensor>& matrices, int32_t rounds) {
  std::vector<at::Tensor*> floats, others;
  for (at::Tensor& x : matrices) {
    (x.device().is_cpu() && x.scalar_type() == at::kFloat ? floats : others).push_back(&x);
  }

  orthogonalise_by_shape(others, rounds);
  orthogonalise_floats(floats, rounds);
}

}  // namespace segnext
