// Processes that compute together: the store they meet at, and the collective operations of their group.
#include <torch/version.h>

#include "distributed.h"

#ifndef SEGNEXT_WITHOUT_DISTRIBUTED

#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#ifdef SEGNEXT_WITH_NCCL
#include <torch/csrc/cuda/nccl.h>
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#endif

using namespace segnext;

namespace {

constexpr int32_t gloo_backend = 0;
constexpr int32_t nccl_backend = 1;

template <class Handle>
auto& value_of(Handle* handle) {
  if (handle == nullptr) {
    throw std::invalid_argument("a handle of data-parallel training is null");
  }

  return *handle;
}

std::chrono::milliseconds milliseconds(int64_t count) {
  return std::chrono::milliseconds(count);
}

// Since 2.4 the store's server is libuv's unless told otherwise, which not every package of libtorch has; the other is in all.
template <class Options>
auto choose_server(Options& options, int) -> decltype(static_cast<void>(options.useLibUV)) {
  options.useLibUV = false;
}

template <class Options>
void choose_server(Options&, long) {}

c10::intrusive_ptr<Backend> over_gloo(const c10::intrusive_ptr<c10d::Store>& store, int32_t rank, int32_t size,
                                      const char* address, const char* network_interface, int64_t timeout) {
  auto options = c10d::ProcessGroupGloo::Options::create(milliseconds(timeout));
  options->devices.push_back(
      network_interface != nullptr ? c10d::ProcessGroupGloo::createDeviceForInterface(network_interface)
      : address != nullptr         ? c10d::ProcessGroupGloo::createDeviceForHostname(address)
                                   : c10d::ProcessGroupGloo::createDefaultDevice());
  return c10::make_intrusive<c10d::ProcessGroupGloo>(store, rank, size, std::move(options));
}

c10::intrusive_ptr<Backend> over_nccl(const c10::intrusive_ptr<c10d::Store>& store, int32_t rank, int32_t size,
                                      int64_t timeout) {
#ifdef SEGNEXT_WITH_NCCL
  // The options hold NCCL's configuration, which grows from version to version.
  const uint64_t version = torch::cuda::nccl::version();
  const auto major = static_cast<uint32_t>(version >> 32U);
  const auto minor = static_cast<uint32_t>(version >> 16U) & 0xFFFFU;
  if (major != NCCL_MAJOR || minor != NCCL_MINOR) {
    throw std::runtime_error("the native library was built with the header of NCCL " + std::to_string(NCCL_MAJOR) + "." +
                             std::to_string(NCCL_MINOR) + ", but libtorch runs NCCL " + std::to_string(major) + "." +
                             std::to_string(minor) + "; build it where that version's nccl.h is found");
  }

  auto options = c10d::ProcessGroupNCCL::Options::create();
  options->timeout = milliseconds(timeout);
  return c10::make_intrusive<c10d::ProcessGroupNCCL>(store, rank, size, std::move(options));
#else
  (void)store, (void)rank, (void)size, (void)timeout;
  throw std::runtime_error("this build of the native library has no NCCL");
#endif
}

// The group as the gradients' reducer wants it.
c10::intrusive_ptr<c10d::ProcessGroup> group_of(const c10::intrusive_ptr<Backend>& backend, int32_t rank, int32_t size,
                                                int32_t kind) {
#if TORCH_VERSION_MAJOR >= 2
  using Type = c10d::ProcessGroup::BackendType;
  auto group = c10::make_intrusive<c10d::ProcessGroup>(rank, size);
  if (kind == gloo_backend) {
    group->setBackend(at::DeviceType::CPU, Type::GLOO, backend);
    // gloo takes tensors of a GPU as well, by way of the CPU's memory.
    group->setBackend(at::DeviceType::CUDA, Type::GLOO, backend);
  } else {
    group->setBackend(at::DeviceType::CUDA, Type::NCCL, backend);
  }

  return group;
#else
  (void)rank, (void)size, (void)kind;
  return backend;
#endif
}

// Waits, or hands the work over to be waited for.
void finish(c10::intrusive_ptr<c10d::Work> work, segnext_work** result) {
  if (result != nullptr) {
    *result = new segnext_work{std::move(work)};
  } else if (work) {
    work->wait();
  }
}

}  // namespace

