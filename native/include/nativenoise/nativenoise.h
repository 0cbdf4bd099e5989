/* NativeNoise: noise injection for neural-network training. The whole C ABI. */
#ifndef NATIVENOISE_H
#define NATIVENOISE_H

#include "context.h"
#include "export.h"
#include "linear.h"
#include "noise.h"
#include "ops.h"
#include "optimizer.h"
#include "rng.h"
#include "status.h"
#include "types.h"
#include "version.h"

#endif
