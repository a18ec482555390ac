# Sets what find_package(Torch) would, from the folder SEGNEXT_TORCH_ROOT alone: no CUDA toolkit, no Caffe2 package.
set(TORCH_INCLUDE_DIRS
  "${SEGNEXT_TORCH_ROOT}/include"
  "${SEGNEXT_TORCH_ROOT}/include/torch/csrc/api/include")

# The linker drops libraries that give no symbol; libtorch_cuda registers its kernels by being loaded.
set(TORCH_LIBRARIES "-Wl,--no-as-needed")
foreach(name IN ITEMS torch torch_cpu c10 torch_cuda c10_cuda)
  find_library(SEGNEXT_LIB_${name} ${name} PATHS "${SEGNEXT_TORCH_ROOT}/lib" NO_DEFAULT_PATH)
  if(SEGNEXT_LIB_${name})
    list(APPEND TORCH_LIBRARIES "${SEGNEXT_LIB_${name}}")
  elseif(NOT name MATCHES "cuda")
    message(FATAL_ERROR "${SEGNEXT_TORCH_ROOT}/lib holds no lib${name}")
  endif()
endforeach()
list(APPEND TORCH_LIBRARIES "-Wl,--as-needed")

# Builds with the old std::string say so in their CMake package, which need not be run to be read.
set(TORCH_CXX_FLAGS "-D_GLIBCXX_USE_CXX11_ABI=1")
set(config "${SEGNEXT_TORCH_ROOT}/share/cmake/Torch/TorchConfig.cmake")
if(EXISTS "${config}")
  file(STRINGS "${config}" abi REGEX "_GLIBCXX_USE_CXX11_ABI=0")
  if(abi)
    set(TORCH_CXX_FLAGS "-D_GLIBCXX_USE_CXX11_ABI=0")
  endif()
endif()
