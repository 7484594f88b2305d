// What libtorch programs set about the machine:
// xgrad computes on the CPU, so the switches of CUDA do nothing.
#pragma once

#include "torch/namespaces.h"

namespace xgrad {

class Context {
 public:
  bool hasCUDA() const { return false; }
  bool hasCUDART() const { return false; }
  bool hasCuDNN() const { return false; }
  bool hasMPS() const { return false; }
  bool hasMKL() const { return false; }
  bool hasOpenMP() const { return false; }
  const Generator& defaultGenerator(Device) { return default_generator(); }

  bool userEnabledCuDNN() const { return false; }
  void setUserEnabledCuDNN(bool) {}
  bool benchmarkCuDNN() const { return false; }
  void setBenchmarkCuDNN(bool) {}
  bool deterministicCuDNN() const { return true; }
  void setDeterministicCuDNN(bool) {}
  // Results never depend on timing or on the number of threads.
  bool deterministicAlgorithms() const { return true; }
  void setDeterministicAlgorithms(bool, bool = false) {}
  bool allowTF32CuDNN() const { return false; }
  void setAllowTF32CuDNN(bool) {}
  bool allowTF32CuBLAS() const { return false; }
  void setAllowTF32CuBLAS(bool) {}
  // False: denormals are kept.
  bool setFlushDenormal(bool on) { return !on; }
};

inline Context& globalContext() {
  static Context context;
  return context;
}
inline bool hasCUDA() { return false; }
inline bool hasMPS() { return false; }
inline bool hasMKL() { return false; }
inline bool hasMKLDNN() { return false; }
inline std::size_t getNumGPUs() { return 0; }

// Threads between ops: xgrad has none.
inline void set_num_interop_threads(int) {}
inline int get_num_interop_threads() { return 1; }
inline void init_num_threads() {}

// Mixed precision on CUDA: never on.
namespace autocast {
inline bool is_enabled() { return false; }
inline void set_enabled(bool) {}
inline void clear_cache() {}
}  // namespace autocast

}  // namespace xgrad
