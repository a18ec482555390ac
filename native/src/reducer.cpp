// Gradients averaged over the processes of a group, in buckets, while the backward pass goes on.
#include <torch/version.h>

#include "distributed.h"

#ifndef SEGNEXT_WITHOUT_DISTRIBUTED

#include <c10/util/Exception.h>
#include <torch/csrc/distributed/c10d/reducer.hpp>

#include <type_traits>

using namespace segnext;

namespace {

// The reducer advises to skip the search for unused parameters where a pass had none, which is no news to anybody.
struct Silence : c10::WarningHandler {
#if TORCH_VERSION_MAJOR >= 2
  void process(const c10::Warning&) override {}
#else
  void process(const c10::SourceLocation&, const std::string&, const bool) override {}
#endif
};

#if TORCH_VERSION_MAJOR >= 2
using HandlerGuard = c10::WarningUtils::WarningHandlerGuard;
#else
using HandlerGuard = c10::Warning::WarningHandlerGuard;
#endif

// The empty value of whatever type is asked for.
struct Empty {
  template <class Type>
  operator Type() const {
    return Type();
  }
};

// Later versions take no limits of the single buckets, and options at the end, each of which stands for what was before when it
// is false or empty. The constructor at hand decides.
template <class... Rest>
std::unique_ptr<c10d::Reducer> make_reducer(const std::vector<at::Tensor>& tensors,
                                            const std::vector<std::vector<size_t>>& buckets,
                                            const std::vector<size_t>& limits,
                                            const c10::intrusive_ptr<c10d::ProcessGroup>& group, int64_t bucket_bytes,
                                            int64_t first_bucket_bytes, Rest... rest) {
  using Tensors = std::vector<at::Tensor>;
  using Buckets = std::vector<std::vector<size_t>>;
  using Limits = std::vector<size_t>;
  using Group = c10::intrusive_ptr<c10d::ProcessGroup>;
  using Flags = std::vector<bool>;
  using Names = std::unordered_map<size_t, std::string>;
  static_assert(sizeof...(Rest) < 8, "no constructor of this libtorch's Reducer is known");

  // Parameters that a pass does not reach are found in its graph: they keep no gradient, as with one process. It also keeps
  // the buckets as they are for the whole run, so that sums do not depend on when a run was resumed.
  constexpr bool find_unused_parameters = true;
  constexpr bool gradient_as_bucket_view = false;
  const Flags sparse(tensors.size(), false);
  if constexpr (std::is_constructible_v<c10d::Reducer, Tensors, Buckets, Limits, Group, Flags, int64_t, bool, bool, Names,
                                        int64_t, Rest...>) {
    return std::make_unique<c10d::Reducer>(tensors, buckets, limits, group, sparse, bucket_bytes, find_unused_parameters,
                                           gradient_as_bucket_view, Names(), first_bucket_bytes, rest...);
  } else if constexpr (std::is_constructible_v<c10d::Reducer, Tensors, Buckets, Group, Flags, int64_t, bool, bool, Names, int64_t,
                                               Rest...>) {
    return std::make_unique<c10d::Reducer>(tensors, buckets, group, sparse, bucket_bytes, find_unused_parameters,
                                           gradient_as_bucket_view, Names(), first_bucket_bytes, rest...);
  } else {
    return make_reducer(tensors, buckets, limits, group, bucket_bytes, first_bucket_bytes, rest..., Empty());
  }
}

}  // namespace

struct segnext_reducer {
  std::unique_ptr<c10d::Reducer> value;
};

extern "C" {

int32_t segnext_reducer_new(segnext_process_group* group, const segnext_tensor* const* parameters, int32_t count,
                            int64_t first_bucket_bytes, int64_t bucket_bytes, segnext_reducer** result) {
  return guard([&] {
    if (group == nullptr) {
      throw std::invalid_argument("a handle of data-parallel training is null");
    }

    const std::vector<at::Tensor> tensors = list(parameters, count);
    // The backward pass comes to the last parameters first: buckets are filled in that order, a small one to begin with,
    // so that the exchange starts early.
    std::vector<at::Tensor> backward(tensors.rbegin(), tensors.rend());
    std::vector<int64_t> places;
    for (int64_t i = count - 1; i >= 0; i--) {
      places.push_back(i);
    }

    const std::vector<bool> sparse(tensors.size(), false);
    const auto buckets = c10d::compute_bucket_assignment_by_size(
        backward, {static_cast<size_t>(first_bucket_bytes), static_cast<size_t>(bucket_bytes)}, sparse, places);
    *result = new segnext_reducer{make_reducer(tensors, std::get<0>(buckets), std::get<1>(buckets), group->group, bucket_bytes,
                                               first_bucket_bytes)};
  });
}

int32_t segnext_reducer_prepare(segnext_reducer* reducer, const segnext_tensor* output) {
  return guard([&] {
    Silence silence;
    HandlerGuard guarded(&silence);
    reducer->value->prepare_for_forward();
    reducer->value->prepare_for_backward({in(output)});
  });
}

int32_t segnext_reducer_free(segnext_reducer* reducer) {
  return guard([&] { delete reducer; });
}

}  // extern "C"

#ifdef SEGNEXT_PROBE
int main() {
  return segnext_reducer_free(nullptr);
}
#endif

#else

extern "C" {

int32_t segnext_reducer_new(segnext_process_group*, const segnext_tensor* const*, int32_t, int64_t, int64_t,
                            segnext_reducer**) {
  return segnext::guard(segnext::without_distributed);
}

int32_t segnext_reducer_prepare(segnext_reducer*, const segnext_tensor*) {
  return segnext::guard(segnext::without_distributed);
}

int32_t segnext_reducer_free(segnext_reducer*) {
  return SEGNEXT_OK;
}

}  // extern "C"

#endif
