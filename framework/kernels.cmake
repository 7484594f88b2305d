# xgrad_add_kernels(target file.arch.cpp...): compiles each file once per instruction set and adds the objects to target.
#
# A file sees XGRAD_ARCH (the xsimd architecture) and XGRAD_ARCH_NAME (baseline, avx2, avx512: its namespace). It must
# emit no symbol without that name in it: the linker would keep one copy of a shared inline function for the whole
# program, perhaps the one with AVX-512 instructions. tests/policy/symbols.py checks this.
function(xgrad_add_kernels target)
  if(NOT ARGN)
    return()
  endif()
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|amd64|AMD64)$")
    _xgrad_add_arch(${target} baseline xsimd::sse2 FILES ${ARGN})
    _xgrad_add_arch(${target} avx2 "xsimd::fma3<xsimd::avx2>" FLAGS -mavx2 -mfma -mprfchw FILES ${ARGN})
    # avx512bw is the widest xsimd 8.1 knows. 512-bit vectors also where the compiler chooses the width.
    _xgrad_add_arch(
      ${target} avx512 xsimd::avx512bw FLAGS -mavx512f -mavx512cd -mavx512dq -mavx512bw -mavx512vl
                                             -mfma -mprfchw -mprefer-vector-width=512 FILES ${ARGN})
    target_compile_definitions(${target} PRIVATE XGRAD_HAVE_AVX2 XGRAD_HAVE_AVX512)
  elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
    _xgrad_add_arch(${target} baseline xsimd::neon64 FILES ${ARGN})
  else()
    _xgrad_add_arch(${target} baseline xsimd::default_arch FILES ${ARGN})
  endif()
endfunction()

# Adds the object library ${target}_${name}, and its objects to target.
function(_xgrad_add_arch target name arch)
  cmake_parse_arguments(PARSE_ARGV 3 arg "" "" "FLAGS;FILES")
  set(objects ${target}_${name})
  add_library(${objects} OBJECT ${arg_FILES})
  target_include_directories(${objects} PRIVATE ${CMAKE_CURRENT_FUNCTION_LIST_DIR})
  target_compile_features(${objects} PRIVATE cxx_std_20)
  target_compile_definitions(${objects} PRIVATE "XGRAD_ARCH=${arch}" XGRAD_ARCH_NAME=${name})
  # -O3 also in dev: at -O1 a SIMD kernel is 50 calls a line, and its inline functions leak. No contraction of a*b+c,
  # so that a result does not depend on the compiler; kernels say fma where they want it.
  target_compile_options(${objects} PRIVATE ${arg_FLAGS} -O3 -ffp-contract=off -fno-math-errno)
  # g++ 12 takes its own AVX-512 intrinsics for uninitialized (GCC bug 105593).
  target_compile_options(
    ${objects} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-uninitialized;-Wno-maybe-uninitialized>)
  target_link_libraries(${objects} PRIVATE xsimd xgrad_warnings)
  set_target_properties(${objects} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_sources(${target} PRIVATE $<TARGET_OBJECTS:${objects}>)
endfunction()
