// Muon: momentum whose matrix is orthogonalised, over all matrices in one call.
#include "newton_schulz.h"
#include "shim.h"

#include <algorithm>
#include <cmath>

using namespace segnext;

namespace {

struct Job {
  at::Tensor parameter;
  double decay;   // 1 - lr * weight_decay
  double factor;  // -lr * 0.2 * sqrt(max(rows, columns))
};

// At least single precision, for the products.
at::ScalarType working_type(const at::Tensor& x) {
  return x.scalar_type() == at::kDouble ? at::kDouble : at::kFloat;
}

}  // namespace

extern "C" {

int32_t segnext_muon_step(segnext_tensor* const* parameters, segnext_tensor* const* momenta,
                          const double* learning_rates, const double* weight_decays, int64_t* steps, int32_t count,
                          double momentum, int32_t rounds) {
  return guard([&] {
    const at::NoGradGuard no_grad;
    std::vector<Job> jobs;
    std::vector<at::Tensor> updates;
    for (int32_t i = 0; i < count; i++) {
      const at::Tensor& parameter = in(parameters[i]);
      const at::Tensor& gradient = parameter.grad();
      if (!gradient.defined()) {
        continue;
      }

      steps[i]++;
      const at::Tensor& mean = in(momenta[i]);
      mean.lerp_(gradient, 1 - momentum);

      // A weight as a matrix: an output's inputs, with the kernel's positions, are a row. lerp makes a new tensor.
      const at::Tensor ahead = gradient.lerp(mean, momentum).to(working_type(parameter));
      updates.push_back(ahead.reshape({ahead.size(0), -1}));
      const double side = static_cast<double>(std::max(updates.back().size(0), updates.back().size(1)));
      jobs.push_back({parameter, 1 - learning_rates[i] * weight_decays[i], -learning_rates[i] * 0.2 * std::sqrt(side)});
    }

    orthogonalise(updates, rounds);
    for (size_t i = 0; i < jobs.size(); i++) {
      const Job& job = jobs[i];
      job.parameter.mul_(job.decay);
      job.parameter.add_(updates[i].reshape(job.parameter.sizes()), job.factor);
    }
  });
}

}  // extern "C"
