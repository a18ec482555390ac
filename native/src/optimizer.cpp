// AdamW over all parameters in one call, and clipping of gradients.
#include "shim.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>

using namespace segnext;

#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__)
// The build is for any x86-64; the loop below gains from the wider registers where the machine has them.
#define SEGNEXT_WIDEST __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define SEGNEXT_WIDEST
#endif

namespace {

// The constants of one parameter's step, as PyTorch's AdamW forms them (torch/optim/adamw.py, _single_tensor_adamw).
struct Coefficients {
  double decay;               // 1 - lr * weight_decay
  double beta1;
  double beta2;
  double step_size;           // lr / (1 - beta1^t)
  double correction2_sqrt;    // sqrt(1 - beta2^t)
  double eps;
};

struct Job {
  at::Tensor parameter, gradient, exp_avg, exp_avg_sq;
  Coefficients coefficients;
};

// A run of elements in storage order, small enough that large parameters spread over the threads.
struct Chunk {
  float* parameter;
  const float* gradient;
  float* exp_avg;
  float* exp_avg_sq;
  int64_t length;
  const Coefficients* coefficients;
};

constexpr int64_t chunk_length = 32768;

SEGNEXT_WIDEST void step_chunk(const Chunk& chunk) {
  float* __restrict p = chunk.parameter;
  const float* __restrict g = chunk.gradient;
  float* __restrict m = chunk.exp_avg;
  float* __restrict v = chunk.exp_avg_sq;
  const Coefficients& c = *chunk.coefficients;
  const float decay = static_cast<float>(c.decay);
  const float beta1 = static_cast<float>(c.beta1);
  const float beta2 = static_cast<float>(c.beta2);
  const float rest1 = static_cast<float>(1 - c.beta1);
  const float rest2 = static_cast<float>(1 - c.beta2);
  const float step_size = static_cast<float>(c.step_size);
  const float correction2_sqrt = static_cast<float>(c.correction2_sqrt);
  const float eps = static_cast<float>(c.eps);
  for (int64_t i = 0; i < chunk.length; i++) {
    const float gradient = g[i];
    const float first = m[i] * beta1 + gradient * rest1;
    const float second = v[i] * beta2 + gradient * gradient * rest2;
    m[i] = first;
    v[i] = second;
    p[i] = p[i] * decay - step_size * (first / (std::sqrt(second) / correction2_sqrt + eps));
  }
}

// Dimensions of size 1 have no layout: their stride is never walked.
bool same_layout(const at::Tensor& x, const at::Tensor& y) {
  if (!x.sizes().equals(y.sizes())) {
    return false;
  }

  for (int64_t dim = 0; dim < x.dim(); dim++) {
    if (x.size(dim) > 1 && x.stride(dim) != y.stride(dim)) {
      return false;
    }
  }

  return true;
}

bool is_dense_float(const at::Tensor& x) {
  return x.device().is_cpu() && x.scalar_type() == at::kFloat && x.layout() == at::kStrided &&
         x.is_non_overlapping_and_dense();
}

bool can_fuse(const Job& job) {
  return is_dense_float(job.parameter) && is_dense_float(job.gradient) && is_dense_float(job.exp_avg) &&
         is_dense_float(job.exp_avg_sq) && same_layout(job.parameter, job.gradient) &&
         same_layout(job.parameter, job.exp_avg) && same_layout(job.parameter, job.exp_avg_sq);
}

void step_fused(const std::vector<Job>& jobs) {
  std::vector<Chunk> chunks;
  for (const Job& job : jobs) {
    const int64_t total = job.parameter.numel();
    for (int64_t start = 0; start < total; start += chunk_length) {
      chunks.push_back({job.parameter.data_ptr<float>() + start, job.gradient.data_ptr<float>() + start,
                        job.exp_avg.data_ptr<float>() + start, job.exp_avg_sq.data_ptr<float>() + start,
                        std::min(chunk_length, total - start), &job.coefficients});
    }

    // Autograd must see a saved parameter as changed, as it would after an in-place operation.
    job.parameter.unsafeGetTensorImpl()->bump_version();
  }

  at::parallel_for(0, static_cast<int64_t>(chunks.size()), 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      step_chunk(chunks[static_cast<size_t>(i)]);
    }
  });
}

// Any type, layout and device; on CUDA each of these is a few launches for all parameters together.
void step_foreach(const std::vector<Job>& jobs, double beta1, double beta2, double eps) {
  std::vector<at::Tensor> p, g, m, v;
  std::vector<at::Scalar> decay, correction, step_size;
  for (const Job& job : jobs) {
    p.push_back(job.parameter);
    g.push_back(job.gradient);
    m.push_back(job.exp_avg);
    v.push_back(job.exp_avg_sq);
    decay.emplace_back(job.coefficients.decay);
    correction.emplace_back(job.coefficients.correction2_sqrt);
    step_size.emplace_back(-job.coefficients.step_size);
  }

  at::_foreach_mul_(p, decay);
  at::_foreach_mul_(m, at::Scalar(beta1));
  at::_foreach_add_(m, g, at::Scalar(1 - beta1));
  at::_foreach_mul_(v, at::Scalar(beta2));
  at::_foreach_addcmul_(v, g, g, at::Scalar(1 - beta2));
  std::vector<at::Tensor> denominator = at::_foreach_sqrt(v);
  at::_foreach_div_(denominator, correction);
  at::_foreach_add_(denominator, at::Scalar(eps));
  at::_foreach_addcdiv_(p, m, denominator, step_size);
}

}  // namespace

extern "C" {

int32_t segnext_adamw_step(segnext_tensor* const* parameters, segnext_tensor* const* exp_avg,
                           segnext_tensor* const* exp_avg_sq, const double* learning_rates,
                           const double* weight_decays, int64_t* steps, int32_t count, double beta1, double beta2,
                           double eps) {
  return guard([&] {
    const at::NoGradGuard no_grad;
    std::vector<Job> fused, others;
    for (int32_t i = 0; i < count; i++) {
      const at::Tensor& parameter = in(parameters[i]);
      const at::Tensor& gradient = parameter.grad();
      if (!gradient.defined()) {
        continue;
      }

      const double t = static_cast<double>(++steps[i]);
      Job job{parameter, gradient, in(exp_avg[i]), in(exp_avg_sq[i]),
              {1 - learning_rates[i] * weight_decays[i], beta1, beta2,
               learning_rates[i] / (1 - std::pow(beta1, t)), std::sqrt(1 - std::pow(beta2, t)), eps}};
      (can_fuse(job) ? fused : others).push_back(std::move(job));
    }

    step_fused(fused);
    if (!others.empty()) {
      step_foreach(others, beta1, beta2, eps);
    }
  });
}

int32_t segnext_clip_grad_norm(segnext_tensor* const* parameters, int32_t count, double max_norm, double* norm) {
  return guard([&] {
    const at::NoGradGuard no_grad;
    const std::vector<at::Tensor> gradients = gradients_of(parameters, count);

    *norm = 0;
    if (gradients.empty()) {
      return;
    }

    *norm = at::stack(at::_foreach_norm(gradients)).norm().item().toDouble();
    // torch.nn.utils.clip_grad_norm_ adds the same 1e-6, so that a run clips exactly as the released recipe does.
    const double scale = max_norm / (*norm + 1e-6);
    if (scale < 1) {
      at::_foreach_mul_(gradients, at::Scalar(scale));
    }
  });
}

}  // extern "C"
