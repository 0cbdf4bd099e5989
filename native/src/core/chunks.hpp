// The fixed orders of reductions. A result depends on the data and these constants alone: not on threads, instruction
// set, alignment or how a caller's work is split.
#pragma once

#include "platform.hpp"

namespace nnoise {

// Sums of n numbers: chunks of 1024; in a chunk element i is added to lane i mod 16 in ascending order, the lanes are
// added pairwise (l and l + 8, then 4, 2, 1), and the chunks' sums go into a PairwiseSum. All in double.
inline constexpr std::int64_t sum_chunk = 1024;
inline constexpr int sum_lanes = 16;

// Sums over rows (losses of a batch): chunks of 64 rows in ascending order, then a PairwiseSum. In double.
inline constexpr std::int64_t row_chunk = 64;

// Column sums: chunks of 64 rows in ascending order in float, the chunks' sums added in ascending order in double.
inline constexpr std::int64_t column_sum_rows = 64;

// Sums along one row (softmax): element i is added to float lane i mod 16, then the lanes pairwise as above.
inline constexpr int row_lanes = 16;

// Adds terms as the leaves of a binary tree: complete subtrees of equal size are joined as soon as they exist, what is
// left over at the end from the smallest to the largest. The tree is a function of the number of terms. Joining aligned
// runs of 2^k terms first, each by a PairwiseSum of its own, gives the same tree: that is how threads share a sum.
class PairwiseSum {
public:
    NNOISE_MEMBER void add(double term) {
        int level = 0;
        for (; ((count_ >> level) & 1) != 0; ++level) {
            term = subtree_[level] + term;
        }
        subtree_[level] = term;
        ++count_;
    }

    NNOISE_MEMBER double total() const {
        double sum = 0.0;
        bool first = true;
        for (int level = 0; level < 64 && (count_ >> level) != 0; ++level) {
            if (((count_ >> level) & 1) != 0) {
                sum = first ? subtree_[level] : subtree_[level] + sum;
                first = false;
            }
        }
        return sum;
    }

private:
    std::uint64_t count_ = 0;
    double subtree_[64];
};

// The lanes of a chunk or row, joined.
template <class T, int lanes>
NNOISE_HD T join_lanes(T* lane) {
    for (int half = lanes / 2; half > 0; half /= 2) {
        for (int l = 0; l < half; ++l) {
            lane[l] = lane[l] + lane[l + half];
        }
    }
    return lane[0];
}

} // namespace nnoise
