// The words of NativeNoise as one endless stream, taken in an order in which they are used. A battery of tests is run
// on each order: a generator can be good along one coordinate of its counter and bad along another.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace quality {

// An order of taking words, for a part p (each test of a battery gets a part of its own, so that no two
// tests see the same words). Word i of the stream is:
struct Order {
    std::string_view name;
    std::string_view meaning;
    void (*fill)(const struct Position& position, std::uint32_t* out);
};

// Which words fill() makes: `chunk` consecutive ones from `first` (a multiple of chunk) on.
struct Position {
    static constexpr std::uint32_t chunk = 1u << 20;
    std::uint32_t part;
    std::uint64_t first;
};

// Every order, the controls last: those are no orders of the library, but bad generators that a battery must reject.
const std::vector<Order>& orders();

// The order of that name; null where there is none.
const Order* find_order(std::string_view name);

class WordStream {
public:
    WordStream(const Order& order, std::uint32_t part) : order_(order), position_{part, 0}, words_(Position::chunk) {
        order_.fill(position_, words_.data());
    }

    std::uint32_t next() {
        if (at_ == Position::chunk) {
            skip_chunk();
        }
        return words_[at_++];
    }

    // A whole chunk, for those who take many: the words are valid until the next call.
    const std::vector<std::uint32_t>& chunk() const { return words_; }
    void skip_chunk() {
        position_.first += Position::chunk;
        order_.fill(position_, words_.data());
        at_ = 0;
    }

private:
    const Order& order_;
    Position position_;
    std::vector<std::uint32_t> words_;
    std::uint32_t at_ = 0;
};

} // namespace quality