extern "C" {

int32_t segnext_distributed_backends(int32_t* has_gloo, int32_t* has_nccl) {
  return guard([&] {
    *has_gloo = 1;
#ifdef SEGNEXT_WITH_NCCL
    *has_nccl = 1;
#else
    *has_nccl = 0;
#endif
  });
}

int32_t segnext_store_new(const char* address, int32_t port, int32_t is_server, int32_t size, int64_t timeout,
                          segnext_store** result) {
  return guard([&] {
    c10d::TCPStoreOptions options;
    options.port = static_cast<uint16_t>(port);
    options.isServer = is_server != 0;
    if (size > 0) {
      options.numWorkers = static_cast<size_t>(size);
    }

    options.waitWorkers = size > 0;
    options.timeout = milliseconds(timeout);
    choose_server(options, 0);
    *result = new segnext_store{c10::make_intrusive<c10d::TCPStore>(std::string(address), options)};
  });
}

int32_t segnext_store_free(segnext_store* store) {
  return guard([&] { delete store; });
}

int32_t segnext_store_set(segnext_store* store, const char* key, const uint8_t* bytes, int64_t count) {
  return guard([&] { value_of(store).value->set(key, std::vector<uint8_t>(bytes, bytes + count)); });
}

int32_t segnext_store_get(segnext_store* store, const char* key, segnext_tensor** result) {
  return guard([&] {
    const std::vector<uint8_t> bytes = value_of(store).value->get(key);
    at::Tensor tensor = at::empty({static_cast<int64_t>(bytes.size())}, at::kByte);
    std::copy(bytes.begin(), bytes.end(), tensor.data_ptr<uint8_t>());
    give(result, std::move(tensor));
  });
}

int32_t segnext_store_check(segnext_store* store, const char* key, int32_t* present) {
  return guard([&] { *present = value_of(store).value->check({std::string(key)}) ? 1 : 0; });
}

int32_t segnext_store_add(segnext_store* store, const char* key, int64_t amount, int64_t* sum) {
  return guard([&] { *sum = value_of(store).value->add(key, amount); });
}

int32_t segnext_process_group_new(segnext_store* store, const char* name, int32_t rank, int32_t size, int32_t backend,
                                  const char* address, const char* network_interface, int64_t timeout,
                                  segnext_process_group** result) {
  return guard([&] {
    auto own = c10::make_intrusive<c10d::PrefixStore>(std::string(name), value_of(store).value);
    c10::intrusive_ptr<Backend> made = backend == nccl_backend
                                           ? over_nccl(own, rank, size, timeout)
                                           : over_gloo(own, rank, size, address, network_interface, timeout);
    auto group = group_of(made, rank, size, backend);
    *result = new segnext_process_group{std::move(made), std::move(group)};
  });
}

int32_t segnext_process_group_free(segnext_process_group* group) {
  return guard([&] { delete group; });
}

int32_t segnext_all_reduce(segnext_process_group* group, segnext_tensor* x, segnext_work** work) {
  return guard([&] {
    std::vector<at::Tensor> tensors{in(x).detach()};
    finish(value_of(group).backend->allreduce(tensors), work);
  });
}

int32_t segnext_all_gather(segnext_process_group* group, const segnext_tensor* x, segnext_tensor** results,
                           int32_t size) {
  return guard([&] {
    std::vector<at::Tensor> inputs{in(x).detach().contiguous()};
    std::vector<std::vector<at::Tensor>> outputs(1);
    for (int32_t i = 0; i < size; i++) {
      outputs[0].push_back(at::empty_like(inputs[0]));
    }

    finish(value_of(group).backend->allgather(outputs, inputs), nullptr);
    for (int32_t i = 0; i < size; i++) {
      results[i] = wrap(outputs[0][static_cast<size_t>(i)]);
    }
  });
}

int32_t segnext_broadcast(segnext_process_group* group, segnext_tensor* x, int32_t root) {
  return guard([&] {
    at::Tensor target = in(x).detach();
    std::vector<at::Tensor> tensors{target.contiguous()};
    c10d::BroadcastOptions options;
    options.rootRank = root;
    finish(value_of(group).backend->broadcast(tensors, options), nullptr);
    if (!tensors[0].is_same(target)) {
      target.copy_(tensors[0]);
    }
  });
}

int32_t segnext_barrier(segnext_process_group* group) {
  return guard([&] { finish(value_of(group).backend->barrier(), nullptr); });
}

int32_t segnext_work_wait(segnext_work* work) {
  return guard([&] { value_of(work).value->wait(); });
}

int32_t segnext_work_free(segnext_work* work) {
  return guard([&] { delete work; });
}

}  // extern "C"

#ifdef SEGNEXT_PROBE
int main() {
  return segnext_barrier(nullptr);
}
#endif

#else

extern "C" {

int32_t segnext_distributed_backends(int32_t* has_gloo, int32_t* has_nccl) {
  *has_gloo = 0;
  *has_nccl = 0;
  return SEGNEXT_OK;
}

int32_t segnext_store_new(const char*, int32_t, int32_t, int32_t, int64_t, segnext_store**) {
  return segnext::guard(segnext::without_distributed);
}

int32_t segnext_store_free(segnext_store*) {
  return SEGNEXT_OK;
}

int32_t segnext_store_set(segnext_store*, const char*, const uint8_t*, int64_t) {
  return segnext::guard(segnext::without_distributed);
}

int32_t segnext_store_get(segnext_store*, const char*, segnext_tensor**) {
  return segnext::guard(segnext::without_distributed);
}

int32_t segnext_store_check(segnext_store*, const char*, int32_t*) {
  return segnext::guard(segnext::without_distributed);
}

int32_t segnext_store_add(segnext_store*, const char*, int64_t, int64_t*) {
  return segnext::guard(segnext::without_distributed);
}

int32_t segnext_process_group_new(segnext_store*, const char*, int32_t, int32_t, int32_t, const char*, const char*,
                                  int64_t, segnext_process_group**) {
  return segnext::guard(segnext::without_distributed);
}

int32_t segnext_process_group_free(segnext_process_group*) {
  return SEGNEXT_OK;
}

int32_t segnext_all_reduce(segnext_process_group*, segnext_tensor*, segnext_work**) {
  return segnext::guard(segnext::without_distributed);
}

int32_t segnext_all_gather(segnext_process_group*, const segnext_tensor*, segnext_tensor**, int32_t) {
  return segnext::guard(segnext::without_distributed);
}

int32_t segnext_broadcast(segnext_process_group*, segnext_tensor*, int32_t) {
  return segnext::guard(segnext::without_distributed);
}

int32_t segnext_barrier(segnext_process_group*) {
  return segnext::guard(segnext::without_distributed);
}

int32_t segnext_work_wait(segnext_work*) {
  return segnext::guard(segnext::without_distributed);
}

int32_t segnext_work_free(segnext_work*) {
  return SEGNEXT_OK;
}

}  // extern "C"

#endif
