// All of data.
#pragma once

#include "xgrad/data/dataloader.h"
#include "xgrad/data/datasets/base.h"
#include "xgrad/data/datasets/map.h"
#include "xgrad/data/datasets/mnist.h"
#include "xgrad/data/datasets/shared.h"
#include "xgrad/data/datasets/stateful.h"
#include "xgrad/data/datasets/tensor.h"
#include "xgrad/data/samplers/distributed.h"
#include "xgrad/data/samplers/random.h"
#include "xgrad/data/samplers/stream.h"
#include "xgrad/data/transforms/stack.h"
#include "xgrad/data/transforms/tensor.h"
