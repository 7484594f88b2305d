// What one thread of this processor can do at most, measured: the yardsticks beside which the
// figures stand.
#pragma once

namespace bench {

// Floating-point operations a second, of fused multiply-adds in registers.
template <class T>
double fma_peak();

// Bytes a second read and written while 16 MiB, about one tensor of the TCCG cases, are copied to
// another place.
double copy_bandwidth();

// The same while they are only read.
double read_bandwidth();

}  // namespace bench
