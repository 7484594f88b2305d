// The drop-in for libtorch programs: <torch/torch.h> with xgrad behind it.
//
//   g++ -std=c++20 -I framework/compat -I framework program.cpp ...     (CMake: xgrad::torch)
//
// `torch` sees the whole namespace xgrad. CUDA is not available: asking is answered, using it is an
// Error. TorchScript and complex tensors do not compile, with a sentence that says so.
// The standard headers below are those that libtorch's own brings: programs rely on them.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <bitset>
#include <cassert>
#include <cctype>
#include <cerrno>
#include <chrono>
#include <cinttypes>
#include <climits>
#include <cmath>
#include <complex>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <deque>
#include <exception>
#include <fstream>
#include <functional>
#include <initializer_list>
#include <iomanip>
#include <iostream>
#include <iterator>
#include <limits>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <queue>
#include <random>
#include <set>
#include <sstream>
#include <stack>
#include <stdexcept>
#include <string>
#include <thread>
#include <tuple>
#include <type_traits>
#include <typeindex>
#include <typeinfo>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "ATen/Complex.h"
#include "ATen/Context.h"
#include "ATen/Dispatch.h"
#include "c10/util/Exception.h"
#include "c10/util/Half.h"
#include "c10/util/StringUtil.h"
#include "c10/util/TypeTraits.h"
#include "c10/util/irange.h"
#include "torch/cuda.h"
#include "torch/expand.h"
#include "torch/fft.h"
#include "torch/functions.h"
#include "torch/jit.h"
#include "torch/linalg.h"
#include "torch/namespaces.h"
#include "torch/out.h"
#include "torch/out_lists.h"
#include "torch/serialize.h"
#include "torch/special.h"
#include "torch/upsample.h"
#include "torch/version.h"

#define TORCH_ARG(T, name) XGRAD_ARG(T, name)
