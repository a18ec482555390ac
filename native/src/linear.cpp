// Matrix products, reductions and what is made of reductions.
#include "shim.h"

#include <numeric>

using namespace segnext;

namespace {

// No dimension given means all of them; a tensor without dimensions has none to give.
std::vector<int64_t> reduced(const at::Tensor& x, const int64_t* dims, int32_t count) {
  std::vector<int64_t> all;
  if (count == 0) {
    all.resize(static_cast<size_t>(x.dim()));
    std::iota(all.begin(), all.end(), 0);
  } else {
    all.assign(dims, dims + count);
  }

  return all;
}

}  // namespace

extern "C" {

int32_t segnext_matmul(const segnext_tensor* x, const segnext_tensor* y, segnext_tensor** result) {
  return guard([&] { give(result, at::matmul(in(x), in(y))); });
}

int32_t segnext_bmm(const segnext_tensor* x, const segnext_tensor* y, segnext_tensor** result) {
  return guard([&] { give(result, at::bmm(in(x), in(y))); });
}

int32_t segnext_linear(const segnext_tensor* x, const segnext_tensor* weight, const segnext_tensor* bias,
                       segnext_tensor** result) {
  return guard([&] { give(result, at::linear(in(x), in(weight), optional(bias))); });
}

int32_t segnext_sum(const segnext_tensor* x, const int64_t* dims, int32_t count, int32_t keep_dim,
                    segnext_tensor** result) {
  return guard([&] { give(result, at::sum(in(x), reduced(in(x), dims, count), keep_dim != 0)); });
}

int32_t segnext_mean(const segnext_tensor* x, const int64_t* dims, int32_t count, int32_t keep_dim,
                     segnext_tensor** result) {
  return guard([&] { give(result, at::mean(in(x), reduced(in(x), dims, count), keep_dim != 0)); });
}

int32_t segnext_norm(const segnext_tensor* x, const int64_t* dims, int32_t count, int32_t keep_dim,
                     segnext_tensor** result) {
  return guard([&] { give(result, at::norm(in(x), 2, reduced(in(x), dims, count), keep_dim != 0)); });
}

int32_t segnext_max(const segnext_tensor* x, const int64_t* dims, int32_t count, int32_t keep_dim,
                    segnext_tensor** result) {
  return guard([&] { give(result, at::amax(in(x), reduced(in(x), dims, count), keep_dim != 0)); });
}

int32_t segnext_min(const segnext_tensor* x, const int64_t* dims, int32_t count, int32_t keep_dim,
                    segnext_tensor** result) {
  return guard([&] { give(result, at::amin(in(x), reduced(in(x), dims, count), keep_dim != 0)); });
}

int32_t segnext_argmax(const segnext_tensor* x, int64_t dim, int32_t keep_dim, segnext_tensor** result) {
  return guard([&] { give(result, at::argmax(in(x), dim, keep_dim != 0)); });
}

int32_t segnext_topk(const segnext_tensor* x, int64_t k, int64_t dim, int32_t largest, segnext_tensor** values,
                     segnext_tensor** indices) {
  return guard([&] {
    auto best = at::topk(in(x), k, dim, largest != 0, /*sorted=*/true);
    give(values, std::get<0>(best));
    give(indices, std::get<1>(best));
  });
}

int32_t segnext_sort(const segnext_tensor* x, int64_t dim, int32_t descending, segnext_tensor** values,
                     segnext_tensor** indices) {
  return guard([&] {
    // Stable, so that ties fall the same way on every machine.
    auto sorted = at::sort(in(x), /*stable=*/true, dim, descending != 0);
    give(values, std::get<0>(sorted));
    give(indices, std::get<1>(sorted));
  });
}

int32_t segnext_kth_value(const segnext_tensor* x, int64_t k, int64_t dim, int32_t keep_dim, segnext_tensor** result) {
  return guard([&] { give(result, std::get<0>(at::kthvalue(in(x), k, dim, keep_dim != 0))); });
}

int32_t segnext_cumsum(const segnext_tensor* x, int64_t dim, segnext_tensor** result) {
  return guard([&] { give(result, at::cumsum(in(x), dim)); });
}

int32_t segnext_logsumexp(const segnext_tensor* x, int64_t dim, int32_t keep_dim, segnext_tensor** result) {
  return guard([&] { give(result, at::logsumexp(in(x), dim, keep_dim != 0)); });
}

int32_t segnext_bincount(const segnext_tensor* x, int64_t bins, segnext_tensor** result) {
  return guard([&] { give(result, at::bincount(in(x), {}, bins)); });
}

int32_t segnext_softmax(const segnext_tensor* x, int64_t dim, segnext_tensor** result) {
  return guard([&] { give(result, at::softmax(in(x), dim)); });
}

int32_t segnext_log_softmax(const segnext_tensor* x, int64_t dim, segnext_tensor** result) {
  return guard([&] { give(result, at::log_softmax(in(x), dim)); });
}

int32_t segnext_all_finite(const segnext_tensor* x, int32_t* answer) {
  return guard([&] { *answer = at::isfinite(in(x).detach()).all().item<bool>() ? 1 : 0; });
}

}  // extern "C"
