# Finds libtorch and sets TORCH_INCLUDE_DIRS, TORCH_LIBRARIES, TORCH_CXX_FLAGS and SEGNEXT_CXX_STANDARD.
#
# libtorch's own CMake package does it, except for a CUDA build: there the package insists on the CUDA toolkit, which the
# shim does not need, since it includes no CUDA header. Such a build is linked by its files.
set(SEGNEXT_TORCH_ROOT "" CACHE PATH "Folder of a libtorch (include/, lib/) to link without its CMake package")

# A libtorch may be named by its folder, as torch.utils.cmake_prefix_path does, which ends in share/cmake, or as Torch_DIR is.
function(segnext_torch_root result prefix)
  set(${result} "" PARENT_SCOPE)
  foreach(root IN ITEMS "${prefix}" "${prefix}/../.." "${prefix}/../../..")
    if(prefix AND EXISTS "${root}/include/ATen/ATen.h" AND IS_DIRECTORY "${root}/lib")
      get_filename_component(root "${root}" ABSOLUTE)
      set(${result} "${root}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
endfunction()

set(torch_root "")
if(SEGNEXT_TORCH_ROOT)
  segnext_torch_root(torch_root "${SEGNEXT_TORCH_ROOT}")
  if(NOT torch_root)
    message(FATAL_ERROR "${SEGNEXT_TORCH_ROOT} holds no libtorch (include/ and lib/)")
  endif()
else()
  # Both are also environment variables that find_package reads; a list there has colons.
  string(REPLACE ":" ";" prefixes "$ENV{CMAKE_PREFIX_PATH}")
  foreach(prefix IN LISTS Torch_DIR CMAKE_PREFIX_PATH ITEMS "$ENV{Torch_DIR}" ${prefixes})
    if(NOT torch_root)
      segnext_torch_root(torch_root "${prefix}")
      if(torch_root AND NOT EXISTS "${torch_root}/lib/libtorch_cuda.so")
        set(torch_root "")
      endif()
    endif()
  endforeach()
endif()
set(SEGNEXT_TORCH_ROOT "${torch_root}")

if(SEGNEXT_TORCH_ROOT)
  message(STATUS "libtorch by its files: ${SEGNEXT_TORCH_ROOT}")
  set(TORCH_INCLUDE_DIRS
    "${SEGNEXT_TORCH_ROOT}/include"
    "${SEGNEXT_TORCH_ROOT}/include/torch/csrc/api/include")

  # libtorch_cuda registers its kernels by being loaded; the linker would drop it for giving no symbol.
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

  # Wheels before 2.6 have the old std::string; their CMake package says so without being run.
  set(TORCH_CXX_FLAGS "-D_GLIBCXX_USE_CXX11_ABI=1")
  set(config "${SEGNEXT_TORCH_ROOT}/share/cmake/Torch/TorchConfig.cmake")
  if(EXISTS "${config}")
    file(STRINGS "${config}" old_abi REGEX "_GLIBCXX_USE_CXX11_ABI=0")
    if(old_abi)
      set(TORCH_CXX_FLAGS "-D_GLIBCXX_USE_CXX11_ABI=0")
    endif()
  endif()
else()
  find_package(Torch REQUIRED)
endif()

# The shim is C++17, as libtorch's headers are up to 2.10; later ones move to C++20, where it compiles as well.
set(SEGNEXT_CXX_STANDARD 17)
foreach(folder IN LISTS TORCH_INCLUDE_DIRS)
  foreach(header IN ITEMS "${folder}/torch/version.h" "${folder}/torch/headeronly/version.h")
    if(EXISTS "${header}")
      file(STRINGS "${header}" version REGEX "#define TORCH_VERSION_M(AJOR|INOR) [0-9]+")
      if("${version}" MATCHES "MAJOR ([0-9]+);.*MINOR ([0-9]+)")
        set(version "${CMAKE_MATCH_1}.${CMAKE_MATCH_2}")
        if(version VERSION_GREATER_EQUAL 2.11)
          set(SEGNEXT_CXX_STANDARD 20)
        endif()
      endif()
    endif()
  endforeach()
endforeach()
